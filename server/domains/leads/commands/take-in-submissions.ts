import { allow, inRetriedTransaction, type Context } from "#platform/context.ts";
import { isCollision, isDatabaseAway } from "#platform/database/faults.ts";
import { emitMany } from "#platform/events.ts";
import type { Runtime } from "#platform/runtime.ts";
import { forEach } from "#platform/loops.ts";
import { LEASE_MS, nextTryAt } from "../intake/retry.ts";
import { prepareSubmissions, type Prepared, type Ready } from "../intake/prepare.ts";
import { submissionTaken } from "../messages.ts";
import { countSubmitted } from "../queries/intake-sources.ts";
import {
  claimSubmissions,
  holdReceived,
  settleSubmissions,
  workspacesWithDueSubmissions,
  type SubmissionOutcome,
} from "../queries/submissions.ts";
import { findErasedSince } from "../queries/erased-addresses.ts";
import { forgetSubmissions } from "../queries/submission-privacy.ts";
import { lockAddresses } from "../queries/upsert-load.ts";
import { rowKeyOf, wantedBy } from "../upsert/known.ts";
import type { RowOutcome } from "../upsert/plan.ts";
import { jsonWithoutNumbers, NUMBER_LEFT_OUT, rowWithoutNumbers } from "../upsert/without-numbers.ts";
import { recordConsents } from "./record-consent.ts";
import { upsertLeads } from "./upsert-leads.ts";

const BATCH = 100;

/** In each workspace: what failed and is to be tried again, and what a dead process left lying. */
export async function retrySubmissions(runtime: Runtime): Promise<boolean> {
  const due = await workspacesWithDueSubmissions({ db: runtime.database.forWorkspace("") }, runtime.clock.now());
  return forEach(due, 4, (id) =>
    takeInDue(runtime.contextFor(id, { kind: "system", id: "leads.take-in-submissions" })),
  );
}

/** Takes in everything that is due of the workspace. */
export async function takeInAll(ctx: Context): Promise<void> {
  while (await takeInDue(ctx));
}

/** Takes in these at once, of those that are due. */
export async function takeInThese(ctx: Context, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await takeInDue(ctx, ids);
}

/**
 * Takes in a batch of what is due: asks vendors for what people wrote, outside any transaction, then writes leads, consents and outcomes in one.
 * What cannot be had now is tried again later, and kept for a person when it was tried often enough. A batch that cannot be written is
 * written one by one, so that a faulty one holds up nobody else. Any number of processes may do this at once, and one that dies loses nothing:
 * what it had taken up is due again after two minutes. True: there may be more.
 */
async function takeInDue(ctx: Context, only?: readonly string[]): Promise<boolean> {
  allow(ctx, "leads:write");
  const due = await claimSubmissions(ctx, new Date(ctx.now().getTime() + LEASE_MS), BATCH, only);
  if (due.length === 0) return false;
  const prepared = await prepareSubmissions(ctx, due);
  await settleSubmissions(
    ctx,
    prepared.flatMap((one) => (one.kind === "ready" ? [] : [withoutLead(one, ctx.now())])),
  );
  const ready = prepared.filter((one) => one.kind === "ready");
  await takeInTogether(ctx, ready);
  return due.length === BATCH;
}

async function takeInTogether(ctx: Context, ready: readonly Ready[]): Promise<void> {
  if (ready.length === 0) return;
  try {
    await takeIn(ctx, ready);
  } catch (error) {
    if (isDatabaseAway(error) || isCollision(error)) throw error;
    ctx.log.error({ err: error, submissions: ready.length }, "submissions could not be taken in");
    const [only, ...others] = ready;
    if (only && others.length === 0) {
      const detail = "It could not be taken in: this is a fault of ours, told in the log.";
      await settleSubmissions(ctx, [withoutLead({ kind: "failed", submission: only.submission, detail }, ctx.now())]);
    } else for (const one of ready) await takeInTogether(ctx, [one]);
  }
}

