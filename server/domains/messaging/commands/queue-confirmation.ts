import type { Context } from "#platform/context.ts";
import { newId } from "#platform/ids.ts";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import { type Channel } from "../channels.ts";
import { countSegments } from "../segments.ts";
import { loadSurroundings } from "../judge.ts";
import { countConfirmations, insertMessages } from "../queries/outbound.ts";

const DAY_MS = 86_400_000;
const MOST_A_DAY = 5;

const WORDS = {
  stop: (who: string) =>
    `${who}You are unsubscribed and will get no more messages from us. Reply START to get them again.`,
  start: (who: string) => `${who}You will get our messages again. Reply STOP to end them, HELP for help.`,
  help: (who: string) => `${who}Reply STOP to get no more messages. To reach a person, just write back.`,
};

/**
 * Queues the one answer that STOP, START and HELP ask for. It is no touch: no cap, window or suppression holds it back. Only SMS gets one;
 * an e-mail confirming that no more e-mail comes would be one too many. Needs a lead: a stranger's number is suppressed in silence. It goes to
 * the number that asked, whichever of the lead's that is, and after some of them in a day to nobody: it may be a machine that answers.
 */
export async function queueConfirmation(
  tx: Context,
  asked: { word: keyof typeof WORDS; channel: Channel; leadId: string | null; to: string },
): Promise<void> {
  if (asked.channel !== "SMS" || !asked.leadId) return;
  const { senderName } = await getWorkspaceSettings(tx);
  const around = await loadSurroundings(tx, ["SMS"]);
  const provider = around.providers.get("SMS");
  if (!provider) return;
  const since = new Date(tx.now().getTime() - DAY_MS);
  if ((await countConfirmations(tx, asked.to, since)) >= MOST_A_DAY) return;
  const text = WORDS[asked.word](senderName ? `${senderName}: ` : "");
  const message = {
    id: newId("msg"),
    attemptId: newId("att"),
    leadId: asked.leadId,
    channel: "SMS" as const,
    purpose: "confirmation" as const,
    // The queue has it sent from the lead's own sender, where the workspace has any.
    from: provider.from,
    fromName: null,
    senderId: null,
    to: asked.to,
    subject: null,
    text,
    html: null,
    headers: {},
    call: {},
    segments: countSegments(text).segments,
    provider: provider.vendor.name,
    scriptId: null,
    scriptVersionId: null,
    links: [],
    campaignId: null,
    executionId: null,
    isTouch: false,
    verdict: { result: { kind: "send" as const }, checks: [] },
  };
  // Due at once: the queue takes it up after this transaction has committed.
  await insertMessages(tx, [message], tx.now());
}
