import { createContext, useContext, type ReactNode } from "react";
import { useNow } from "#web/ui/clock.ts";
import { exactTime, relativeTime } from "#web/ui/format.ts";
import { Tooltip } from "#web/ui/tooltip.tsx";

const Zone = createContext(Intl.DateTimeFormat().resolvedOptions().timeZone);

/** Sets the IANA zone in which times below are shown: the workspace's, or a lead's own. */
export function ZoneProvider({ zone, children }: { zone: string; children: ReactNode }) {
  return <Zone value={zone}>{children}</Zone>;
}

/** The IANA zone in which times are shown here. */
export function useZone(): string {
  return useContext(Zone);
}

export type RelativeTimeProps = {
  /** An instant as the API writes it: `2026-03-02T12:00:00.000Z`. */
  at: string | Date;
  /** Another zone than the surrounding one. */
  zone?: string;
};

/** "5 min ago", kept fresh; the exact time in its named zone on hover and focus. */
export function RelativeTime({ at, zone }: RelativeTimeProps) {
  const surrounding = useZone();
  const now = useNow();
  const instant = new Date(at);
  const where = zone ?? surrounding;
  return (
    <Tooltip content={exactTime(instant, where)}>
      <time dateTime={instant.toISOString()} className="whitespace-nowrap tabular-nums">
        {relativeTime(instant, now, where)}
      </time>
    </Tooltip>
  );
}