async function takeIn(ctx: Context, prepared: readonly Ready[]): Promise<void> {
  await inRetriedTransaction(ctx, async (tx) => {
    // Since they came somebody may have taken them in, or been erased: whoever was is made anew by nobody.
    await lockAddresses(tx, wantedBy(prepared.map(({ row }) => row)));
    const open = await holdReceived(
      tx,
      prepared.map(({ submission }) => submission.id),
    );
    const held = prepared.filter(({ submission }) => open.has(submission.id));
    const erased = await findErasedSince(tx, held.map(givenBy));
    await forgetSubmissions(
      tx,
      held.flatMap(({ submission }, place) => (erased.people.has(place) ? [submission.id] : [])),
    );
    const ready = held.flatMap((one, place) =>
      erased.people.has(place) ? [] : [withoutNumbers(one, erased.numbers.get(place))],
    );
    if (ready.length === 0) return;
    const outcomes = await upsertLeads(
      tx,
      ready.map(({ row }) => row),
      { policy: "fill" },
    );
    const settled = ready.map((one, place) => withLead(one, outcomes[place]));
    await settleSubmissions(tx, settled);
    await recordConsents(tx, consentsOf(ready, outcomes));
    await countSubmitted(tx, countsOf(ready, outcomes));
    await emitMany(
      tx,
      submissionTaken,
      settled.map(({ id, leadId, status }, place) => ({
        leadId,
        subjectId: id,
        payload: {
          submissionId: id,
          sourceId: ready[place]?.submission.sourceId ?? null,
          label: ready[place]?.row.sourceLabel ?? null,
          leadId,
          outcome: status,
          campaignId: ready[place]?.source?.campaignId ?? null,
        },
      })),
    );
  });
}

function givenBy({ row, submission }: Ready) {
  const key = rowKeyOf(row);
  return {
    addresses: row.identities,
    row: key === undefined ? undefined : { source: row.source, key },
    givenAt: submission.receivedAt,
  };
}

/** What came of somebody who shares numbers with an erased person is kept and taken in without them. */
function withoutNumbers(one: Ready, numbers: readonly string[] | undefined): Ready {
  if (!numbers) return one;
  return {
    ...one,
    row: rowWithoutNumbers(one.row, numbers),
    payload: jsonWithoutNumbers(one.payload ?? one.submission.payload, numbers),
    faults: [...one.faults, { field: "phone", value: "", reason: NUMBER_LEFT_OUT }],
  };
}

/** The boxes that were ticked, one record for each channel, with the words, the page and the address they were ticked from. */
function consentsOf(ready: readonly Ready[], outcomes: readonly RowOutcome[]) {
  return ready.flatMap(({ consent, submission, source }, place) => {
    const outcome = outcomes[place];
    if (!consent || !source || !outcome || outcome.kind === "conflict") return [];
    const { consentText, consentChannels } = source.settings;
    return consentChannels.map((channel) => ({
      leadId: outcome.leadId,
      kind: "GIVEN" as const,
      channel,
      basis: "CONSENT" as const,
      source: `Form: ${source.name}`,
      proofText: consentText,
      proofUrl: submission.pageUrl,
      proofIp: submission.ip,
      at: submission.receivedAt,
    }));
  });
}

function countsOf(ready: readonly Ready[], outcomes: readonly RowOutcome[]) {
  const counts = new Map<string, { submitted: number; created: number }>();
  ready.forEach(({ source }, place) => {
    if (!source) return;
    const count = counts.get(source.id) ?? { submitted: 0, created: 0 };
    count.submitted += 1;
    if (outcomes[place]?.kind === "created") count.created += 1;
    counts.set(source.id, count);
  });
  return counts;
}

function withLead({ submission, row, faults, payload }: Ready, outcome: RowOutcome | undefined): SubmissionOutcome {
  if (!outcome) throw new Error("Upsert gave no outcome for its row.");
  const done = { id: submission.id, label: row.sourceLabel ?? null, faults, payload, dueAt: null };
  if (outcome.kind === "conflict")
    return {
      ...done,
      status: "CONFLICT",
      leadId: outcome.leadId,
      detail: `By its ID it is ${outcome.leadId}, by its e-mail ${outcome.otherLeadId}.`,
    };
  const status = { created: "CREATED", updated: "UPDATED", unchanged: "UNCHANGED" } as const;
  return { ...done, status: status[outcome.kind], leadId: outcome.leadId, detail: null };
}

function withoutLead(one: Exclude<Prepared, Ready>, now: Date): SubmissionOutcome {
  const { submission } = one;
  const rest = { id: submission.id, leadId: null, label: null, faults: [], payload: null, dueAt: null };
  if (one.kind === "faulty")
    return { ...rest, status: "FAULTY", detail: null, faults: one.faults, payload: one.payload };
  if (one.kind === "refused") return { ...rest, status: "FAILED", detail: one.detail };
  const dueAt = nextTryAt(submission.tries, now, one.retryAfterSeconds);
  return { ...rest, status: dueAt ? "RECEIVED" : "FAILED", detail: one.detail, dueAt };
}
