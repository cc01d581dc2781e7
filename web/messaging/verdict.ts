import { z } from "zod";
import type { Check, CheckOutcome } from "#domains/messaging/gate.ts";
import { checkWords, outcomeLook } from "#web/messaging/words.ts";

const isCheck = (name: string): name is Check => Object.hasOwn(checkWords, name);
const isOutcome = (name: string): name is CheckOutcome => Object.hasOwn(outcomeLook, name);

const verdictSchema = z.object({
  result: z.object({ kind: z.string() }),
  checks: z.array(
    z.object({ check: z.string(), outcome: z.string(), detail: z.string(), until: z.string().optional() }),
  ),
});

export type ReadCheck = { check: Check; outcome: CheckOutcome; detail: string; until: string | undefined };

/** The checks of a verdict stored with an attempt; undefined when none is stored. Checks of a later version are left out. */
export function readChecks(stored: unknown): ReadCheck[] | undefined {
  const { data } = verdictSchema.safeParse(stored);
  return data?.checks.flatMap(({ check, outcome, detail, until }) =>
    isCheck(check) && isOutcome(outcome) ? [{ check, outcome, detail, until }] : [],
  );
}

const triesSchema = z.array(
  z.object({ at: z.iso.datetime({ offset: true }), outcome: z.string(), detail: z.string() }),
);

/** What each hand-over to the vendor ended with, oldest first. */
export function readTries(stored: unknown): z.infer<typeof triesSchema> {
  return triesSchema.safeParse(stored).data ?? [];
}
