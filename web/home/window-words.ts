import type { SendWindow } from "#domains/messaging/window.ts";

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const nameOf = (day: number) => DAYS[day - 1] ?? "";

/** `Monday to Friday, Sunday`: days that follow each other are told by the first and the last. */
function daysInWords(days: readonly number[]): string {
  if (new Set(days).size === DAYS.length) return "every day";
  const runs: number[][] = [];
  for (const day of days.toSorted((one, other) => one - other)) {
    const run = runs.at(-1);
    if (run && run.at(-1) === day - 1) run.push(day);
    else runs.push([day]);
  }
  return runs
    .flatMap((run) => (run.length < 3 ? run.map(nameOf) : [`${nameOf(run.at(0) ?? 0)} to ${nameOf(run.at(-1) ?? 0)}`]))
    .join(", ");
}

/** The sending hours in words: `Monday to Friday, 09:00 to 18:00 on each lead's own clock`. */
export function windowInWords({ days, start, end, zone }: SendWindow): string {
  const hours = start === "00:00" && end === "24:00" ? "at any hour" : `${start} to ${end}`;
  return `${daysInWords(days)}, ${hours}, by ${zone === undefined ? "each lead's own clock" : `the clock of ${zone}`}`;
}
