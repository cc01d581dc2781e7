import { clsx } from "clsx";
import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Channel, MessageStatus } from "#domains/messaging/channels.ts";
import type { MessagingOverview } from "#domains/messaging/contract.ts";
import { Lines } from "#web/home/home-pending.tsx";
import { SectionBody } from "#web/home/section.tsx";
import { statusLook } from "#web/messaging/words.ts";
import { Card } from "#web/ui/card.tsx";
import { ChannelIcon, channelLook } from "#web/ui/channel-icon.tsx";
import { countOf, formatNumber } from "#web/ui/format.ts";

const ROWS = ["EMAIL", "SMS", "CALL"] as const satisfies readonly Channel[];
const ALWAYS: readonly MessageStatus[] = ["sent", "delivered", "failed"];
const ORDER = ["queued", "sending", "sent", "delivered", "failed", "unknown", "cancelled"] as const;
/** What a column counts: a message that was delivered went out before. */
const within = (column: MessageStatus): MessageStatus[] => (column === "sent" ? ["sent", "delivered"] : [column]);

/** What went out today or is about to, by channel and by what became of it. */
export function Today({ messaging, className }: { messaging: UseQueryResult<MessagingOverview>; className: string }) {
  const today = messaging.data?.today;
  const all = today ? sum(today.counts) : undefined;
  return (
    <Card
      title="Today"
      description={all ? `${countOf(all, MESSAGE)} to leads since midnight` : "Messages to leads since midnight"}
      flush
      className={className}
    >
      <SectionBody
        query={messaging}
        pending={
          <div className="px-4 pb-4">
            <Lines count={4} />
          </div>
        }
      >
        {({ today }) =>
          sum(today.counts) === 0 ? (
            <p className="border-t px-4 py-6 text-sm text-ink-muted">
              Nothing has gone out yet today.{" "}
              <Link
                to="/messages"
                search={{ direction: "outbound" }}
                className="font-medium text-accent-ink underline-offset-4 hover:underline"
              >
                Open messages
              </Link>{" "}
              to see the days before.
            </p>
          ) : (
            <Table today={today} />
          )
        }
      </SectionBody>
    </Card>
  );
}

const MESSAGE = { one: "message", other: "messages" };

type Counts = MessagingOverview["today"]["counts"];
const sum = (counts: Counts) => counts.reduce((total, { count }) => total + count, 0);

function Table({ today: { day, counts } }: { today: MessagingOverview["today"] }) {
  // A status that nothing is in takes no column, but for those that everybody looks for.
  const shown = ORDER.filter((status) => ALWAYS.includes(status) || counts.some((one) => one.status === status));
  return (
    <div
      className="scroll-quiet relative overflow-x-auto pb-1"
      tabIndex={0}
      role="region"
      aria-label="Today's messages"
    >
      <table className="w-full text-sm">
        <thead>
          <tr className="border-t text-xs text-ink-subtle">
            <th scope="col" className="h-9 pl-4 text-left font-medium">
              Channel
            </th>
            {shown.map((status) => (
              <th key={status} scope="col" className="h-9 px-2 text-right font-medium last:pr-4">
                {statusLook[status].label}
              </th>
            ))}
            <th scope="col" className="h-9 pr-4 pl-2 text-right font-medium">
              All
            </th>
          </tr>
        </thead>
        <tbody>
          {ROWS.map((channel) => {
            const own = counts.filter((one) => one.channel === channel);
            return (
              <tr key={channel} className="border-t">
                <th scope="row" className="h-10 pl-4 text-left font-normal">
                  <span className="flex">
                    <ChannelIcon channel={channel} named />
                  </span>
                </th>
                <Figures counts={own} shown={shown} name={channelLook[channel].name} search={{ channel, since: day }} />
              </tr>
            );
          })}
          <tr className="border-t font-medium">
            <th scope="row" className="h-10 pl-4 text-left font-medium">
              All
            </th>
            <Figures counts={counts} shown={shown} name="All channels" search={{ since: day }} />
          </tr>
        </tbody>
      </table>
    </div>
  );
}

type FiguresProps = {
  counts: Counts;
  shown: readonly MessageStatus[];
  name: string;
  search: { channel?: Channel; since: string };
};

function Figures({ counts, shown, name, search }: FiguresProps) {
  return (
    <>
      {shown.map((status) => (
        <td key={status} className="h-10 px-2 text-right">
          <Figure
            value={sum(counts.filter((one) => within(status).includes(one.status)))}
            what={`${name}, ${statusLook[status].label.toLowerCase()}`}
            isAlarm={status === "failed" || status === "unknown"}
            search={{ ...search, status: within(status) }}
          />
        </td>
      ))}
      <td className="h-10 pr-4 pl-2 text-right font-medium">
        <Figure value={sum(counts)} what={name} search={search} />
      </td>
    </>
  );
}

type FigureProps = {
  value: number;
  what: string;
  isAlarm?: boolean;
  search: { channel?: Channel; status?: MessageStatus[]; since: string };
};

function Figure({ value, what, isAlarm, search }: FigureProps) {
  if (value === 0) return <span className="font-normal text-ink-subtle tabular-nums">0</span>;
  return (
    <Link
      to="/messages"
      search={{ direction: "outbound", ...search }}
      aria-label={`${formatNumber(value)}, ${what}: show them`}
      className={clsx("rounded-md tabular-nums underline-offset-4 hover:underline", isAlarm && "text-danger-ink")}
    >
      {formatNumber(value)}
    </Link>
  );
}
