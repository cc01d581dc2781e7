import { allow, inRetriedTransaction, type Context } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { forgetAnswers } from "#platform/http/idempotency.ts";
import { newId } from "#platform/ids.ts";
import { Invalid } from "#platform/problems.ts";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import { leadErased } from "../messages.ts";
import { listPersonalDataHooks, type PersonSought } from "../personal-data/hooks.ts";
import { findPerson } from "../personal-data/person.ts";
import { writingsOf } from "../personal-data/writings.ts";
import { wantedOf } from "../merge/wanted.ts";
import { removeFile } from "../imports/files.ts";
import { LeadMerged, LeadNotFound } from "../problems.ts";
import { erasedRowKey, hideSuppressions, suppressionKey } from "../queries/erased-addresses.ts";
import { type Erasure, findErasure, insertErasure } from "../queries/erasures.ts";
import { findMergeOf } from "../queries/merges.ts";
import { blankLead, eraseOwnRows, scrubEvents } from "../queries/personal-data.ts";
import { listRowKeysOf, loadLeads, lockAddresses, lockForGood, lockKnownLeads } from "../queries/upsert-load.ts";
import { fold } from "../search-text.ts";
import type { KnownLead, WantedKeys } from "../upsert/known.ts";
import { holdKeptUploads, redactUploads } from "./redact-uploads.ts";

/**
 * Removes a person's data everywhere, for good: what was sent and when, counts and costs stay, without the person. Their addresses can be known
 * again by a keyed hash alone, so that nothing is ever sent to them, whoever imports them. `confirm` is the name or an address of the lead.
 * Erasing twice is erasing once. `dataDir`: where uploaded files lie. Answers the certificate, which holds no personal data.
 */
export async function eraseLead(
  ctx: Context,
  input: { leadId: string; reason: string; confirm: string },
  dataDir: string,
): Promise<Erasure> {
  allow(ctx, "leads:delete");
  // Incoming mail holds its rows before it waits for the lead: the two may be in each other's way.
  const { certificate, replaced } = await inRetriedTransaction(ctx, (tx) => erase(tx, input, dataDir));
  // What is not removed is found later (`sweepUploads`): what was committed has been done all the same.
  if (!ctx.db.isTransaction)
    for (const path of replaced)
      await removeFile(path).catch((error: unknown) =>
        ctx.log.warn({ err: error }, "an uploaded file is removed later"),
      );
  return certificate;
}

type Erasing = { certificate: Erasure; replaced: readonly string[] };

async function erase(
  tx: Context,
  input: { leadId: string; reason: string; confirm: string },
  dataDir: string,
): Promise<Erasing> {
  const { leadId, reason, confirm } = input;
  await holdKeptUploads(tx);
  const [unheld] = await loadLeads(tx, [leadId]);
  if (unheld) await holdIntake(tx, unheld, await findPerson(tx, unheld));
  await lockForGood(tx, leadId);
  const [lead] = await lockKnownLeads(tx, [leadId]);
  const done = await findErasure(tx, { leadId });
  if (done) return { certificate: done, replaced: [] };
  if (!lead) throw await whyNoLead(tx, leadId);
  if (!isNamedBy(lead, confirm))
    throw Invalid(undefined, [{ pointer: "/confirm", detail: "This is neither the name nor an address of the lead." }]);
  const person = await findPerson(tx, lead);
  // Until the lead was held they may have been given another address.
  const rows = await holdIntake(tx, lead, person);
  if (tells(reason, person))
    throw Invalid(undefined, [
      { pointer: "/reason", detail: "The certificate is kept: leave the person's name and addresses out of it." },
    ]);

  const counts: Record<string, number> = { leads: 1 };
  const subjectIds: string[] = [];
  for (const hook of listPersonalDataHooks()) {
    const erased = await hook.erase(tx, person);
    Object.assign(counts, erased.counts);
    subjectIds.push(...(erased.subjectIds ?? []));
  }
  const { timeZone } = await getWorkspaceSettings(tx);
  await blankLead(tx, leadId, timeZone);
  Object.assign(counts, await eraseOwnRows(tx, person, leadId));
  const addresses = [...person.addresses, ...person.sharedAddresses];
  const hidden = await hideSuppressions(
    tx,
    addresses,
    addresses.map(() => newId("sup")),
  );
  counts.suppressions = hidden.count;
  counts.idempotency_keys = await forgetAnswers(tx, `/leads/${leadId}/erase`);
  counts.events = await scrubEvents(tx, leadId, person.leadIds, [...subjectIds, ...hidden.ids]);

  const uploads = await redactUploads(tx, dataDir, person);
  counts.uploaded_rows = uploads.count;

  const addressKeys = addresses.map((address) => ({ kind: address.kind, key: suppressionKey(tx, address) }));
  const certificate = await insertErasure(
    tx,
    { leadId, reason, counts, addressKeys },
    rows.map((row) => erasedRowKey(tx, row)),
  );
  await emit(tx, leadErased, { leadId, erasureId: certificate.id, counts }, { leadId, subjectId: certificate.id });
  return { certificate, replaced: uploads.replaced };
}

/**
 * What is being taken in for the person at this moment is written before, and goes with the rest, or comes after and finds that they were erased
 * (`findErasedSince`). Rows of leads are locked behind this, in the order of those who take in. Answers what other systems call the person.
 */
async function holdIntake(
  tx: Context,
  lead: KnownLead,
  { leadIds, addresses, sharedAddresses }: PersonSought,
): Promise<WantedKeys["rows"]> {
  const { externals } = wantedOf(lead);
  const rows = await listRowKeysOf(tx, leadIds);
  await lockAddresses(tx, { addresses: [...addresses, ...sharedAddresses], externals, rows });
  return [...rows, ...externals.map(({ source, externalId }) => ({ source, key: `id:${externalId}` }))];
}

async function whyNoLead(tx: Context, leadId: string) {
  const merge = await findMergeOf(tx, leadId);
  return merge ? LeadMerged(`It is part of the lead ${merge.survivorId} now.`) : LeadNotFound();
}

function isNamedBy({ firstName, lastName, fullName, addresses }: KnownLead, confirm: string): boolean {
  const given = fold(confirm);
  const names = [`${firstName} ${lastName}`, fullName ?? "", ...addresses.map(({ value }) => value)];
  return given !== "" && names.map(fold).includes(given);
}

/** Whether a text says who somebody is. */
function tells(text: string, { addresses, sharedAddresses, names }: PersonSought): boolean {
  const { texts, digits } = writingsOf([...addresses, ...sharedAddresses]);
  const folded = fold(text);
  return (
    texts.some((written) => folded.includes(written)) ||
    digits.some((number) => text.replace(/\D/g, "").includes(number)) ||
    names.some((words) => words.every((word) => folded.split(/[^\p{L}\p{N}]+/u).includes(word)))
  );
}
