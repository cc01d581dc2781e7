import type { Context } from "#platform/context.ts";
import { newId } from "#platform/ids.ts";
import type { LeadForSend } from "#domains/leads/index.ts";
import type { Verdict } from "../gate.ts";
import { type Ask, type Surroundings, judge } from "../judge.ts";
import { leaveToQueue } from "../queries/leave-to-queue.ts";
import { type NewMessage, type Purpose, insertMessages } from "../queries/outbound.ts";
import { LEASE_MS } from "../queries/release.ts";
import { type AssignedSender, returnPlaces } from "../senders/pool.ts";
import { trackWords } from "../tracking/track.ts";

export { LEASE_MS };

/** What a script became for one lead. `failed` names what is missing: such a touch never reaches a vendor. */
export type RenderedMessage =
  | {
      kind: "rendered";
      subject: string | null;
      text: string;
      html: string | null;
      headers: Record<string, string>;
      call: Record<string, unknown>;
      segments: number;
    }
  | { kind: "failed"; reason: string };

/** A message that a higher domain would like to send. `render` must be pure: it is called once, after the gate has opened. */
export type Draft = Omit<Ask, "attemptId" | "isTouch" | "to"> & {
  purpose: Purpose;
  scriptId: string | null;
  /** Which of the script's texts it is. */
  scriptVersionId: string | null;
  campaignId: string | null;
  executionId: string | null;
  /** Where the gate says "wait", write it and leave it to the queue, which asks again then. */
  waitsInQueue?: boolean;
  /** `sender`: of the channel's senders, where it has any. */
  render: (facts: {
    lead: LeadForSend;
    messageId: string;
    from: string;
    sender: AssignedSender | null;
    around: Surroundings;
  }) => RenderedMessage;
};

export type Preparation =
  | { kind: "prepared"; message: NewMessage }
  /** `queued`: it waits in the queue until the verdict's time. */
  | { kind: "refused"; verdict: Verdict; queued?: NewMessage }
  | { kind: "unrenderable"; reason: string; verdict: Verdict }
  | { kind: "busy" };

const TOUCHES: readonly Purpose[] = ["sequence", "one_off"];
export const isTouch = (purpose: Purpose) => TOUCHES.includes(purpose);

/** Judges a batch, renders what may go, and writes the rows. Call inside a transaction; hand over after it has committed. */
export async function prepareMessages(
  tx: Context,
  drafts: readonly Draft[],
  around: Surroundings,
): Promise<Map<string, Preparation>> {
  const answers = await judge(
    tx,
    drafts.map((draft) => ({ ...draft, to: null, attemptId: null, isTouch: isTouch(draft.purpose) })),
    around,
  );
  const prepared = new Map<string, Preparation>();
  const messages: NewMessage[] = [];
  const waiting: { message: NewMessage; until: Date }[] = [];
  const unused: AssignedSender[] = [];
  const leasedUntil = new Date(tx.now().getTime() + LEASE_MS);
  for (const draft of drafts) {
    const answer = answers.get(draft.key);
    if (!answer || answer.kind === "busy") {
      prepared.set(draft.key, { kind: "busy" });
      continue;
    }
    const { verdict, lead, address, sender, probeAt } = answer;
    const provider = around.providers.get(draft.channel);
    const waits = verdict.result.kind === "wait" && draft.waitsInQueue === true;
    if ((verdict.result.kind !== "send" && !waits) || !lead || !address || !provider) {
      prepared.set(draft.key, { kind: "refused", verdict });
      continue;
    }
    const messageId = newId("msg");
    const from = sender?.address ?? provider.from;
    const rendered = renderSafely(tx, draft, { lead, messageId, from, sender, around });
    if (rendered.kind === "failed") {
      if (sender) unused.push(sender);
      prepared.set(draft.key, { kind: "unrenderable", reason: rendered.reason, verdict });
      continue;
    }
    const words = trackWords(tx, around.tracking, { messageId, channel: draft.channel }, rendered);
    const message: NewMessage = {
      id: messageId,
      leasedUntil,
      attemptId: newId("att"),
      leadId: lead.id,
      channel: draft.channel,
      purpose: draft.purpose,
      from,
      fromName: sender?.displayName ?? null,
      senderId: sender?.id ?? null,
      to: address,
      subject: words.subject,
      text: words.text,
      html: words.html,
      headers: words.headers,
      call: words.call,
      segments: words.segments,
      links: words.links,
      provider: provider.vendor.name,
      scriptId: draft.scriptId,
      scriptVersionId: draft.scriptVersionId,
      campaignId: draft.campaignId,
      executionId: draft.executionId,
      verdict,
      isTouch: isTouch(draft.purpose),
      override: draft.override,
      probeAt,
    };
    if (verdict.result.kind === "wait") {
      waiting.push({ message, until: new Date(verdict.result.until) });
      prepared.set(draft.key, { kind: "refused", verdict, queued: message });
    } else {
      messages.push(message);
      prepared.set(draft.key, { kind: "prepared", message });
    }
  }
  await leaveToQueue(tx, waiting);
  await returnPlaces(tx, unused);
  await insertMessages(tx, messages, leasedUntil);
  return prepared;
}

/** What a renderer throws is the fault of one message; the others of its batch must not wait for it for ever. */
function renderSafely(tx: Context, draft: Draft, facts: Parameters<Draft["render"]>[0]): RenderedMessage {
  try {
    return draft.render(facts);
  } catch (error) {
    tx.log.error({ err: error, key: draft.key, script: draft.scriptId }, "a message could not be rendered");
    return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}
