import { clsx } from "clsx";
import type { UseQueryResult } from "@tanstack/react-query";
import { Link, type LinkProps } from "@tanstack/react-router";
import {
  AtSign,
  CircleCheck,
  CircleHelp,
  CirclePause,
  MessageSquareReply,
  Plug,
  TriangleAlert,
  type LucideIcon,
} from "lucide-react";
import type { ReactNode } from "react";
import type { z } from "zod";
import type { MessagingOverview, VendorPause } from "#domains/messaging/contract.ts";
import type { integrationsSchema } from "#platform/integrations/contract.ts";
import { SectionBody } from "#web/home/section.tsx";
import { toneInk, type Tone } from "#web/ui/badge.tsx";
import { channelLook } from "#web/ui/channel-icon.tsx";
import { formatNumber } from "#web/ui/format.ts";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { Skeleton } from "#web/ui/skeleton.tsx";

type Integrations = z.infer<typeof integrationsSchema>;

type Item = {
  key: string;
  icon: LucideIcon;
  tone: Tone;
  figure: string;
  words: string;
  detail: ReactNode;
  link: Pick<LinkProps, "to" | "search">;
};

export type AttentionProps = {
  messaging: UseQueryResult<MessagingOverview>;
  integrations: UseQueryResult<Integrations>;
  /** Undefined: not known, or not for this person. */
  pauses: readonly VendorPause[] | undefined;
  className: string;
};

/** What needs a person now, in one line; each figure opens the list behind it. */
export function Attention({ messaging, integrations, pauses = [], className }: AttentionProps) {
  return (
    <section aria-label="Needs you" className={clsx("overflow-hidden rounded-lg border", className)}>
      <SectionBody
        query={messaging}
        pending={
          <div className="flex h-16 items-center gap-4 px-4" aria-hidden>
            <Skeleton className="size-4" />
            <Skeleton className="w-60" />
          </div>
        }
      >
        {(overview) => (
          <Items items={[...pauseItems(pauses), ...messagesItems(overview), ...vendorItems(integrations.data)]} />
        )}
      </SectionBody>
    </section>
  );
}

function Items({ items }: { items: readonly Item[] }) {
  if (items.length === 0) {
    return (
      <p className="flex min-h-12 items-center gap-3 px-4 py-3 text-base">
        <CircleCheck className={clsx("icon", toneInk.positive)} aria-hidden />
        Nothing needs you right now.
      </p>
    );
  }
  return (
    <ul className="grid *:-mr-px *:-mb-px *:border-r *:border-b sm:auto-cols-fr sm:grid-flow-col">
      {items.map(({ key, icon: Icon, tone, figure, words, detail, link }) => (
        <li key={key} className="min-w-0">
          <Link
            {...link}
            className="flex h-full min-w-0 items-start gap-3 px-4 py-3 hover:bg-hover focus-visible:-outline-offset-2"
          >
            <Icon className={clsx("icon mt-1.5 shrink-0", toneInk[tone])} aria-hidden />
            <span className="grid min-w-0">
              <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
                <span className="text-xl font-semibold tabular-nums">{figure}</span>
                <span className="min-w-0 text-base">{words}</span>
              </span>
              <span className="text-sm text-ink-muted">{detail}</span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

const figureOf = ({ count, isMore }: { count: number; isMore: boolean }) =>
  `${formatNumber(count)}${isMore ? "+" : ""}`;

function messagesItems({ replies, unknown, failed, pausedSenders }: MessagingOverview): Item[] {
  const items: Item[] = [];
  const [paused] = pausedSenders;
  if (paused) {
    items.push({
      key: "senders",
      icon: AtSign,
      tone: "danger",
      figure: formatNumber(pausedSenders.length),
      words: pausedSenders.length === 1 ? "sender paused itself" : "senders paused themselves",
      detail:
        pausedSenders.length === 1
          ? `${paused.address}: ${paused.reason}`
          : pausedSenders.map(({ address }) => address).join(", "),
      link: { to: "/settings/senders", search: { status: "PAUSED" } },
    });
  }
  if (replies.count > 0) {
    items.push({
      key: "replies",
      icon: MessageSquareReply,
      tone: "accent",
      figure: figureOf(replies),
      words: replies.count === 1 ? "reply waits" : "replies wait",
      detail: replies.oldestAt ? (
        <>
          {replies.count === 1 ? "Came " : "The oldest came "}
          <RelativeTime at={replies.oldestAt} />
        </>
      ) : null,
      link: { to: "/messages", search: { awaitsReply: "true" } },
    });
  }
  if (unknown.count > 0) {
    items.push({
      key: "unknown",
      icon: CircleHelp,
      tone: "warning",
      figure: figureOf(unknown),
      words: "to settle",
      detail: unknown.count === 1 ? "No vendor has said what became of it" : "No vendor has said what became of them",
      link: { to: "/messages", search: { status: ["unknown"] } },
    });
  }
  if (failed.count > 0) {
    items.push({
      key: "failed",
      icon: TriangleAlert,
      tone: "danger",
      figure: figureOf(failed),
      words: "failed",
      detail: "In the last 7 days",
      link: { to: "/messages", search: { status: ["failed"], since: failed.since } },
    });
  }
  return items;
}

function pauseItems(pauses: readonly VendorPause[]): Item[] {
  const [oldest] = pauses;
  if (!oldest) return [];
  return [
    {
      key: "paused",
      icon: CirclePause,
      tone: "danger",
      figure: formatNumber(pauses.length),
      words: pauses.length === 1 ? "vendor is paused" : "vendors are paused",
      detail: (
        <>
          {pauses.map(({ label }) => label).join(", ")}: kept failing <RelativeTime at={oldest.since} />
        </>
      ),
      link: { to: "/settings/integrations" },
    },
  ];
}

function vendorItems(integrations: Integrations | undefined): Item[] {
  if (!integrations) return [];
  const broken = integrations.data.filter(
    ({ isActive, isReadable, health }) => isActive && (!isReadable || health?.status === "failing"),
  );
  const closed = integrations.channels
    .filter(({ via }) => via === "none")
    .map(({ channel }) => channelLook[channel].name);
  const items: Item[] = [];
  if (broken.length > 0) {
    items.push({
      key: "broken",
      icon: Plug,
      tone: "danger",
      figure: formatNumber(broken.length),
      words: broken.length === 1 ? "vendor does not work" : "vendors do not work",
      detail: broken.map(({ label }) => label).join(", "),
      link: { to: "/settings/integrations" },
    });
  }
  if (closed.length > 0) {
    items.push({
      key: "closed",
      icon: Plug,
      tone: "warning",
      figure: formatNumber(closed.length),
      words: closed.length === 1 ? "channel has no vendor" : "channels have no vendor",
      detail: `Nothing can be sent: ${closed.join(", ")}`,
      link: { to: "/settings/integrations" },
    });
  }
  return items;
}
