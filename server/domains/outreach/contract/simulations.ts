import { z } from "zod";

const rate = z.number().min(0).max(1);

/**
 * How often people and mailboxes are assumed to react, each a share of the touches that reach them. The defaults are round figures to begin
 * with, not a promise: put those of your own sends in their place.
 */
export const answerRatesSchema = z.object({
  EMAIL: z
    .object({
      /** The mailbox does not exist. */
      bounce: rate.default(0.01),
      open: rate.default(0.4),
      /** Of all mails; whoever clicks has opened. */
      click: rate.default(0.05),
      reply: rate.default(0.05),
      /** Out of office. */
      automatic: rate.default(0.03),
      optOut: rate.default(0.01),
      complaint: rate.default(0.001),
    })
    .prefault({}),
  SMS: z.object({ bounce: rate.default(0.02), reply: rate.default(0.1), optOut: rate.default(0.02) }).prefault({}),
  CALL: z.object({ answer: rate.default(0.3), voicemail: rate.default(0.3), optOut: rate.default(0.01) }).prefault({}),
});
export type AnswerRates = z.infer<typeof answerRatesSchema>;
