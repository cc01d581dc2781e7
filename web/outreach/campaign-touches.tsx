import type { CampaignDetail } from "#domains/outreach/contract/campaigns.ts";
import { ChannelIcon } from "#web/ui/channel-icon.tsx";
import { NumberText } from "#web/ui/number-text.tsx";

const COLUMNS = [
  { key: "sent", name: "Sent" },
  { key: "delivered", name: "Delivered" },
  { key: "replied", name: "Replied" },
  { key: "failed", name: "Failed" },
] as const;

/** What became of a campaign's messages, channel by channel. */
export function CampaignTouches({ touches }: Pick<CampaignDetail, "touches">) {
  if (touches.length === 0) return null;
  return (
    <section className="grid gap-1">
      <h2 className="text-sm font-semibold">Messages</h2>
      <table className="w-full text-sm">
        <thead>
          <tr className="text-xs text-ink-subtle">
            <th scope="col" className="h-8 text-left font-medium">
              Channel
            </th>
            {COLUMNS.map(({ key, name }) => (
              <th key={key} scope="col" className="h-8 pl-2 text-right font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {touches.map((touch) => (
            <tr key={touch.channel} className="border-t">
              <th scope="row" className="h-8 text-left font-normal">
                <span className="flex">
                  <ChannelIcon channel={touch.channel} named />
                </span>
              </th>
              {COLUMNS.map(({ key }) => (
                <td key={key} className="h-8 pl-2 text-right">
                  <NumberText value={touch[key]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
