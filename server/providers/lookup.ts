import type { CallFact, StatusFact } from "./webhook.ts";

/** A hand-over whose answer never came, as far as it can be recognised at the vendor's. */
export interface LookupQuery {
  messageId: string;
  from: string;
  to: string;
  text: string;
  handedAt: Date;
}

/**
 * What a vendor that is asked knows of it. `candidates`: the facts of each message of the vendor's that may be the one, none of which was there
 * before it was handed over. `doubts`: references of messages of that time to that receiver which say something else, as far as one can tell; a
 * vendor may have changed the words in a way that nobody knows. `isComplete`: the vendor has shown all that it has of that time, so that where there is no candidate it never had
 * the message.
 */
export type Lookup =
  | { kind: "answered"; candidates: (StatusFact | CallFact)[][]; doubts?: string[]; isComplete: boolean }
  | { kind: "no_answer"; detail: string };

/** How far clocks may differ, and how long a vendor may take to write a message down. */
export const LOOKUP_BEFORE_MS = 60_000;
export const LOOKUP_AFTER_MS = 300_000;

/** A vendor's list of messages or calls may be long, with transcripts in it. */
export const LOOKUP_BODY_BYTES = 8 * 1024 * 1024;
