import { useInfiniteQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { api } from "#web/api.ts";
import { conversionLook } from "#web/leads/conversion-words.ts";
import { problemOf } from "#web/problem.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Badge } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { formatMoney } from "#web/ui/format.ts";
import { late } from "#web/ui/late.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { InlineError } from "#web/ui/states.tsx";
import { keyset } from "#web/ui/table/source.ts";

const ConversionDialog = late(() =>
  import("#web/leads/conversion-dialog.tsx").then((module) => module.ConversionDialog),
);

/** What came of the lead, newest first. */
export function LeadConversions({ leadId, isErased }: { leadId: string; isErased: boolean }) {
  const list = useInfiniteQuery(
    api.conversions.listOfLead.infiniteOptions({
      ...keyset,
      input: (cursor) => ({ leadId, limit: 20, cursor }),
    }),
  );
  const [isOpen, setOpen] = useState(false);
  const whyNotWrite = useWhyNot("leads:write");
  const rows = list.data?.pages.flatMap(({ data }) => data);
  return (
    <section aria-label="Conversions" className="grid gap-2">
      <h2 className="text-sm font-semibold">Conversions</h2>
      {list.error ? <InlineError problem={problemOf(list.error)} onRetry={() => void list.refetch()} /> : null}
      {rows?.length === 0 ? <p className="text-sm text-ink-muted">None is on record.</p> : null}
      <ul className="grid gap-3 text-sm">
        {rows?.map(({ id, status, revenueMinor, currency, source, campaignName, createdAt }) => (
          <li key={id} className="grid justify-items-start gap-1">
            <span className="flex flex-wrap items-center gap-2">
              <Badge tone={conversionLook[status].tone}>{conversionLook[status].label}</Badge>
              {revenueMinor === 0 ? null : <span className="tabular-nums">{formatMoney(revenueMinor, currency)}</span>}
            </span>
            <span className="text-xs break-words text-ink-subtle">
              {[source, campaignName].filter(Boolean).join(", ")}, <RelativeTime at={createdAt} />
            </span>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        {list.hasNextPage ? (
          <Button size="sm" variant="ghost" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show more
          </Button>
        ) : null}
        <Button
          size="sm"
          disabledReason={whyNotWrite ?? (isErased ? "This person's data was erased" : null)}
          onClick={() => setOpen(true)}
        >
          Record a conversion
        </Button>
      </div>
      <Suspense>{isOpen ? <ConversionDialog leadId={leadId} onClose={() => setOpen(false)} /> : null}</Suspense>
    </section>
  );
}
