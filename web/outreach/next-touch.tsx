import type { PlannedTouchView } from "#domains/outreach/contract/enrollments.ts";
import { plainDetail, whenInZone } from "#web/outreach/enrollment-words.ts";
import { ChannelIcon } from "#web/ui/channel-icon.tsx";
import { useNow } from "#web/ui/clock.ts";
import { formatDuration } from "#web/ui/format.ts";
import { RelativeTime } from "#web/ui/relative-time.tsx";

export type NextTouchProps = {
  touch: PlannedTouchView;
  /** The lead's IANA zone; undefined while it is not known. */
  zone: string | undefined;
};

/** The touch that comes next: channel and script, when on the lead's own clock, and why not now. */
export function NextTouch({ touch, zone }: NextTouchProps) {
  const now = useNow();
  const at = touch.waits.until ?? touch.scheduledAt;
  return (
    <div className="grid min-w-0 gap-1 text-sm">
      <p className="flex min-w-0 items-center gap-2">
        <ChannelIcon channel={touch.channel} />
        <span className="shrink-0 text-ink-muted">Next</span>
        <span className="min-w-0 truncate font-medium">{touch.scriptName ?? "No script"}</span>
        {at ? (
          <span className="shrink-0 text-ink-muted">
            <RelativeTime at={at} zone={zone} />
          </span>
        ) : null}
      </p>
      <p className="text-xs text-ink-muted">
        {at && zone ? `${whenInZone(at, now, zone)} · ` : null}
        {plainDetail(touch.waits.reason)}
        {touch.remainingMs === null ? null : `, ${formatDuration(touch.remainingMs / 1000)} of its wait left`}
      </p>
    </div>
  );
}
