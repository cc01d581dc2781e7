import { type Context, allow, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { isId } from "#platform/ids.ts";
import { Conflict, Invalid } from "#platform/problems.ts";
import { LeadErased, advanceStatus, getLead, lockLeads } from "#domains/leads/index.ts";
import type { NewConversion } from "../contract.ts";
import { tellConverted } from "../hooks.ts";
import { conversionCorrected, conversionRecorded } from "../messages.ts";
import {
  type ConversionFields,
  correctRevenue,
  findTouch,
  hasCampaign,
  insertConversion,
  lockTold,
} from "../queries/conversions.ts";

export type RecordedConversion = { id: string; isRepeat: boolean };

/**
 * Records what came of a lead. Told again by its source it stays one, with the revenue told last. A customer's lead becomes CONVERTED, and higher
 * domains end what it was meant to reach, in this transaction. Throws LeadNotFound, LeadErased; Invalid for a touch or campaign that is not there; Conflict
 * for ids that were told of another lead.
 */
export async function recordConversion(ctx: Context, asked: NewConversion): Promise<RecordedConversion> {
  allow(ctx, "leads:write");
  return inTransaction(ctx, async (tx) => {
    const fields = await attribute(tx, asked);
    const { leadId, status } = fields;
    // The one lock that all who tell of this lead queue for: of twenty at once the first writes, the others find it.
    await lockLeads(tx, [leadId], { wait: true });
    const lead = await getLead(tx, leadId);
    if (lead.erasedAt) throw LeadErased();
    const told = await lockTold(tx, fields);
    if (told) return correct(tx, told, fields);
    const id = await insertConversion(tx, fields);
    if (id === undefined) {
      // The same ids were told of another lead at this moment, and are committed now.
      const other = await lockTold(tx, fields);
      if (!other) throw new Error("A conversion was refused as known, and is not there.");
      return correct(tx, other, fields);
    }
    await emit(tx, conversionRecorded, { conversionId: id, ...moneyOf(fields) }, { leadId, subjectId: id });
    if (status === "customer") {
      await advanceStatus(tx, [leadId], "customer_conversion");
      await tellConverted(tx, [leadId]);
    }
    return { id, isRepeat: false };
  });
}

/** What is left out is what the touch says: its lead, campaign and channel. A `subId` that is a touch of ours names it. */
async function attribute(tx: Context, asked: NewConversion): Promise<ConversionFields> {
  const { contactAttemptId, subId = null, clickId = null, transactionId = null } = asked;
  const named = contactAttemptId ?? (subId !== null && isId("att", subId) ? subId : undefined);
  const touch = named === undefined ? undefined : await findTouch(tx, named);
  if (contactAttemptId !== undefined && !touch)
    throw Invalid(undefined, [{ pointer: "/contactAttemptId", detail: "There is no such touch" }]);
  if (asked.campaignId !== undefined && !(await hasCampaign(tx, asked.campaignId)))
    throw Invalid(undefined, [{ pointer: "/campaignId", detail: "There is no such campaign" }]);
  const leadId = asked.leadId ?? touch?.leadId;
  if (leadId === undefined) throw Invalid(undefined, [{ pointer: "/leadId", detail: "Say whose it is" }]);
  // A touch of somebody else is none of this lead's.
  const own = touch?.leadId === leadId ? touch : undefined;
  if (contactAttemptId !== undefined && !own)
    throw Invalid(undefined, [{ pointer: "/contactAttemptId", detail: "That touch went to another lead" }]);
  const { status, revenueMinor, currency, source } = asked;
  return {
    leadId,
    campaignId: asked.campaignId ?? own?.campaignId ?? null,
    contactAttemptId: own?.id ?? null,
    channel: asked.channel ?? own?.channel ?? null,
    status,
    revenueMinor,
    currency,
    source,
    subId,
    clickId,
    transactionId,
  };
}

async function correct(
  tx: Context,
  told: { id: string; leadId: string | null; revenueMinor: number; currency: string },
  fields: ConversionFields,
): Promise<RecordedConversion> {
  // Of a lead that was deleted meanwhile nobody is left to be taken for another.
  if (told.leadId !== null && told.leadId !== fields.leadId)
    throw Conflict("Its source has told these ids of another lead; a conversion is one lead's.");
  const { id, revenueMinor: beforeMinor, currency: beforeCurrency } = told;
  if (beforeMinor !== fields.revenueMinor || beforeCurrency !== fields.currency) {
    await correctRevenue(tx, id, fields);
    const change = { conversionId: id, ...moneyOf(fields), beforeMinor, beforeCurrency };
    await emit(tx, conversionCorrected, change, { leadId: fields.leadId, subjectId: id });
  }
  return { id, isRepeat: true };
}

const moneyOf = ({ status, revenueMinor, currency, source }: ConversionFields) => ({
  status,
  revenueMinor,
  currency,
  source,
});
