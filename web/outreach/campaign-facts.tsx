import type { Channel } from "#domains/messaging/channels.ts";
import { dayEnd, dayStart } from "#domains/messaging/day-starts.ts";
import type { CampaignDetail } from "#domains/outreach/contract/campaigns.ts";
import { CAMPAIGN_LEAD_STATUSES, type CampaignLeadStatus } from "#domains/outreach/states.ts";
import { ChannelBoxes } from "#web/outreach/campaign-channels.tsx";
import { useSaveCampaign } from "#web/outreach/campaign-query.ts";
import { CampaignRule } from "#web/outreach/campaign-rule.tsx";
import { CampaignTouches } from "#web/outreach/campaign-touches.tsx";
import { assigned, campaignLeadLook } from "#web/outreach/campaign-words.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { dayKey, exactTime, formatShare, shortDate } from "#web/ui/format.ts";
import { useNow } from "#web/ui/clock.ts";
import { NumberText } from "#web/ui/number-text.tsx";
import { Property, PropertyList } from "#web/ui/property-list.tsx";
import { RelativeTime, useZone } from "#web/ui/relative-time.tsx";
import { TOOK_THEIRS } from "#web/ui/took-theirs.ts";
import { toast } from "#web/ui/toast.tsx";

export type CampaignFactsProps = {
  campaign: CampaignDetail;
  /** Shows the leads of that status. */
  onStatus: (status: CampaignLeadStatus) => void;
};

/** What a campaign is, edited in place, and how far its leads have come. */
export function CampaignFacts({ campaign, onStatus }: CampaignFactsProps) {
  const { name, description, channels, status } = campaign;
  const zone = useZone();
  const whyNot = useWhyNot("outreach:write");
  const { save: change, isPending } = useSaveCampaign(campaign);
  // One that is over is only read.
  const mayEdit = whyNot === null && status !== "COMPLETED";
  const saveChannels = (next: Channel[]) =>
    void change({ channels: next }).then(
      (saved) =>
        saved === TOOK_THEIRS ||
        toast.undo("Channels changed", () => void change({ channels }).catch((error: unknown) => toast.problem(error))),
      (error: unknown) => toast.problem(error),
    );
  return (
    <div className="grid gap-6">
      <Progress campaign={campaign} onStatus={onStatus} />
      <CampaignTouches touches={campaign.touches} />
      <CampaignRule campaign={campaign} mayEdit={mayEdit} />
      <section className="grid gap-1">
        <h2 className="text-sm font-semibold">Properties</h2>
        <PropertyList label="Properties">
          <Property label="Name" value={name} onSave={mayEdit ? (text) => change({ name: text }) : undefined} />
          <Property
            label="What for"
            kind="lines"
            value={description ?? ""}
            onSave={mayEdit ? (text) => change({ description: text === "" ? null : text }) : undefined}
          />
          <div className="grid min-h-8 grid-cols-[6.5rem_minmax(0,1fr)] items-start gap-2 text-sm">
            <dt className="truncate py-1 leading-6 text-ink-muted">Channels</dt>
            <dd className="min-w-0 py-1.5">
              <ChannelBoxes
                label="Channels"
                value={channels}
                disabled={!mayEdit || isPending}
                onChange={saveChannels}
              />
            </dd>
          </div>
          <Day
            label="First day"
            at={campaign.startDate}
            onSave={
              mayEdit ? (day) => change({ startDate: day ? dayStart(zone, day).toISOString() : null }) : undefined
            }
          />
          <Day
            label="Last day"
            at={campaign.endDate}
            onSave={mayEdit ? (day) => change({ endDate: day ? dayEnd(zone, day).toISOString() : null }) : undefined}
          />
          <Property label="Created" value={campaign.createdAt}>
            <RelativeTime at={campaign.createdAt} />
          </Property>
          <Property label="Changed" value={campaign.updatedAt}>
            <RelativeTime at={campaign.updatedAt} />
          </Property>
        </PropertyList>
      </section>
    </div>
  );
}

type DayProps = { label: string; at: string | null; onSave?: (day: string) => Promise<unknown> };

/** A day of the workspace's calendar; the exact instant on hover. */
function Day({ label, at, onSave }: DayProps) {
  const zone = useZone();
  const now = useNow();
  const instant = at ? new Date(at) : undefined;
  return (
    <Property
      label={label}
      kind="date"
      value={instant ? dayKey(instant, zone) : ""}
      source={instant ? exactTime(instant, zone) : undefined}
      onSave={onSave}
    >
      {instant ? shortDate(instant, now, zone) : undefined}
    </Property>
  );
}

function Progress({ campaign: { leads }, onStatus }: CampaignFactsProps) {
  const all = assigned(leads);
  if (all === 0) return null;
  return (
    <section className="grid gap-1">
      <h2 className="text-sm font-semibold">Leads</h2>
      <ul className="text-sm">
        {CAMPAIGN_LEAD_STATUSES.map((status) => (
          <li key={status}>
            <button
              type="button"
              onClick={() => onStatus(status)}
              className="-mx-2 flex h-8 w-[calc(100%+1rem)] items-center gap-4 rounded-md px-2 text-left hover:bg-hover pointer-coarse:h-11"
            >
              <span className="grow">
                <StatusPill tone={campaignLeadLook[status].tone}>{campaignLeadLook[status].label}</StatusPill>
              </span>
              <NumberText value={leads[status] ?? 0} />
              <span className="w-10 text-right text-ink-subtle tabular-nums">
                {formatShare((leads[status] ?? 0) / all)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
