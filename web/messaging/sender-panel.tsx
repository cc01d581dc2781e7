import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import type { SenderDetail } from "#domains/messaging/sender-contract.ts";
import { api } from "#web/api.ts";
import { SenderDomain } from "#web/messaging/sender-domain.tsx";
import { faultShare, LIMITS, senderLook } from "#web/messaging/sender-words.ts";
import { problemOf } from "#web/problem.ts";
import { SidePanel } from "#web/shell/side-panel.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { StatusPill, toneInk } from "#web/ui/badge.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button } from "#web/ui/button.tsx";
import { ChannelIcon } from "#web/ui/channel-icon.tsx";
import { useNow } from "#web/ui/clock.ts";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { countOf, formatNumber, formatShare, shortDate } from "#web/ui/format.ts";
import { late } from "#web/ui/late.tsx";
import { Progress } from "#web/ui/progress.tsx";
import { Property, PropertyList } from "#web/ui/property-list.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";
import { toast } from "#web/ui/toast.tsx";

const SenderDialog = late(() => import("#web/messaging/sender-dialog.tsx").then((module) => module.SenderDialog));

/** A calendar day of the workspace: of no zone but its own. */
const dayWords = (day: string, now: Date) => shortDate(new Date(`${day}T12:00:00Z`), now, "UTC");

const LEAD = { one: "lead", other: "leads" };
const MESSAGE = { one: "message", other: "messages" };

/** One sender beside the list: what it may send, how its messages fare, and what its domain lacks. */
export function SenderPanel({ senderId, onClose }: { senderId: string; onClose: () => void }) {
  const { data, error, refetch } = useQuery(api.messaging.senders.get.queryOptions({ input: { senderId } }));
  return (
    <SidePanel title={data?.address ?? "Sender"} onClose={onClose}>
      {data ? (
        <Shown sender={data} onGone={onClose} />
      ) : error ? (
        <InlineError problem={problemOf(error)} onRetry={() => void refetch()} />
      ) : (
        <SkeletonText lines={10} />
      )}
    </SidePanel>
  );
}

function Shown({ sender, onGone }: { sender: SenderDetail; onGone: () => void }) {
  const [editing, setEditing] = useState(false);
  const { data: integrations } = useQuery(api.integrations.list.queryOptions());
  const { paused, whyNot, today, ramp, domain } = sender;
  const look = senderLook(sender);
  const now = useNow();
  const vendor = integrations?.data.find(({ id }) => id === sender.integrationId)?.label;
  return (
    <div className="grid gap-6">
      {paused ? (
        <Paused sender={sender} />
      ) : whyNot ? (
        <Banner tone="warning">{`${whyNot}. Its leads wait.`}</Banner>
      ) : null}
      <Acts sender={sender} onEdit={() => setEditing(true)} onGone={onGone} />
      <Progress
        label="Today"
        value={today.used}
        total={today.limit}
        detail={
          ramp?.full && today.limit < sender.perDay
            ? `Warming up: 2 more each day, ${formatNumber(sender.perDay)} from ${dayWords(ramp.full, now)}`
            : undefined
        }
      />
      <PropertyList label="Sender">
        <Property label="Channel" value={sender.channel}>
          <ChannelIcon channel={sender.channel} named />
        </Property>
        <Property label="State" value={look.label}>
          <StatusPill tone={look.tone}>{look.label}</StatusPill>
        </Property>
        {sender.channel === "EMAIL" ? <Property label="Name" value={sender.displayName || "The workspace's"} /> : null}
        <Property label="Belongs to" value={vendor ?? "The channel's vendor"} />
        <Property label="A day" value={formatNumber(sender.perDay)} />
        <Property label="A minute" value={formatNumber(sender.perMinute)} />
        <Property label="New leads" value={sender.takesNew ? "Takes them" : "Takes none"} />
        <Property label="Written to" value={countOf(sender.threads, LEAD)} />
        <Property label="Added" value={sender.createdAt}>
          <RelativeTime at={sender.createdAt} />
        </Property>
      </PropertyList>
      <Health sender={sender} />
      <Days days={sender.days} />
      {domain ? <SenderDomain senderId={sender.id} domain={domain} /> : null}
      <Suspense>{editing ? <SenderDialog sender={sender} onClose={() => setEditing(false)} /> : null}</Suspense>
    </div>
  );
}

