import { allow, type Context, inTransaction } from "#platform/context.ts";
import { Invalid } from "#platform/problems.ts";
import { getLead } from "#domains/leads/index.ts";
import { type Override, type Verdict, handOver, loadSurroundings, prepareMessages } from "#domains/messaging/index.ts";
import { type OneOff, type OneOffOutcome, oneOffFaults } from "../contract/one-off.ts";
import { renderTouch } from "../engine/render-touch.ts";
import { ScriptNotFound } from "../problems.ts";
import { findCampaign } from "../queries/campaign-rows.ts";
import { type TouchScript, loadScripts } from "../queries/scripts.ts";

const KEY = "one-off";

/**
 * Writes to one lead by hand, through the gate: the same checks, rows before the call, and the same caps. Sends, leaves it to the queue, or
 * says why not, with every check. An override is kept with the message. Not to be called inside a transaction. Throws LeadNotFound,
 * ScriptNotFound, NotAllowed; Invalid for a text that the channel cannot carry.
 */
export async function sendOneOff(ctx: Context, leadId: string, wish: OneOff): Promise<OneOffOutcome> {
  allow(ctx, "messages:send");
  allow(ctx, "leads:read");
  if (wish.override) allow(ctx, "messages:override");
  const { channel } = wish;
  await getLead(ctx, leadId);
  const faults = oneOffFaults(wish);
  if (faults.length > 0) throw Invalid(undefined, faults);
  const script = await scriptOf(ctx, wish);
  const campaign = script.campaignId ? await findCampaign(ctx, script.campaignId) : undefined;
  const override: Override | null = wish.override ?? null;
  const around = await loadSurroundings(ctx, [channel]);
  const preparation = await inTransaction(ctx, async (tx) => {
    const prepared = await prepareMessages(
      tx,
      [
        {
          key: KEY,
          leadId,
          channel,
          priority: 0,
          window: null,
          allowStatuses: null,
          extra: {},
          override,
          purpose: "one_off",
          scriptId: wish.scriptId ?? null,
          scriptVersionId: script.versionId,
          campaignId: campaign?.id ?? null,
          executionId: null,
          waitsInQueue: wish.whenAllowed,
          render: (facts) => renderTouch({ ctx: tx, ...facts, script, channel, campaignName: campaign?.name ?? null }),
        },
      ],
      around,
    );
    return prepared.get(KEY) ?? { kind: "busy" as const };
  });
  switch (preparation.kind) {
    case "busy":
      return { ...nothing, kind: "busy", reason: "Somebody else is writing to this lead at this moment." };
    case "unrenderable":
      return { ...nothing, kind: "failed", reason: preparation.reason, checks: preparation.verdict.checks };
    case "refused":
      return refusal(preparation.verdict, preparation.queued?.id ?? null);
    default: {
      const { message } = preparation;
      await handOver(ctx, [message], around);
      return { ...nothing, kind: "sent", messageId: message.id, checks: message.verdict.checks };
    }
  }
}

const nothing = { messageId: null, reason: null, until: null, checks: [] };

function refusal({ result, checks }: Verdict, queuedId: string | null): OneOffOutcome {
  if (result.kind === "wait") {
    const kind = queuedId ? "queued" : "waits";
    return { kind, messageId: queuedId, reason: result.reason, until: result.until, checks };
  }
  return { ...nothing, kind: "refused", reason: result.kind === "send" ? null : result.reason, checks };
}

/** The script that is named, or one's own words as a script that nobody keeps. */
async function scriptOf(ctx: Context, { channel, scriptId, subject, content }: OneOff): Promise<TouchScript> {
  if (!scriptId) {
    const own = { id: "", name: "one's own words", campaignId: null, versionId: null };
    return { ...own, type: channel, subject: subject ?? null, content: content ?? null, format: "markdown" };
  }
  allow(ctx, "outreach:read");
  const script = (await loadScripts(ctx, [scriptId])).get(scriptId);
  if (!script) throw ScriptNotFound();
  return script;
}
