import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "#web/api.ts";
import { GateChecks, Tries } from "#web/messaging/gate-checks.tsx";
import { SettleMessage } from "#web/messaging/settle-message.tsx";
import { botWords, directionWords, statusLook } from "#web/messaging/words.ts";
import { problemOf } from "#web/problem.ts";
import { SidePanel } from "#web/shell/side-panel.tsx";
import { useMay, useWhyNot } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { ChannelIcon, channelLook } from "#web/ui/channel-icon.tsx";
import { countOf, formatDuration } from "#web/ui/format.ts";
import { Property, PropertyList } from "#web/ui/property-list.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";
import { toast } from "#web/ui/toast.tsx";

/** One message beside the list: its words, how it went, and why it went out or did not. */
export function MessagePanel({ messageId, onClose }: { messageId: string; onClose: () => void }) {
  const { data, error, refetch } = useQuery(api.messaging.messages.get.queryOptions({ input: { messageId } }));
  const may = useMay();
  return (
    <SidePanel
      title={data ? data.subject || `${channelLook[data.channel].name}, ${directionWords[data.direction]}` : "Message"}
      onClose={onClose}
      actions={
        data?.leadId && may("leads:read") ? (
          <LinkButton size="sm" variant="ghost" to="/leads/$leadId" params={{ leadId: data.leadId }}>
            Open lead
          </LinkButton>
        ) : null
      }
    >
      {data ? (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
          {data.status === "unknown" ? <SettleMessage message={data} /> : null}
          {data.awaitsReply ? <Answered messageId={messageId} /> : null}
          <PropertyList label="Message">
            <Property label="Channel" value={data.channel}>
              <ChannelIcon channel={data.channel} named />
            </Property>
            <Property label="Status" value={data.status}>
              <StatusPill tone={statusLook[data.status].tone}>{statusLook[data.status].label}</StatusPill>
            </Property>
            {data.leadName ? <Property label="Lead" value={data.leadName} /> : null}
            <Property label="From" value={data.from} />
            <Property label="To" value={data.to} />
            <Property label="Purpose" value={data.purpose} />
            <Time label="Written" at={data.createdAt} />
            <Time label="Due" at={data.dueAt} />
            <Time label="Sent" at={data.sentAt} />
            <Time label="Delivered" at={data.deliveredAt} />
            <Time label="Opened" at={data.openedAt} />
            <Time label="Clicked" at={data.clickedAt} />
            {data.scriptVersionId ? <Version versionId={data.scriptVersionId} /> : null}
            {data.direction === "outbound" ? <Property label="Tries" value={countOf(data.tries, TRY)} /> : null}
            {data.channel === "SMS" ? <Property label="Length" value={countOf(data.segments, SEGMENT)} /> : null}
            {data.provider ? <Property label="Vendor" value={data.provider} /> : null}
            {data.failure ? <Property label="Failure" value={data.failure} /> : null}
            {data.attempt?.result ? <Property label="Result" value={data.attempt.result} /> : null}
            {data.attempt?.duration ? <Property label="Talked" value={formatDuration(data.attempt.duration)} /> : null}
          </PropertyList>
          <Words title="Text">{data.text || "This message has no text."}</Words>
          {data.direction === "outbound" && data.channel !== "CALL" ? <Engagements messageId={messageId} /> : null}
          {data.attempt?.transcript ? <Words title="Transcript">{data.attempt.transcript}</Words> : null}
          <Tries stored={data.attempt?.tries} />
          {data.direction === "outbound" ? <GateChecks stored={data.attempt?.verdict} /> : null}
        </div>
      ) : error ? (
        <InlineError problem={problemOf(error)} onRetry={() => void refetch()} />
      ) : (
        <SkeletonText lines={10} />
      )}
    </SidePanel>
  );
}

const TRY = { one: "try", other: "tries" };
const SEGMENT = { one: "segment", other: "segments" };

function Time({ label, at }: { label: string; at: string | null }) {
  if (!at) return null;
  return (
    <Property label={label} value={at}>
      <RelativeTime at={at} />
    </Property>
  );
}

/** The text that it was made of, named for whoever may read scripts. */
function Version({ versionId }: { versionId: string }) {
  const may = useMay()("outreach:read");
  const { data } = useQuery({
    ...api.outreach.scriptVersions.get.queryOptions({ input: { scriptVersionId: versionId } }),
    enabled: may,
  });
  if (!data) return null;
  const words = `${data.name}, version ${data.number}`;
  return (
    <Property label="Script" value={words}>
      {data.scriptId === null ? (
        words
      ) : (
        <Link
          to="/scripts/$scriptId"
          params={{ scriptId: data.scriptId }}
          className="rounded-md text-ink underline underline-offset-4"
        >
          {words}
        </Link>
      )}
    </Property>
  );
}

const LISTED = 20;

/** When it was opened and its links were followed; machines are named as such. */
function Engagements({ messageId }: { messageId: string }) {
  const { data } = useQuery(api.messaging.messages.engagements.queryOptions({ input: { messageId, limit: LISTED } }));
  if (!data || data.data.length === 0) return null;
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-2 text-sm">
      <h3 className="font-medium">Opens and clicks</h3>
      <ul className="grid gap-1">
        {data.data.map(({ id, kind, at, url, isBot, botReason }) => (
          <li key={id} className="flex flex-wrap gap-x-2">
            <span className={isBot ? "text-ink-muted" : undefined}>{kind === "OPEN" ? "Opened" : "Clicked"}</span>
            {url ? <span className="min-w-0 text-ink-muted wrap-anywhere">{url}</span> : null}
            {botReason ? <span className="text-ink-muted">by a machine ({botWords[botReason]})</span> : null}
            <span className="ml-auto text-ink-muted">
              <RelativeTime at={at} />
            </span>
          </li>
        ))}
      </ul>
      {data.has_more ? <p className="text-ink-muted">And earlier ones.</p> : null}
    </section>
  );
}

function Words({ title, children }: { title: string; children: string }) {
  return (
    <section className="grid gap-2 text-sm">
      <h3 className="font-medium">{title}</h3>
      <p className="rounded-lg border bg-sunken p-3 wrap-anywhere whitespace-pre-wrap">{children}</p>
    </section>
  );
}

function Answered({ messageId }: { messageId: string }) {
  const queries = useQueryClient();
  const whyNot = useWhyNot("messages:send");
  const mark = useMutation({
    ...api.messaging.messages.markAnswered.mutationOptions(),
    onSuccess: () => queries.invalidateQueries({ queryKey: api.messaging.key() }),
    onError: (error) => toast.problem(error),
  });
  return (
    <Banner
      tone="info"
      action={
        <Button size="sm" disabledReason={whyNot} loading={mark.isPending} onClick={() => mark.mutate({ messageId })}>
          Mark as answered
        </Button>
      }
    >
      Nobody has answered this yet, and nothing was sent since.
    </Banner>
  );
}
