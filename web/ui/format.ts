/** One spelling for all: unambiguous dates, a 24-hour clock, commas between thousands. */
const LOCALE = "en-GB";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A thing counted in words: `{ one: "lead", other: "leads" }`. */
export type Noun = { one: string; other: string };

/** How many rows a list holds; large tables answer with an estimate. */
export type RowCount = { value: number; exact: boolean };

/** `1204300` → `1,204,300`. */
export function formatNumber(value: number, options?: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(LOCALE, options).format(value);
}

/** A share between 0 and 1 as a percentage: `0.0342` → `3.4%`. */
export function formatShare(share: number): string {
  return formatNumber(share, { style: "percent", maximumFractionDigits: share !== 0 && Math.abs(share) < 0.1 ? 1 : 0 });
}

/** Minor units of an ISO 4217 currency: `123456, "EUR"` → `€1,234.56`. */
export function formatMoney(minorUnits: number, currency: string): string {
  // The British spelling of the dollar is US$.
  const format = new Intl.NumberFormat("en-US", { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(minorUnits / 10 ** digits);
}

/** `2, { one: "lead", other: "leads" }` → `2 leads`. */
export function countOf(value: number, noun: Noun): string {
  return `${formatNumber(value)} ${value === 1 ? noun.one : noun.other}`;
}

/** `about 1,204,300 leads` for an estimate, `312 leads` for a count; an estimate that found none may have missed some. */
export function rowCountOf(count: RowCount, noun: Noun): string {
  if (!count.exact && count.value === 0) return `few ${noun.other} or none`;
  return count.exact ? countOf(count.value, noun) : `about ${countOf(count.value, noun)}`;
}

/** Seconds in at most two units: `45 s`, `2 min`, `3 h 5 min`, `2 d 4 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < MINUTE) return `${whole} s`;
  const units = [
    [DAY, "d"],
    [HOUR, "h"],
    [MINUTE, "min"],
  ] as const;
  const first = units.findIndex(([size]) => whole >= size);
  let left = whole;
  const words: string[] = [];
  for (const [size, name] of units.slice(first, first + 2)) {
    const amount = Math.floor(left / size);
    left -= amount * size;
    if (amount > 0) words.push(`${amount} ${name}`);
  }
  return words.join(" ");
}

/** `just now`, `5 min ago`, `in 3 h`, `2 d ago`; beyond a week the date itself, with its year when it is another one. */
export function relativeTime(at: Date, now: Date, zone: string): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const distance = Math.abs(seconds);
  if (distance < MINUTE) return "just now";
  if (distance >= 7 * DAY) return shortDate(at, now, zone);
  const [amount, unit] =
    distance < HOUR
      ? [Math.floor(distance / MINUTE), "min"]
      : distance < DAY
        ? [Math.floor(distance / HOUR), "h"]
        : [Math.floor(distance / DAY), "d"];
  return seconds < 0 ? `${amount} ${unit} ago` : `in ${amount} ${unit}`;
}

/** `2 Mar`, or `2 Mar 2025` when the year is not the present one. */
export function shortDate(at: Date, now: Date, zone: string): string {
  const sameYear = parts(at, zone).year === parts(now, zone).year;
  return format(at, zone, { day: "numeric", month: "short", year: sameYear ? undefined : "numeric" });
}

/** A zone as people read it: `America/New_York` → `America/New York`. */
export const zoneName = (zone: string): string => zone.replaceAll("_", " ");

/** `Mon 2 March 2026, 14:05:09 (Europe/Berlin)`: the exact instant in a named zone. */
export function exactTime(at: Date, zone: string): string {
  const day = format(at, zone, { weekday: "short", day: "numeric", month: "long", year: "numeric" }).replace(",", "");
  const time = format(at, zone, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  return `${day}, ${time} (${zoneName(zone)})`;
}

/** `Monday 2 March` in the zone. */
export function longDay(at: Date, zone: string): string {
  return format(at, zone, { weekday: "long", day: "numeric", month: "long" }).replace(",", "");
}

/** `14:05` in the zone. */
export function clockTime(at: Date, zone: string): string {
  return format(at, zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** The calendar day in the zone as `2026-03-02`; entries of one day share it. */
export function dayKey(at: Date, zone: string): string {
  const { year, month, day } = parts(at, zone);
  return `${year}-${month}-${day}`;
}

/** `Today`, `Yesterday`, `Tomorrow`, `Monday 2 March`, with the year when it is not the present one. */
export function dayLabel(at: Date, now: Date, zone: string): string {
  const key = dayKey(at, zone);
  const offsets = [
    [0, "Today"],
    [-1, "Yesterday"],
    [1, "Tomorrow"],
  ] as const;
  for (const [offset, word] of offsets) if (key === shiftDay(dayKey(now, zone), offset)) return word;
  const sameYear = parts(at, zone).year === parts(now, zone).year;
  return format(at, zone, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: sameYear ? undefined : "numeric",
  }).replace(",", "");
}

// Calendar arithmetic on the key, not on instants: a day of daylight saving has 23 or 25 hours.
function shiftDay(key: string, days: number): string {
  const noon = new Date(`${key}T12:00:00Z`);
  noon.setUTCDate(noon.getUTCDate() + days);
  return noon.toISOString().slice(0, 10);
}

function parts(at: Date, zone: string): { year: string; month: string; day: string } {
  const found = { year: "", month: "", day: "" };
  const options = { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" } as const;
  for (const { type, value } of new Intl.DateTimeFormat(LOCALE, options).formatToParts(at)) {
    if (type === "year" || type === "month" || type === "day") found[type] = value;
  }
  return found;
}

function format(at: Date, zone: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(LOCALE, { timeZone: zone, ...options }).format(at);
}

/** The IANA zone of this browser's clock. */
export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** With a capital at its beginning. */
export const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
