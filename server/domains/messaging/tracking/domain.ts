import type { DnsAnswer } from "#platform/dns.ts";

/**
 * How a workspace's own host for links stands. none: it has none · points: its CNAME names this server · elsewhere: it names another · missing: it
 * has no CNAME · unknown: nobody could be asked.
 */
export const TRACKING_DOMAIN_STATES = ["none", "points", "elsewhere", "missing", "unknown"] as const;

export type TrackingDomain = {
  state: (typeof TRACKING_DOMAIN_STATES)[number];
  /** The host, and the name that its CNAME must say; empty where there is none to publish. */
  host: string;
  target: string;
  /** What is there instead. */
  found: string[];
  detail: string;
};

const bare = (name: string) => name.toLowerCase().replace(/\.$/, "");

/** Reads what the name servers said of a workspace's host. `serverHost`: the name by which this server is reached, without a port. */
export function judgeTrackingDomain(
  host: string,
  serverHost: string,
  answer: DnsAnswer<string> | null,
): TrackingDomain {
  const about = { host, target: serverHost, found: [] as string[] };
  if (host === "" || answer === null)
    return { ...about, state: "none", detail: "Links are on this server's own address." };
  if (bare(host) === bare(serverHost)) return { ...about, state: "points", detail: "This is this server's own name." };
  if (answer.kind === "failed")
    return { ...about, state: "unknown", detail: `It could not be looked up: ${answer.detail}.` };
  if (answer.kind === "none") {
    return {
      ...about,
      state: "missing",
      detail: "It has no CNAME yet. Where a proxy of your own stands in front, see that it leads here.",
    };
  }
  const found = answer.records.map(bare);
  return found.includes(bare(serverHost))
    ? { ...about, found, state: "points", detail: "It points at this server." }
    : { ...about, found, state: "elsewhere", detail: `It points at ${found.join(", ")}.` };
}
