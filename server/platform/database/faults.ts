const NETWORK_CODES: readonly string[] = ["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EPIPE", "ETIMEDOUT"];
/** What pg says, without a code, of a connection that is not to be had or went away. */
const LOST_CONNECTION =
  /^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error)/;
/** The server has ended a transaction of a process that stood still. */
const STOOD_STILL = "25P03";

const codeOf = (error: unknown): string | null => {
  if (typeof error !== "object" || error === null) return null;
  const code: unknown = Reflect.get(error, "code");
  return typeof code === "string" ? code : null;
};

/** It takes no writes: it stands by for another, or was set so because its disk is full. */
const READ_ONLY = "25006";

/** The database cannot be reached, is full, takes no writes, or is shutting down: classes 08, 53 and 57 (PostgreSQL manual, appendix A). */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof Error && LOST_CONNECTION.test(error.message)) return true;
  const code = codeOf(error);
  return (
    code !== null &&
    (/^(08|53|57)[0-9A-Z]{3}$/.test(code) || code === STOOD_STILL || code === READ_ONLY || NETWORK_CODES.includes(code))
  );
}

/**
 * The server is there, and has given up this one statement or transaction: a time-out or somebody's order (57014), a lock that was not to be had (55P03),
 * a transaction that stood still or took too long (25P03, 25P04). What is tried again may succeed, or never will.
 */
export const isGivenUp = (error: unknown): boolean =>
  ["57014", "55P03", STOOD_STILL, "25P04"].includes(codeOf(error) ?? "");

/** Two transactions were in each other's way; the one that lost may be tried again as it is. */
export function isCollision(error: unknown): boolean {
  const code = codeOf(error);
  return code === "40001" || code === "40P01";
}

/** A row with the same key is there. */
export const isUniqueViolation = (error: unknown): boolean => codeOf(error) === "23505";
