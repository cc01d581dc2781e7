const DAY_MS = 86_400_000;
const WEEK = 7;

const utc = (date: string) => Date.parse(`${date}T00:00:00Z`);
const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** "2026-03" of "2026-03-08". */
export const monthOf = (day: string): string => day.slice(0, 7);

export const isMonth = (text: string): boolean => /^20\d\d-(0[1-9]|1[0-2])$/.test(text);

/** So many months after the month; before it when negative. */
export function moveMonth(month: string, by: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

/** The whole weeks, from Monday on, that a month lies in: the first day, and how many there are. */
export function sheetOf(month: string): { from: string; days: number } {
  const first = utc(`${month}-01`);
  const after = utc(`${moveMonth(month, 1)}-01`);
  const from = first - ((new Date(first).getUTCDay() + WEEK - 1) % WEEK) * DAY_MS;
  return { from: dateOf(from), days: Math.ceil((after - from) / DAY_MS / WEEK) * WEEK };
}

/** "March 2026". */
export const monthName = (month: string): string =>
  new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" }).format(utc(`${month}-01`));

/** "Sunday 8 March". */
export const dayName = (day: string): string =>
  new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" }).format(
    utc(day),
  );
