import type { ActiveProvider, Channel, Providers } from "#platform/integrations/providers.ts";
import type { SendOutcome } from "#providers/outcome.ts";
import {
  SANDBOX_SIGNATURE_HEADER,
  sandboxWebhook,
  sandboxWebhookBody,
  signSandboxWebhook,
} from "#providers/sandbox/port.ts";
import type { RawRequest, WebhookFact } from "#providers/webhook.ts";
import type { VendorAnswer } from "./faults.ts";

/** One request that a vendor was sent: the simulator's own record, which the engine cannot touch. */
export type HandOver = {
  messageId: string;
  channel: Channel;
  from: string;
  to: string;
  /** Message-ID of a mail, by which an answer names it. */
  headers: Record<string, string>;
  at: Date;
  /** Of this message, from 1. */
  tries: number;
  /** Which of the messages to this receiver over this channel, from 0: tells it in a repeated run, as its id does not. */
  place: number;
  outcome: SendOutcome["kind"];
  isTaken: boolean;
};

export const VENDOR_OF: Readonly<Record<Channel, string>> = {
  EMAIL: "simulated-email",
  SMS: "simulated-sms",
  CALL: "simulated-voice",
};

/** Signs callbacks between the two halves of one process. */
const SECRET = "between two halves of one process";

type Asked = Omit<HandOver, "outcome" | "isTaken">;
/** Decides what the vendor answers. `dies`: the process is killed before the vendor had the message, or before it heard the answer. */
export type Answering = (asked: Asked) => VendorAnswer & { dies: "before" | "after" | null };

export type SimulatedVendors = Providers & {
  close(): Promise<void>;
  /** What was handed over since the last call, in order. */
  takeTranscript(): HandOver[];
};

/** Vendors of all channels but those `without` one, in this process: nothing leaves it. They outlive the processes that the simulator kills. */
export function simulatedVendors(
  now: () => Date,
  {
    answering,
    die,
    atOnce,
    without = [],
  }: { answering: Answering; die: () => never; atOnce: number; without?: readonly Channel[] },
): SimulatedVendors {
  let transcript: HandOver[] = [];
  const places = new Map<string, { place: number; tries: number }>();
  const counts = new Map<string, number>();

  function send(message: Pick<HandOver, "messageId" | "channel" | "from" | "to" | "headers">): SendOutcome {
    const receiver = `${message.channel} ${message.to}`;
    let known = places.get(message.messageId);
    if (!known) {
      const place = counts.get(receiver) ?? 0;
      counts.set(receiver, place + 1);
      known = { place, tries: 0 };
      places.set(message.messageId, known);
    }
    known.tries += 1;
    const asked = { ...message, at: now(), tries: known.tries, place: known.place };
    const { outcome, isTaken, dies } = answering(asked);
    if (dies === "before") die();
    transcript.push({ ...asked, outcome: dies ? "unknown" : outcome.kind, isTaken });
    return dies ? die() : outcome;
  }

  const common = {
    concurrency: atOnce,
    webhook: sandboxWebhook(SECRET, now),
    test: async () => ({ kind: "ok" as const, detail: "simulated" }),
    close: async () => undefined,
  };
  const active: Record<Channel, ActiveProvider> = {
    EMAIL: {
      channel: "EMAIL",
      integrationId: null,
      from: "",
      vendor: {
        ...common,
        name: VENDOR_OF.EMAIL,
        send: async ({ messageId, from, to, headers }) =>
          send({ channel: "EMAIL", messageId, from: from.email, to: to.email, headers }),
      },
    },
    SMS: {
      channel: "SMS",
      integrationId: null,
      from: "+12125550199",
      vendor: {
        ...common,
        name: VENDOR_OF.SMS,
        send: async ({ messageId, from = "", to }) => send({ channel: "SMS", messageId, from, to, headers: {} }),
      },
    },
    CALL: {
      channel: "CALL",
      integrationId: null,
      from: "simulated-line",
      vendor: {
        ...common,
        name: VENDOR_OF.CALL,
        send: async ({ messageId, from = "", to }) => send({ channel: "CALL", messageId, from, to, headers: {} }),
      },
    },
  };

  return {
    active: async (_ctx, channel) => (without.includes(channel) ? null : active[channel]),
    byName: async (_ctx, name) => Object.values(active).find(({ vendor }) => vendor.name === name) ?? null,
    publicUrl: "https://simulation.invalid",
    leadAds: async () => null,
    dns: {
      txt: async () => ({ kind: "failed", detail: "nothing is looked up in a simulation" }),
      mx: async () => ({ kind: "failed", detail: "nothing is looked up in a simulation" }),
      cname: async () => ({ kind: "failed", detail: "nothing is looked up in a simulation" }),
    },
    readUnsubscribe: () => null,
    unsubscribeUrl: (_ctx, messageId) => `https://simulation.invalid/u/${messageId}`,
    forget: () => undefined,
    close: async () => undefined,
    takeTranscript() {
      const taken = transcript;
      transcript = [];
      return taken;
    },
  };
}

/** A vendor's callback over these facts, signed, as it comes to the workspace's webhook. */
export function callback(webhookUrl: string, facts: readonly WebhookFact[], now: Date): RawRequest {
  const body = sandboxWebhookBody(facts);
  return {
    method: "POST",
    url: webhookUrl,
    headers: {
      "content-type": "application/json",
      [SANDBOX_SIGNATURE_HEADER]: signSandboxWebhook(SECRET, body, now),
    },
    body: Buffer.from(body),
  };
}
