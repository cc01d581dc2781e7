/**
 * Wall clocks of IANA time zones, fast enough for the send path. `Intl` costs a microsecond or more per question, so
 * the offset of each zone is asked once per UTC day and kept.
 *
 * Local time is written as "local milliseconds": the number `Date.UTC` would give for the wall-clock reading.
 */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A stretch of time, from inclusive to exclusive, in which a zone keeps one offset; never longer than one UTC day. */
export type Stretch = { readonly from: number; readonly until: number; readonly offset: number };

type Zone = { readonly format: Intl.DateTimeFormat; readonly days: Map<number, readonly Stretch[]> };

/** Days kept per zone; a year of them is more than the engine looks at, and 400 zones stay under 20 MB. */
const DAYS_KEPT = 512;

const zones = new Map<string, Zone | null>();
const ZONES_KEPT = 1_000;

function findZone(name: string): Zone | null {
  const known = zones.get(name);
  if (known !== undefined) return known;
  if (zones.size >= ZONES_KEPT) zones.clear();
  const zone = openZone(name);
  zones.set(name, zone);
  return zone;
}

function openZone(name: string): Zone | null {
  try {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    return { format, days: new Map() };
  } catch {
    return null;
  }
}

function getZone(name: string): Zone {
  const zone = findZone(name);
  if (!zone) throw new RangeError(`"${name}" is not a time zone`);
  return zone;
}

/** Is this the name of a time zone that dates can be read in? */
export function isTimeZone(name: string): boolean {
  return findZone(name) !== null;
}

function measureOffset(zone: Zone, at: number): number {
  const digits = zone.format.format(at).match(/\d+/g) ?? [];
  const [month = 1, day = 1, year = 1970, hour = 0, minute = 0, second = 0] = digits.map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000;
}

/** The stretches of one UTC day. No zone has changed its offset twice within one. */
function measureDay(zone: Zone, day: number): readonly Stretch[] {
  const from = day * DAY;
  const until = from + DAY;
  const before = measureOffset(zone, from);
  const after = measureOffset(zone, until);
  if (before === after) return [{ from, until, offset: before }];

  let low = from;
  let high = until;
  while (high - low > 1_000) {
    const middle = Math.floor((low + high) / 2_000) * 1_000;
    if (measureOffset(zone, middle) === before) low = middle;
    else high = middle;
  }
  return [
    { from, until: high, offset: before },
    { from: high, until, offset: after },
  ];
}

/** The stretch of constant offset that holds this instant. Throws RangeError for a name that is no time zone. */
export function stretchAt(zoneName: string, at: number): Stretch {
  const zone = getZone(zoneName);
  const day = Math.floor(at / DAY);
  let stretches = zone.days.get(day);
  if (!stretches) {
    if (zone.days.size >= DAYS_KEPT) zone.days.clear();
    stretches = measureDay(zone, day);
    zone.days.set(day, stretches);
  }
  const [first, second] = stretches;
  if (first && at < first.until) return first;
  if (second) return second;
  throw new RangeError(`${at} is not an instant`);
}

/** The wall-clock reading of an instant, in local milliseconds. */
export function localTime(zone: string, at: number): number {
  return at + stretchAt(zone, at).offset;
}

/** The local calendar day of an instant, counted in days since 1970-01-01. */
export function localDay(zone: string, at: number): number {
  return Math.floor(localTime(zone, at) / DAY);
}

/**
 * The instant at which a zone's wall clock reads `local`. A reading that comes twice (clocks set back) means the first one;
 * a reading that never comes (clocks set forward) means the first instant after the gap.
 */
export function instantOf(zone: string, local: number): number {
  // Offsets run from -12 to +14 hours, so these two instants lie on either side of every candidate.
  const early = stretchAt(zone, local - 15 * HOUR).offset;
  const late = stretchAt(zone, local + 13 * HOUR).offset;
  const first = local - Math.max(early, late);
  if (localTime(zone, first) === local) return first;
  const second = local - Math.min(early, late);
  if (localTime(zone, second) === local) return second;

  // In the gap: `first` counts back with the offset that holds after it, so it lies before.
  let stretch = stretchAt(zone, first);
  const { offset } = stretch;
  while (stretch.offset === offset) stretch = stretchAt(zone, stretch.until);
  return stretch.from;
}

/** ISO day of the week, 1 (Monday) to 7 (Sunday), of a day counted since 1970-01-01, which was a Thursday. */
export function isoWeekday(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** "2026-03-02" as a count of days since 1970-01-01; null when it is no date. */
export function dayOfDate(date: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return null;
  const at = Date.parse(`${date}T00:00:00Z`);
  // Date.parse rolls 2026-02-30 over in some engines; a date must read back as itself.
  return Number.isNaN(at) || dateOfDay(at / DAY) !== date ? null : at / DAY;
}

/** A count of days since 1970-01-01 as "2026-03-02". */
export function dateOfDay(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}
