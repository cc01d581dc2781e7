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
  cname(name: string): Promise<DnsAnswer<string>>;
};

/** Who waits for an answer is a person before a page. */
const TIMEOUT_MS = 3_000;

/** A name that every name server knows which knows the internet. */
const KNOWN_TO_ALL = "com";

const FAILURES: Readonly<Record<string, string>> = {
  ETIMEOUT: "no answer in time",
  ECANCELLED: "no answer in time",
  ECONNREFUSED: "this server reaches no name server",
  ESERVFAIL: "the domain's name servers failed",
  EREFUSED: "the name server refused to answer",
};

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error ? String(error.code) : "");

/** Asks the name servers of this machine; with `servers` (`address:port`) those. Two questions in `timeoutMs` each are the most it takes. */
export function systemDns({ timeoutMs = TIMEOUT_MS, servers }: { timeoutMs?: number; servers?: string[] } = {}): Dns {
  async function withResolver<T>(ask: (resolver: Resolver) => Promise<T>): Promise<T> {
    // One for each question: cancelling one ends all of its questions.
    const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
    if (servers) resolver.setServers(servers);
    const timer = setTimeout(() => resolver.cancel(), timeoutMs);
    try {
      return await ask(resolver);
    } finally {
      clearTimeout(timer);
    }
  }

  /** A name server inside a network that is cut off says of everything that it does not exist. */
  async function knowsTheInternet(): Promise<boolean> {
    try {
      await withResolver((resolver) => resolver.resolveNs(KNOWN_TO_ALL));
      return true;
    } catch {
      return false;
    }
  }

  async function lookUp<Found>(ask: (resolver: Resolver) => Promise<Found[]>): Promise<DnsAnswer<Found>> {
    try {
      const records = await withResolver(ask);
      return records.length > 0 ? { kind: "found", records } : { kind: "none" };
    } catch (error) {
      const code = codeOf(error);
      if (code === "ENODATA" || (code === "ENOTFOUND" && (await knowsTheInternet()))) return { kind: "none" };
      if (code === "ENOTFOUND")
        return { kind: "failed", detail: "this server's name server does not know the internet" };
      return { kind: "failed", detail: FAILURES[code] ?? `the lookup failed${code ? ` (${code})` : ""}` };
    }
  }

  return {
    txt: (name) => lookUp(async (resolver) => (await resolver.resolveTxt(name)).map((parts) => parts.join(""))),
    mx: (name) =>
      lookUp(async (resolver) =>
        (await resolver.resolveMx(name)).map(({ exchange, priority }) => ({ exchange, priority })),
      ),
    cname: (name) => lookUp((resolver) => resolver.resolveCname(name)),
  };
}
