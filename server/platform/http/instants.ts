/** Between the years 1 and 9999: what both JavaScript and PostgreSQL can say. */
export const isInstant = (ms: number) => ms > -62_135_596_800_000 && ms < 253_402_300_800_000;

/** As answers write it. */
export const instantOrNull = (instant: Date | null): string | null => instant?.toISOString() ?? null;
