import type { ProviderOptions, SandboxOptions } from "../options.ts";
import type { SendOutcome } from "../outcome.ts";
import { rejected } from "../outcome.ts";
import type { SandboxEntry } from "./store.ts";

/** What the store behind the sandbox is asked to keep at once. */
export const SANDBOX_CONCURRENCY = 16;

/** What can be played by writing to a certain address. Anything else is accepted. */
export const SENTINELS = ["bounce", "timeout", "ratelimit", "broken"] as const;
export type Sentinel = (typeof SENTINELS)[number];

/** `bounce@…`, `timeout@…`, `ratelimit@…`, `broken@…`, also with a plus tag. */
export function emailSentinel(address: string): Sentinel | null {
  const local = address.trim().toLowerCase().split(/[+@]/)[0];
  return SENTINELS.find((sentinel) => sentinel === local) ?? null;
}

/** +1 500 555 0001 … 0004, in the order of the sentinels: a range that belongs to nobody. */
export function phoneSentinel(number: string): Sentinel | null {
  const digit = /^\+1500555000([1-4])$/.exec(number.trim())?.[1];
  return digit ? (SENTINELS[Number(digit) - 1] ?? null) : null;
}

/** What a sentinel's message is answered with; these messages never leave the desk. */
export const SENTINEL_OUTCOMES: Readonly<Record<Sentinel, SendOutcome>> = {
  bounce: rejected("invalid_address", "550 5.1.1 The sandbox plays an address that does not exist", true),
  timeout: { kind: "unknown", detail: "The sandbox plays a vendor that took the message and never answered" },
  ratelimit: { kind: "failed", detail: "HTTP 429: the sandbox plays a vendor at its limit", retryAfterSeconds: 120 },
  broken: { kind: "failed", detail: "HTTP 500: the sandbox plays a vendor that is ill" },
};

/** The reference under which the sandbox "accepts" a message: the same one however often it is handed over. */
export function sandboxRef(messageId: string): string {
  return `sandbox_${messageId}`;
}

/** Answers by sentinel, and keeps what was accepted or timed out. A store that fails is a vendor that did not take it. */
export async function sandboxSend(
  { store, now }: Pick<SandboxOptions, "store"> & Pick<ProviderOptions, "now">,
  sentinel: Sentinel | null,
  entry: Omit<SandboxEntry, "id" | "at" | "outcome">,
): Promise<SendOutcome> {
  const id = sandboxRef(entry.messageId);
  const outcome: SendOutcome = sentinel
    ? SENTINEL_OUTCOMES[sentinel]
    : { kind: "accepted", providerRef: id, costMicros: 0 };
  if (outcome.kind !== "accepted" && outcome.kind !== "unknown") return outcome;
  try {
    await store.record({ ...entry, id, outcome: outcome.kind, at: now() });
    return outcome;
  } catch (error) {
    return { kind: "failed", detail: `The sandbox could not keep the message: ${String(error)}` };
  }
}