function Health({ sender }: { sender: SenderDetail }) {
  const { sends } = sender.health;
  return (
    <section className="grid gap-2 text-sm">
      <h3 className="font-medium">{sends > 0 ? `Of its last ${countOf(sends, MESSAGE)}` : "Nothing sent yet"}</h3>
      {sends > 0 ? (
        <dl className="grid grid-cols-[1fr_auto_auto] gap-x-4 gap-y-1 tabular-nums">
          <Fault sender={sender} kind="bounces" label="Came back for good" />
          <Fault sender={sender} kind="complaints" label="Reported as spam" />
        </dl>
      ) : null}
      <p className="text-ink-muted">
        {`It pauses itself at ${formatShare(LIMITS.bounces)} that come back or 0.1% that are reported, once it has sent 50.`}
      </p>
    </section>
  );
}

function Fault({ sender, kind, label }: { sender: SenderDetail; kind: "bounces" | "complaints"; label: string }) {
  const share = faultShare(sender, kind);
  return (
    <>
      <dt className="text-ink-muted">{label}</dt>
      <dd className="text-right">{formatNumber(sender.health[kind])}</dd>
      <dd className={`text-right ${share ? toneInk[share.tone] : ""}`}>{share?.words ?? "–"}</dd>
    </>
  );
}

const DAYS = 7;

function Days({ days }: { days: SenderDetail["days"] }) {
  const now = useNow();
  if (days.length < 2) return null;
  return (
    <section className="grid gap-2 text-sm">
      <h3 className="font-medium">The last days</h3>
      <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 tabular-nums">
        {days
          .slice(-DAYS)
          .toReversed()
          .map(({ day, used, limit }) => (
            <div key={day} className="contents">
              <dt className="text-ink-muted">{dayWords(day, now)}</dt>
              <dd className="text-right">{`${formatNumber(used)} of ${formatNumber(limit)}`}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}

function useChange(onDone?: () => void) {
  const queries = useQueryClient();
  return {
    onSuccess: async () => {
      onDone?.();
      await queries.invalidateQueries({ queryKey: api.messaging.senders.key() });
    },
    onError: (error: Error) => toast.problem(error),
  };
}

function Paused({ sender: { id, paused } }: { sender: SenderDetail }) {
  const whyNot = useWhyNot("integrations:write");
  const resume = useMutation({ ...api.messaging.senders.resume.mutationOptions(), ...useChange() });
  if (!paused) return null;
  const isOwn = paused.cause !== "person";
  return (
    <Banner tone={isOwn ? "danger" : "warning"}>
      <p className="font-medium">{isOwn ? "It has paused itself" : "It is paused"}</p>
      {paused.reason ? <p>{isOwn ? `${paused.reason}.` : paused.reason}</p> : null}
      <p>
        Since <RelativeTime at={paused.at} />. Its leads wait.
        {isOwn ? " Resumed, it is judged by what it sends from then on." : ""}
      </p>
      <div className="pt-2">
        <Button
          size="sm"
          disabledReason={whyNot}
          loading={resume.isPending}
          onClick={() => resume.mutate({ senderId: id })}
        >
          Resume
        </Button>
      </div>
    </Banner>
  );
}

function Acts({ sender, onEdit, onGone }: { sender: SenderDetail; onEdit: () => void; onGone: () => void }) {
  const whyNot = useWhyNot("integrations:write");
  const [removing, setRemoving] = useState(false);
  const pause = useMutation({ ...api.messaging.senders.pause.mutationOptions(), ...useChange() });
  const remove = useMutation({ ...api.messaging.senders.remove.mutationOptions(), ...useChange(onGone) });
  const { id: senderId, address, threads } = sender;
  return (
    <div className="flex flex-wrap gap-2">
      <Button size="sm" disabledReason={whyNot} onClick={onEdit}>
        Change
      </Button>
      {sender.status === "ACTIVE" ? (
        <Button
          size="sm"
          disabledReason={whyNot}
          loading={pause.isPending}
          onClick={() => pause.mutate({ senderId, reason: "" })}
        >
          Pause
        </Button>
      ) : null}
      <Button size="sm" variant="ghost" disabledReason={whyNot} onClick={() => setRemoving(true)}>
        Remove
      </Button>
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title={`Remove ${address}?`}
        consequences={`${countOf(threads, LEAD)} ${threads === 1 ? "is" : "are"} written to from another sender from then on. What was sent stays. A channel without senders sends from its integration's own address.`}
        action="Remove sender"
        loading={remove.isPending}
        error={remove.error ? problemOf(remove.error).title : undefined}
        onConfirm={() => remove.mutate({ senderId })}
      />
    </div>
  );
}
