import { Resolver } from "node:dns/promises";

/** What the domain name system said of a name: its records, that there are none, or nothing that can be relied on. */
export type DnsAnswer<Found> =
  | { kind: "found"; records: Found[] }
  | { kind: "none" }
  | { kind: "failed"; detail: string };

export type MxRecord = { exchange: string; priority: number };

/** Looks up records of a domain. Never throws, and answers within a few seconds. */
export type Dns = {
  /** Each text with its parts put together. */
  txt(name: string): Promise<DnsAnswer<string>>;
  mx(name: string): Promise<DnsAnswer<MxRecord>>;
};

/** Who waits for an answer is a person before a page. */
const TIMEOUT_MS = 3_000;
/** The name has no record of this kind, or there is no such name (c-ares). All else says nothing about the domain. */
const NO_RECORDS: readonly string[] = ["ENODATA", "ENOTFOUND"];

const FAILURES: Readonly<Record<string, string>> = {
  ETIMEOUT: "no answer in time",
  ECANCELLED: "no answer in time",
  ECONNREFUSED: "this server reaches no name server",
  ESERVFAIL: "the domain's name servers failed",
  EREFUSED: "the name server refused to answer",
};

/** Asks the name servers of this machine. */
export function systemDns(timeoutMs: number = TIMEOUT_MS): Dns {
  async function ask<Found>(look: (resolver: Resolver) => Promise<Found[]>): Promise<DnsAnswer<Found>> {
    // One for each question: cancelling one ends all of its questions.
    const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
    const timer = setTimeout(() => resolver.cancel(), timeoutMs);
    try {
      const records = await look(resolver);
      return records.length > 0 ? { kind: "found", records } : { kind: "none" };
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      return NO_RECORDS.includes(code)
        ? { kind: "none" }
        : { kind: "failed", detail: FAILURES[code] ?? `the lookup failed${code ? ` (${code})` : ""}` };
    } finally {
      clearTimeout(timer);
    }
  }
  return {
    txt: (name) => ask(async (resolver) => (await resolver.resolveTxt(name)).map((parts) => parts.join(""))),
    mx: (name) => ask((resolver) => resolver.resolveMx(name)),
  };
}
