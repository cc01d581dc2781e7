import { useInfiniteQuery } from "@tanstack/react-query";
import type { z } from "zod";
import type { Channel } from "#domains/messaging/channels.ts";
import type { deliverySchema } from "#domains/messaging/contract.ts";
import { api } from "#web/api.ts";
import { SANDBOX_TABS, type SandboxTab } from "#web/messaging/search.ts";
import { keyset, useTableSource, type TableSource } from "#web/ui/table/source.ts";

export type Delivery = z.infer<typeof deliverySchema>;

/** What the sandbox of one channel was given and what was answered, newest first. */
export const deliveriesQuery = (channel: Channel) =>
  api.messaging.sandbox.deliveries.infiniteOptions({
    ...keyset,
    input: (cursor: string | undefined) => ({ channel, cursor, limit: 100 }),
  });

export type Deliveries = TableSource<Delivery>;

/** One channel's deliveries, kept true by the event stream. */
export function useDeliveries(channel: Channel): Deliveries {
  return useTableSource(useInfiniteQuery(deliveriesQuery(channel)));
}

/** The lead's address of a delivery: who it went to, or who answered. */
export function leadAddress({ direction, from, to }: Pick<Delivery, "direction" | "from" | "to">): string {
  return direction === "outbound" ? to : from;
}

export type Thread<Row> = { number: string; entries: readonly Row[]; latest: Row };

/** Deliveries (newest first) as conversations by the lead's number: the liveliest first, each oldest first. */
export function threadsOf<Row extends Pick<Delivery, "direction" | "from" | "to">>(
  rows: readonly Row[],
): Thread<Row>[] {
  const byNumber = Map.groupBy(rows, leadAddress);
  return [...byNumber].flatMap(([number, entries]) => {
    const latest = entries[0];
    return latest ? [{ number, entries: entries.toReversed(), latest }] : [];
  });
}

/** The first device that anything has come to, where one at a time is shown; nothing while all are empty. */
export function deviceInUse(rows: Readonly<Record<SandboxTab, readonly unknown[]>>): SandboxTab | undefined {
  return SANDBOX_TABS.find((device) => rows[device].length > 0);
}

export type Call<Row> = { call: Row; end: Row | undefined };

/** The call log: every call (newest first) with what was chosen as its end, an entry of its own that names the call's message. */
export function callsOf<Row extends Pick<Delivery, "direction" | "messageId">>(
  newestFirst: readonly Row[],
): Call<Row>[] {
  const ends = new Map(newestFirst.flatMap((row) => (row.direction === "inbound" ? [[row.messageId, row]] : [])));
  return newestFirst.flatMap((call) =>
    call.direction === "outbound"
      ? [{ call, end: call.messageId === null ? undefined : ends.get(call.messageId) }]
      : [],
  );
}
