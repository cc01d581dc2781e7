import { useInfiniteQuery } from "@tanstack/react-query";
import { Activity, Ban, CircleDot, GitMerge, Pencil, UserPlus, Workflow, type LucideIcon } from "lucide-react";
import type { TimelineEntry } from "#domains/leads/contract.ts";
import { api } from "#web/api.ts";
import { useActorName, type Actor } from "#web/leads/actor-names.ts";
import { channelIn, eventWords, isToldElsewhere } from "#web/leads/timeline-words.ts";
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
  const entries = query.data?.pages.flatMap(({ data }) => data.filter((entry) => !isToldElsewhere(entry))) ?? [];
  if (query.isPending) {
    return (
      <div className="grid gap-6">
        {Array.from({ length: 6 }, (_, line) => (
          <Skeleton key={line} className={line % 2 ? "w-60" : "w-40"} />
        ))}
      </div>
    );
  }
  return (
    <Timeline
      label="Timeline"
      entries={entries.map((entry) => lineOf(entry, name, nameOf))}
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

function lineOf(entry: TimelineEntry, name: string, nameOf: (actor: Actor) => string): Line {
  const { who, what, outcome, detail } = eventWords(entry.type, entry.payload);
  const channel = channelIn(entry.payload);
  const Icon = iconOf(entry.type);
  return {
    id: entry.id,
    at: entry.at,
    icon: channel ? <ChannelIcon channel={channel} /> : <Icon className="icon" aria-hidden />,
    who: who === "person" ? name : (who?.name ?? nameOf(entry.actor)),
    what,
    outcome: outcome ? <StatusPill tone={outcome.tone}>{outcome.label}</StatusPill> : undefined,
    detail: detail || undefined,
  };
}

const ICONS: readonly (readonly [start: string, icon: LucideIcon])[] = [
  ["leads.lead-created", UserPlus],
  ["leads.lead-updated", Pencil],
  ["leads.status-changed", CircleDot],
  ["leads.address-suppressed", Ban],
  ["leads.suppression-lifted", Ban],
  ["leads.merge", GitMerge],
  ["outreach.", Workflow],
];

const iconOf = (type: string): LucideIcon => ICONS.find(([start]) => type.startsWith(start))?.[1] ?? Activity;
