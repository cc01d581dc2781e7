import { z } from "zod";
import {
  answerRatesSchema,
  LARGEST_SEED,
  MOST_SIMULATED_DAYS,
  MOST_SIMULATED_LEADS,
  type AnswerRates,
  type NewSimulation,
} from "#domains/outreach/contract/simulations.ts";

const whole = (least: number, most: number) =>
  z
    .string()
    .trim()
    .regex(/^\d+$/, "Write a whole number")
    .transform(Number)
    .pipe(z.int().min(least, `At least ${least}`).max(most, `At most ${most}`));

const percent = z
  .string()
  .trim()
  .regex(/^\d+([.,]\d+)?$/, "Write a number from 0 to 100")
  .transform((text) => Number(text.replace(",", ".")))
  .pipe(z.number().min(0).max(100, "At most 100"));

/** What can be assumed, each as a share in percent, in the order of the form. */
export const ASSUMED = [
  { name: "mailOpened", label: "Mails opened" },
  { name: "mailAnswered", label: "Mails answered" },
  { name: "textAnswered", label: "Texts answered" },
  { name: "callAnswered", label: "Calls answered" },
  { name: "mailOptOut", label: "Opt-outs by mail" },
  { name: "textOptOut", label: "Opt-outs by text" },
  { name: "bounced", label: "Addresses that bounce" },
] as const;
type Assumed = Record<(typeof ASSUMED)[number]["name"], number>;

export const simulationFormSchema = z.object({
  who: z.enum(["invented", "leads"]),
  invented: whole(1, MOST_SIMULATED_LEADS),
  days: whole(1, MOST_SIMULATED_DAYS),
  seed: z.union([z.literal("").transform(() => undefined), whole(0, LARGEST_SEED)]),
  mailOpened: percent,
  mailAnswered: percent,
  textAnswered: percent,
  callAnswered: percent,
  mailOptOut: percent,
  textOptOut: percent,
  bounced: percent,
});
export type SimulationFormInput = z.input<typeof simulationFormSchema>;
export type SimulationForm = z.output<typeof simulationFormSchema>;

const inPercent = (share: number) => String(Math.round(share * 1_000) / 10);

/** The form as it opens: with what an earlier simulation assumed, or with the defaults. */
export function simulationDefaults(rates: AnswerRates = answerRatesSchema.parse({})): SimulationFormInput {
  return {
    who: "invented",
    invented: "200",
    days: "30",
    seed: "",
    mailOpened: inPercent(rates.EMAIL.open),
    mailAnswered: inPercent(rates.EMAIL.reply),
    textAnswered: inPercent(rates.SMS.reply),
    callAnswered: inPercent(rates.CALL.answer),
    mailOptOut: inPercent(rates.EMAIL.optOut),
    textOptOut: inPercent(rates.SMS.optOut),
    bounced: inPercent(rates.EMAIL.bounce),
  };
}

/** The shares as the API takes them; what the form does not ask keeps its default. */
export function ratesOf(assumed: Assumed): NonNullable<NewSimulation["rates"]> {
  const share = (name: keyof Assumed) => assumed[name] / 100;
  const defaults = answerRatesSchema.parse({});
  return {
    EMAIL: {
      ...defaults.EMAIL,
      open: share("mailOpened"),
      reply: share("mailAnswered"),
      optOut: share("mailOptOut"),
      bounce: share("bounced"),
    },
    SMS: { reply: share("textAnswered"), optOut: share("textOptOut"), bounce: share("bounced") },
    CALL: { ...defaults.CALL, answer: share("callAnswered") },
  };
}
