import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Activity, Ban, CircleDot, GitMerge, Pencil, UserPlus, Workflow, type LucideIcon } from "lucide-react";
import type { TimelineEntry } from "#domains/leads/contract.ts";
import { api } from "#web/api.ts";
import { useActorName, type Actor } from "#web/leads/actor-names.ts";
import { channelIn, eventWords, isToldElsewhere, joinArrivals } from "#web/leads/timeline-words.ts";
import { joinTouches, type Touch } from "#web/leads/touches.ts";
import { problemOf } from "#web/problem.ts";
import { StatusPill } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { ChannelIcon } from "#web/ui/channel-icon.tsx";
import { Skeleton } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";
import { keyset } from "#web/ui/table/source.ts";
import { Timeline, type TimelineEntry as Line } from "#web/ui/timeline.tsx";

export const timelineQuery = (leadId: string) =>
  api.leads.timeline.infiniteOptions({ ...keyset, input: (cursor) => ({ leadId, cursor, limit: 50 }) });

/** Everything that happened to a lead, newest first, page by page. */
export function LeadTimeline({ leadId, name }: { leadId: string; name: string }) {
  const query = useInfiniteQuery(timelineQuery(leadId));
  const nameOf = useActorName();
  const loaded = query.data?.pages.flatMap(({ data }) => data.filter((entry) => !isToldElsewhere(entry))) ?? [];
  const entries = joinArrivals(joinTouches(loaded));
  if (query.isPending) {
    return (
      <div className="grid gap-6" aria-busy>
        {Array.from({ length: 6 }, (_, line) => (
          <Skeleton key={line} className={line % 2 ? "w-60" : "w-40"} />
        ))}
      </div>
    );
  }
  return (
    <Timeline
      label="Timeline"
      entries={entries.map(({ entry, touch }) => lineOf(entry, touch, name, nameOf))}
      footer={
        query.error ? (
          <InlineError problem={problemOf(query.error)} onRetry={() => void query.refetch()} />
        ) : query.hasNextPage ? (
          <Button
            size="sm"
            variant="ghost"
            className="justify-self-start"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            Show earlier
          </Button>
        ) : entries.length === 0 ? (
          <p className="text-sm text-ink-muted">Nothing has happened yet.</p>
        ) : null
      }
    />
  );
}

function lineOf(entry: TimelineEntry, touch: Touch | undefined, name: string, nameOf: (actor: Actor) => string): Line {
  const { who, what, outcome, detail } = eventWords(entry.type, entry.payload);
  const channel = channelIn(entry.payload);
  const Icon = iconOf(entry.type);
  const isOfMessage = entry.type.startsWith("messaging.");
  // A touch is the sequence's doing, whichever process of the product carried it out.
  const sender = isOfMessage && who === undefined ? touch?.sequenceName : undefined;
  return {
    id: entry.id,
    at: entry.at,
    icon: channel ? <ChannelIcon channel={channel} /> : <Icon className="icon" aria-hidden />,
    who: who === "person" ? name : (who?.name ?? sender ?? nameOf(entry.actor)),
    what: touch && sender ? `step ${touch.stepOrder + 1}: ${what}` : what,
    outcome: outcome ? <StatusPill tone={outcome.tone}>{outcome.label}</StatusPill> : undefined,
    why: <Why entry={entry} touch={touch} what={what} />,
    detail: detail || undefined,
  };
}

/** Leads to what an entry rests on: the touch in its sequence, the sequence itself, or the message by itself. */
function Why({ entry, touch, what }: { entry: TimelineEntry; touch: Touch | undefined; what: string }) {
  const { enrollmentId, messageId } = entry.payload;
  const search = touch
    ? { why: touch.enrollmentId, touch: touch.executionId }
    : typeof enrollmentId === "string"
      ? { why: enrollmentId }
      : typeof messageId === "string"
        ? { message: messageId }
        : undefined;
  if (!search) return null;
  return (
    <Link
      to="."
      search={search}
      replace
      resetScroll={false}
      aria-label={`Why: ${what}`}
      className="shrink-0 rounded-md px-1 text-xs text-ink-subtle hover:text-ink hover:underline"
    >
      why?
    </Link>
  );
}

const ICONS: readonly (readonly [start: string, icon: LucideIcon])[] = [
  ["leads.lead-created", UserPlus],
  ["leads.lead-updated", Pencil],
  ["leads.status-changed", CircleDot],
  ["leads.address-suppressed", Ban],
  ["leads.suppression-lifted", Ban],
  ["messaging.no-heard", Ban],
  ["leads.merge", GitMerge],
  ["leads.leads-merged", GitMerge],
  ["outreach.", Workflow],
];

const iconOf = (type: string): LucideIcon => ICONS.find(([start]) => type.startsWith(start))?.[1] ?? Activity;
