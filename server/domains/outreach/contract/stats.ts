import { z } from "zod";
import { CHANNELS } from "#domains/messaging/channels.ts";

/** What became of the touches of one step, over all runs. */
export const stepStatsSchema = z.object({
  stepId: z.string(),
  stepOrder: z.int(),
  channel: z.enum(CHANNELS),
  scriptId: z.string().nullable(),
  scriptName: z.string().nullable(),
  isActive: z.boolean(),
  /** Not sent yet. */
  planned: z.int(),
  /** Taken by the vendor; what was delivered counts here too. */
  sent: z.int(),
  delivered: z.int(),
  /** What bounced counts here only. */
  failed: z.int(),
  skipped: z.int(),
  /** Answered: of several touches that went before, an answer belongs to one. */
  replied: z.int(),
});
export type StepStatsView = z.infer<typeof stepStatsSchema>;

export const funnelSchema = z.object({
  entered: z.int(),
  /** Were sent something. */
  executed: z.int(),
  responded: z.int(),
  converted: z.int(),
  /** Left before the last step, without an answer or a conversion. */
  dropped: z.int(),
});
export type FunnelView = z.infer<typeof funnelSchema>;

export const sequenceStatsSchema = z.object({ funnel: funnelSchema, steps: z.array(stepStatsSchema) });
export type SequenceStats = z.infer<typeof sequenceStatsSchema>;
