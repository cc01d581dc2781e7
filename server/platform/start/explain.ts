import { ConfigError } from "../config.ts";
import { DatabaseStartError } from "../database/embedded.ts";
import { MigrationError } from "../database/migrate.ts";

const read = (error: unknown, key: string): string => {
  const value: unknown = typeof error === "object" && error !== null ? Reflect.get(error, key) : undefined;
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
};

/** What PostgreSQL and the network say when DATABASE_URL is wrong (codes: PostgreSQL manual, appendix A; errno(3)). */
const DATABASE_SENTENCES: Record<string, (error: unknown) => string> = {
  ECONNREFUSED: (error) =>
    `Nothing answers at ${read(error, "address")}:${read(error, "port")}. Start PostgreSQL there, or correct DATABASE_URL.`,
  ENOTFOUND: (error) => `There is no host ${read(error, "hostname")}. Correct DATABASE_URL.`,
  EAI_AGAIN: (error) =>
    `The host ${read(error, "hostname")} cannot be looked up. Correct DATABASE_URL, or check the network.`,
  ETIMEDOUT: () => "The database does not answer. Check the host and port in DATABASE_URL.",
  ECONNRESET: () =>
    "The database ended the connection at once. Does DATABASE_URL name a PostgreSQL, and does it ask for sslmode?",
  "28P01": () => "The database refuses the password. Correct DATABASE_URL.",
  "28000": (error) => `The database refuses the user: ${read(error, "message")}. Correct DATABASE_URL.`,
  "3D000": (error) => `The database does not exist: ${read(error, "message")}. Create it, or correct DATABASE_URL.`,
  "42501": (error) =>
    `The user of DATABASE_URL lacks a right: ${read(error, "message")}. It must own the database and be allowed to create roles (CREATEROLE).`,
  "57P03": () => "The database is still starting. Try again in a moment.",
};

const SENTENCES: Record<string, (error: unknown) => string> = {
  EADDRINUSE: (error) => `Port ${read(error, "port")} is taken. Stop the program that uses it, or set PORT to another.`,
  EADDRNOTAVAIL: (error) => `This machine has no address ${read(error, "address")}. Correct HOST.`,
  EACCES: (error) =>
    read(error, "syscall") === "listen"
      ? `Port ${read(error, "port")} may only be used by root. Set PORT to one above 1023.`
      : `${read(error, "path")} may not be written. Give this user the right, or set DATA_DIR to another directory.`,
  EPERM: (error) => `${read(error, "path")} may not be changed by this user. Set DATA_DIR to another directory.`,
  EROFS: (error) => `${read(error, "path")} is on a read-only disk. Set DATA_DIR to another directory.`,
  ENOSPC: () => "The disk is full. Free some space, or set DATA_DIR to another disk.",
  "53100": () => "The disk of the database is full. Free some space.",
  ...DATABASE_SENTENCES,
};

/** One plain sentence about why the process does not start. What nobody foresaw keeps its stack: it is a bug. */
export function explainStart(error: unknown): string {
  if (error instanceof ConfigError || error instanceof DatabaseStartError || error instanceof MigrationError)
    return error.message;
  if (error instanceof Error && error.name === "BootError") return error.message;
  if (error instanceof AggregateError && error.errors.length > 0) return explainStart(error.errors[0]);
  const sentence = SENTENCES[read(error, "code")];
  if (sentence) return sentence(error);
  return `Throughline does not start, and should: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
