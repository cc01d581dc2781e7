import { z } from "zod";
import type { Context } from "#platform/context.ts";
import type { Channel } from "../channels.ts";
import { type SenderStanding, listStandings } from "../queries/senders.ts";
import { DOMAIN_RECORDS, RECORD_STATES, domainOf } from "./domain-records.ts";

/** How a channel's senders stand before a launch. */
export type PoolStanding = {
  /** Senders in all, those that take new threads and may send, and the addresses of those that are paused. */
  total: number;
  open: number;
  paused: string[];
  /** Domains that lack records, with which. */
  unready: { domain: string; records: string[] }[];
};

const MOST = 500;
const checksSchema = z.array(z.object({ record: z.enum(DOMAIN_RECORDS), state: z.enum(RECORD_STATES) }));

/** The channels that have senders, with how these stand. */
export async function describeSenders(ctx: Context): Promise<Map<Channel, PoolStanding>> {
  const all = await listStandings(ctx, MOST);
  return new Map([...Map.groupBy(all, ({ channel }) => channel)].map(([channel, list]) => [channel, standingOf(list)]));
}

function standingOf(senders: readonly SenderStanding[]): PoolStanding {
  const unready = new Map<string, string[]>();
  for (const { address, domainStatus, domainChecks } of senders) {
    const checks = checksSchema.safeParse(domainChecks);
    if (domainStatus !== "incomplete" || !checks.success) continue;
    const lacks = checks.data.filter(({ state }) => state === "missing" || state === "faulty");
    unready.set(
      domainOf(address),
      lacks.map(({ record }) => record),
    );
  }
  return {
    total: senders.length,
    open: senders.filter(({ isActive, status }) => isActive && status === "ACTIVE").length,
    paused: senders.flatMap(({ status, address }) => (status === "PAUSED" ? [address] : [])),
    unready: [...unready].map(([domain, records]) => ({ domain, records })),
  };
}
