import type { Context } from "#platform/context.ts";
import { emitMany } from "#platform/events.ts";
import { rewriteSearchTexts } from "../commands/refresh-search-texts.ts";
import { addressSuppressed, leadDeleted, leadUpdated, statusChanged } from "../messages.ts";
import { deleteLeadRows, insertSuppressions, setFieldValues, setStatuses, setTags } from "../queries/bulk-leads.ts";
import { findHolders } from "../queries/suppressions.ts";
import { SCOPES_OF } from "../rules.ts";
import { addressKey } from "../upsert/known.ts";
import type { BulkDoing, LeadChange } from "./change.ts";
import type { BulkLead } from "./decide.ts";

/** Writes statuses, tags and values of own fields, and tells what changed. */
export async function writeChanges(
  tx: Context,
  changes: readonly LeadChange[],
  leads: ReadonlyMap<string, BulkLead>,
): Promise<void> {
  const moves = changes.flatMap(({ leadId: id, status }) => (status ? [{ id, status }] : []));
  const fields = changes.flatMap(({ leadId: id, field }) => (field ? [{ id, ...field }] : []));
  const tags = changes.flatMap(({ leadId: id, add = [], remove = [] }) =>
    add.length + remove.length > 0 ? [{ id, add, remove }] : [],
  );
  if (moves.length > 0) await setStatuses(tx, moves);
  if (fields.length > 0) await setFieldValues(tx, fields);
  if (tags.length > 0) {
    await setTags(tx, tags);
    await rewriteSearchTexts(
      tx,
      tags.map(({ id }) => id),
    );
  }
  await emitMany(
    tx,
    leadUpdated,
    changes.map(({ leadId, status, field, add, remove }) => {
      const changed = [
        ...(status ? ["status"] : []),
        ...((add?.length ?? 0) + (remove?.length ?? 0) > 0 ? ["tags"] : []),
        ...(field ? [`custom.${field.key}`] : []),
      ];
      return { leadId, payload: { leadId, changed, importJobId: null } };
    }),
  );
  await emitMany(
    tx,
    statusChanged,
    moves.flatMap(({ id, status: to }) => {
      const from = leads.get(id)?.status;
      return from ? [{ leadId: id, payload: { leadId: id, from, to, by: "person" as const } }] : [];
    }),
  );
}

/** Deletes leads with all that goes with them. */
export async function deleteMany(tx: Context, ids: readonly string[]): Promise<void> {
  const gone = await deleteLeadRows(tx, ids);
  await emitMany(
    tx,
    leadDeleted,
    gone.map((leadId) => ({ leadId, payload: { leadId } })),
  );
}

/** Closes every address of the leads that the scope reaches, and tells everybody who has one of them. */
export async function suppressMany(
  tx: Context,
  leads: readonly BulkLead[],
  { scope, evidence }: Extract<BulkDoing, { kind: "suppress" }>,
): Promise<void> {
  const addresses = leads.flatMap((lead) => lead.addresses.filter(({ kind }) => SCOPES_OF[kind].includes(scope)));
  const closed = await insertSuppressions(tx, addresses, { scope, evidence });
  const ids = new Map(closed.map(({ id, ...address }) => [addressKey(address), id]));
  const holders = await findHolders(tx, closed);
  await emitMany(
    tx,
    addressSuppressed,
    holders.flatMap(({ leadId, kind, value }) => {
      const suppressionId = ids.get(addressKey({ kind, value }));
      if (suppressionId === undefined) return [];
      const payload = { suppressionId, leadId, kind, reason: "MANUAL" as const, scope };
      return [{ leadId, subjectId: suppressionId, payload }];
    }),
  );
}
