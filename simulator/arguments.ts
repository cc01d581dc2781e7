import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { z } from "zod";

export const HELP = `npm run simulate -- [options]

Lets the real engine live through days on a clock of its own, on a database of its own, with invented people who open, answer and opt out, and
with vendors and processes that fail. At every stop of the clock the rules are checked: nobody is touched twice, outside windows, legal
hours, holidays or caps, or after a no; nobody is stuck; in the end every row is settled.

  --seed <n>     what all chance comes from; without it one is drawn and printed. The same seed and options replay exactly
  --seeds <n>    so many runs, with this seed and the next ones (1)
  --leads <n>    people of a run (400)
  --days <n>     days of a run (30)
  --start <date> when it begins, such as 2026-03-04T15:00Z; without it near a change of clocks, by the seed
  --faults       vendors time out, answer 429 and 500, refuse; callbacks come late, twice, or never; processes are killed
  --check <when> rows are checked at the end of each "day", or also, those written since, at every "stop" (stop with --faults, else day)
  --database <url> where the scratch database is made, beside that one, and dropped at the end; without it on a server in a temporary folder
  --help         this text

Exit code 1: a rule was broken.
`;

const whole = (most: number) => z.coerce.number().int().min(1).max(most);
const optionsSchema = z.object({
  seed: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31),
  seeds: whole(100_000).default(1),
  leads: whole(100_000).default(400),
  days: whole(3_650).default(30),
  start: z.coerce.date().optional(),
  faults: z.boolean().default(false),
  check: z.enum(["stop", "day"]).optional(),
  database: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
});
export type SimulatorOptions = z.infer<typeof optionsSchema> & { check: "stop" | "day" };
const usualCheck = (faults: boolean) => (faults ? "stop" : "day");

/** What is wrong with the command line, each option by its name. */
export class ArgumentError extends Error {}

function parse(given: readonly string[]) {
  try {
    return read(given);
  } catch (error) {
    // An option that there is not, or one without its value.
    throw new ArgumentError(error instanceof Error ? error.message : String(error));
  }
}

const read = (given: readonly string[]) =>
  parseArgs({
    args: [...given],
    options: {
      seed: { type: "string" },
      seeds: { type: "string" },
      leads: { type: "string" },
      days: { type: "string" },
      start: { type: "string" },
      faults: { type: "boolean" },
      check: { type: "string" },
      database: { type: "string" },
      help: { type: "boolean" },
    },
  });
/** The options of a command line; "help" when help is asked for. Throws ArgumentError. */
export function readArguments(given: readonly string[]): SimulatorOptions | "help" {
  const { values } = parse(given);
  if (values.help) return "help";
  const parsed = optionsSchema.safeParse({ seed: randomInt(2 ** 31), ...values });
  if (parsed.success) return { ...parsed.data, check: parsed.data.check ?? usualCheck(parsed.data.faults) };
  throw new ArgumentError(parsed.error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`).join("\n"));
}

/** The command that runs one of the seeds again. */
export function replayCommand(options: SimulatorOptions, seed: number): string {
  const { leads, days, start, faults, check } = options;
  return [
    `npm run simulate -- --seed ${seed} --leads ${leads} --days ${days}`,
    ...(start ? [`--start ${start.toISOString()}`] : []),
    ...(faults ? ["--faults"] : []),
    ...(check === usualCheck(faults) ? [] : [`--check ${check}`]),
  ].join(" ");
}
