import { z } from "zod";
import { instant } from "#platform/http/endpoint.ts";
import { WAIT_KINDS } from "../waiting.ts";

/** What a planned touch waits for. `until`: the earliest instant at which it goes on by itself. */
export const waitsSchema = z.object({ kind: z.enum(WAIT_KINDS), reason: z.string(), until: instant.nullable() });

/** The attempt of a touch, as it explains it. */
export const explainedAttempt = z.object({
  id: z.string(),
  status: z.string(),
  provider: z.string().nullable(),
  tries: z.unknown(),
  result: z.string().nullable(),
});

/** The message of a touch, as it explains it. */
export const explainedMessage = z.object({
  id: z.string(),
  status: z.string(),
  failure: z.string().nullable(),
  dueAt: instant.nullable(),
  /** First opened and clicked by a person, as far as can be told. */
  openedAt: instant.nullable(),
  clickedAt: instant.nullable(),
  /** The exact text that was sent: the script's version, and its number. Null for what was sent before versions were kept. */
  scriptVersionId: z.string().nullable(),
  scriptVersion: z.int().nullable(),
});
