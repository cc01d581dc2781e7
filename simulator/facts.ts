import { sandboxBounce, sandboxCallReport, sandboxReceipt, sandboxReply } from "#providers/sandbox/port.ts";
import type { WebhookFact } from "#providers/webhook.ts";
import type { Act } from "./behaviour.ts";
import type { HandOver } from "./vendors.ts";

const WORDS = {
  reply: "Thank you, tell me more",
  automatic: "I am out of the office until Monday",
  stop: "STOP",
} as const;

const BOUNCES = {
  EMAIL: "550 5.1.1 the mailbox does not exist",
  SMS: "the number does not exist",
  CALL: "the number does not exist",
} as const;

const CALL_ENDS = {
  answered: { outcome: "SUCCESS", endedReason: "customer-ended-call", transcript: null },
  voicemail: { outcome: "NO_ANSWER", endedReason: "voicemail", transcript: null },
  no_answer: { outcome: "NO_ANSWER", endedReason: "customer-did-not-answer", transcript: null },
  opted_out: {
    outcome: "SUCCESS",
    endedReason: "customer-ended-call",
    transcript: "AI: Hello, is this a good moment?\nUser: Stop calling me.",
  },
} as const;

/** The vendor's word about what the other side did. The same act of the same touch is the same event, however often it is told. */
export function factOf(about: HandOver, act: Act, at: Date): WebhookFact {
  const { messageId, channel, from, to } = about;
  switch (act.kind) {
    case "bounced":
      return own(about, sandboxBounce({ messageId, at, detail: BOUNCES[channel] }));
    case "reply":
    case "automatic":
    case "stop": {
      const original = about.headers["Message-ID"];
      const thread = original === undefined ? {} : { inReplyTo: original, references: [original] };
      return sandboxReply({
        id: `${messageId}:${act.kind}`,
        channel: channel === "CALL" ? "SMS" : channel,
        from: to,
        to: from,
        text: WORDS[act.kind],
        subject: channel === "EMAIL" ? "Re: your mail" : null,
        automatic: act.kind === "automatic",
        at,
        ...thread,
      });
    }
    case "call": {
      const { outcome, endedReason, transcript } = CALL_ENDS[act.end];
      const startedAt = new Date(at.getTime() - act.seconds * 1_000);
      const durationSeconds = act.seconds;
      return own(
        about,
        sandboxCallReport({ messageId, outcome, endedReason, durationSeconds, transcript, startedAt, endedAt: at }),
      );
    }
    case "clicked":
      return own(about, sandboxReceipt({ messageId, status: "clicked", at, url: "https://simulation.invalid/page" }));
    default:
      return own(about, sandboxReceipt({ messageId, status: act.kind, at }));
  }
}

/** Under the reference that our vendors gave it. */
const own = <Fact extends { providerRef: string | null }>({ messageId }: HandOver, fact: Fact): Fact => ({
  ...fact,
  providerRef: `sim_${messageId}`,
});
