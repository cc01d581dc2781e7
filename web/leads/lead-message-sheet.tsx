import { useQuery } from "@tanstack/react-query";
import { api } from "#web/api.ts";
import { GateChecks, Tries } from "#web/messaging/gate-checks.tsx";
import { directionWords, statusLook } from "#web/messaging/words.ts";
import { problemOf } from "#web/problem.ts";
import { StatusPill } from "#web/ui/badge.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { channelLook } from "#web/ui/channel-icon.tsx";
import { Sheet } from "#web/ui/dialog.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";

/** A message that belongs to no sequence, over the lead's page: its words, and why it went out or did not. */
export function LeadMessageSheet({ messageId, onClose }: { messageId: string; onClose: () => void }) {
  const { data, error, refetch } = useQuery(api.messaging.messages.get.queryOptions({ input: { messageId } }));
  return (
    <Sheet
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      modal={false}
      title={data ? data.subject || `${channelLook[data.channel].name}, ${directionWords[data.direction]}` : "Message"}
    >
      {data ? (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
          <p className="flex flex-wrap items-baseline gap-x-2 text-sm text-ink-muted">
            <StatusPill tone={statusLook[data.status].tone}>{statusLook[data.status].label}</StatusPill>
            <RelativeTime at={data.sentAt ?? data.createdAt} />
          </p>
          <p className="rounded-lg border bg-sunken p-3 text-sm wrap-anywhere whitespace-pre-wrap">
            {data.text || "This message has no text."}
          </p>
          {data.failure ? <p className="text-sm text-danger-ink">{data.failure}</p> : null}
          <Tries stored={data.attempt?.tries} />
          {data.direction === "outbound" ? <GateChecks stored={data.attempt?.verdict} /> : null}
          <LinkButton size="sm" to="/messages" search={{ row: messageId }} className="justify-self-start">
            Open in messages
          </LinkButton>
        </div>
      ) : error ? (
        <InlineError problem={problemOf(error)} onRetry={() => void refetch()} />
      ) : (
        <SkeletonText lines={8} />
      )}
    </Sheet>
  );
}
