import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emit, emitMany } from "#platform/events.ts";
import { Invalid } from "#platform/problems.ts";
import { consentRecorded } from "../messages.ts";
import { LeadErased, LeadNotFound } from "../problems.ts";
import { type ConsentRow, insertConsent, insertConsents, type NewConsent } from "../queries/consents.ts";
import { findLead, lockLeads } from "../queries/leads.ts";

/** Writes down that a person gave a basis for messages over a channel, or took it back. Nothing of it is ever changed. */
export async function recordConsent(
  ctx: Context,
  leadId: string,
  consent: Omit<NewConsent, "at"> & { at: Date | null },
): Promise<ConsentRow> {
  allow(ctx, "leads:write");
  return inTransaction(ctx, async (tx) => {
    await lockLeads(tx, [leadId], { wait: true });
    const lead = await findLead(tx, leadId);
    if (!lead) throw LeadNotFound();
    if (lead.erasedAt) throw LeadErased();
    const at = consent.at ?? tx.now();
    if (at > tx.now())
      throw Invalid(undefined, [{ pointer: "/at", detail: "Nobody has agreed to anything yet then." }]);
    const row = await insertConsent(tx, leadId, { ...consent, at });
    const { id, kind, channel, basis } = row;
    await emit(tx, consentRecorded, { consentId: id, kind, channel, basis }, { leadId, subjectId: id });
    return row;
  });
}

/** Consents of leads that this transaction holds, in one statement. */
export async function recordConsents(
  tx: Context,
  consents: readonly (NewConsent & { leadId: string })[],
): Promise<void> {
  allow(tx, "leads:write");
  const rows = await insertConsents(tx, consents);
  await emitMany(
    tx,
    consentRecorded,
    rows.map(({ id, leadId, kind, channel, basis }) => ({
      leadId,
      subjectId: id,
      payload: { consentId: id, kind, channel, basis },
    })),
  );
}
