import { z } from "zod";
import { LeadNotFound } from "#domains/leads/problems.ts";
import { CHANNELS } from "#domains/messaging/channels.ts";
import { CHECKS, CHECK_OUTCOMES, OVERRIDABLE_CHECKS } from "#domains/messaging/gate.ts";
import { endpoint, instant } from "#platform/http/endpoint.ts";
import { ScriptNotFound } from "../problems.ts";

const id = z.string().max(60);

export const oneOffSchema = z.object({
  channel: z.enum(CHANNELS),
  /** A script of the channel, as it stands; instead of words of one's own. A call needs one. */
  scriptId: id.nullable().optional(),
  /** E-mail only. Variables as in scripts. */
  subject: z.string().trim().max(1_000).nullable().optional(),
  /** Text of an SMS, Markdown of an e-mail. Variables as in scripts. */
  content: z.string().trim().max(20_000).nullable().optional(),
  /** Where something only asks for a later time (hours, caps, limits): leave it to the queue instead of answering `waits`. */
  whenAllowed: z.boolean().default(false),
  /** Send in spite of these checks. Needs messages:override; suppression, consent and legal hours cannot be overruled. */
  override: z
    .strictObject({
      checks: z.array(z.enum(OVERRIDABLE_CHECKS)).min(1).max(OVERRIDABLE_CHECKS.length),
      reason: z.string().trim().min(3, "Say why").max(500),
    })
    .nullable()
    .optional(),
});
export type OneOff = z.infer<typeof oneOffSchema>;

/** What is missing or too much for the channel, each at its field. */
export function oneOffFaults({ channel, scriptId, subject, content }: OneOff): { pointer: string; detail: string }[] {
  if (!scriptId && channel === "CALL")
    return [{ pointer: "/scriptId", detail: "A call needs a script: it says how the agent speaks" }];
  if (scriptId) return content ? [{ pointer: "/content", detail: "Write something or choose a script, not both" }] : [];
  const faults = [];
  if (channel === "EMAIL" && !subject) faults.push({ pointer: "/subject", detail: "Write a subject" });
  if (!content) faults.push({ pointer: "/content", detail: "Write something or choose a script" });
  return faults;
}

export const oneOffOutcomeSchema = z.object({
  /**
   * sent: the vendor was called (what came of it is on the message) · queued: it goes out at `until`, if the gate allows it then · waits: it may
   * go at `until` · refused · failed: a value is missing, or the text is faulty; nothing was sent · busy: the lead is being decided about, ask again.
   */
  kind: z.enum(["sent", "queued", "waits", "refused", "failed", "busy"]),
  messageId: z.string().nullable(),
  /** Why not, or why later. */
  reason: z.string().nullable(),
  until: instant.nullable(),
  /** Every question of the gate with its answer. */
  checks: z.array(
    z.object({
      check: z.enum(CHECKS),
      outcome: z.enum(CHECK_OUTCOMES),
      detail: z.string(),
      until: instant.optional(),
    }),
  ),
});
export type OneOffOutcome = z.infer<typeof oneOffOutcomeSchema>;

export const oneOffOperations = {
  send: endpoint("messages:send", LeadNotFound, ScriptNotFound)
    .route({
      method: "POST",
      path: "/leads/{leadId}/messages",
      tags: ["Messages"],
      summary: "Write to one lead, through the same gate as everything else",
      description:
        "An answer of another kind than `sent` or `queued` has written nothing. The message counts toward the lead's caps as every touch does.",
    })
    .input(oneOffSchema.extend({ leadId: id }))
    .output(oneOffOutcomeSchema),
};
