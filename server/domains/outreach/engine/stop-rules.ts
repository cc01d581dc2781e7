import type { z } from "zod";
import { conversionRecorded } from "#domains/conversions/index.ts";
import { addressSuppressed, statusChanged } from "#domains/leads/index.ts";
import { type InboundNotice, messageReceived, noHeard } from "#domains/messaging/index.ts";
import type { SequenceSettings } from "../trigger-config.ts";
import type { EndReason } from "./end.ts";

/** What somebody says or does that may end a sequence for them. */
export type Said = Extract<EndReason, "replied" | "a colleague replied" | "opted out" | "converted">;

/** Whether a sequence with these settings is over for whoever is in it. The hooks that hear of it ask this, and so does an undone merge. */
export function endsBy(said: Said, { stopOnReply, sameCompany, allowStatuses }: SequenceSettings): boolean {
  if (said === "replied") return stopOnReply;
  if (said === "a colleague replied") return stopOnReply && sameCompany;
  return said === "opted out" || !allowStatuses?.includes("CONVERTED");
}

/** An automatic answer says nothing, and who says STOP has said no, which is told by itself. */
export const isReply = (reading: InboundNotice["reading"]): boolean => reading !== "automatic" && reading !== "stop";

/** An address that a person closed: whoever no step can reach any more leaves (commands/stop-unreachable.ts). */
export const isClosedByHand = ({ reason }: z.infer<typeof addressSuppressed.payload>): boolean =>
  reason === "MANUAL" || reason === "UNSUBSCRIBE";

/** The events by which those rules are told of later: what each of them said, or null where it says nothing. */
const READ: Record<string, (payload: unknown) => Said | "closed by hand" | null> = {
  [messageReceived.type]: (payload) => {
    const { reading } = messageReceived.payload.parse(payload);
    if (reading === "stop") return "opted out";
    return isReply(reading) ? "replied" : null;
  },
  [addressSuppressed.type]: (payload) => {
    const closed = addressSuppressed.payload.parse(payload);
    // A no closes an address to everything; a bounce is none, and what a person of ours closes, or they leave on one channel, is less.
    const isNo = closed.scope === "ALL" && closed.reason !== "HARD_BOUNCE" && closed.reason !== "MANUAL";
    if (isNo) return "opted out";
    return isClosedByHand(closed) ? "closed by hand" : null;
  },
  [noHeard.type]: () => "opted out",
  [conversionRecorded.type]: (payload) =>
    conversionRecorded.payload.parse(payload).status === "customer" ? "converted" : null,
  [statusChanged.type]: (payload) => (statusChanged.payload.parse(payload).to === "CONVERTED" ? "converted" : null),
};

/** Types of the events that `saidBy` reads. */
export const TELLING = Object.keys(READ);

/** What an event of the log said, by the rules above. */
export const saidBy = ({ type, payload }: { type: string; payload: unknown }): ReturnType<(typeof READ)[string]> =>
  READ[type]?.(payload) ?? null;
