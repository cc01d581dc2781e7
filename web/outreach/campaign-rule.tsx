import { useQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import type { LeadFilter } from "#domains/leads/rules.ts";
import type { CampaignDetail } from "#domains/outreach/contract/campaigns.ts";
import { api } from "#web/api.ts";
import { customFieldsQuery } from "#web/leads/custom-field-words.ts";
import { leadNoun } from "#web/leads/words.ts";
import { assigned } from "#web/outreach/campaign-words.ts";
import { filterInWords } from "#web/leads/filter-words.ts";
import { useNow } from "#web/ui/clock.ts";
import { Button } from "#web/ui/button.tsx";
import { countOf, formatNumber } from "#web/ui/format.ts";
import { late } from "#web/ui/late.tsx";
import { useZone } from "#web/ui/relative-time.tsx";

const CampaignRuleDialog = late(() =>
  import("#web/outreach/campaign-rule-dialog.tsx").then((module) => module.CampaignRuleDialog),
);

/** Whom the campaign takes in by itself and how many places are left, in words. */
export function CampaignRule({ campaign, mayEdit }: { campaign: CampaignDetail; mayEdit: boolean }) {
  const [isEditing, setIsEditing] = useState(false);
  const { autoAssign, maxLeads, leads, status } = campaign;
  const left = maxLeads === null ? null : Math.max(0, maxLeads - assigned(leads));
  return (
    <section className="grid gap-1 text-sm">
      <div className="flex items-center justify-between gap-2">
        <h2 className="text-sm font-semibold">Who comes in</h2>
        {mayEdit ? (
          <Button size="sm" variant="ghost" onClick={() => setIsEditing(true)}>
            {autoAssign || maxLeads !== null ? "Change" : "Set a rule"}
          </Button>
        ) : null}
      </div>
      <p className="text-ink-muted">
        {autoAssign ? (
          <>
            By itself: {autoAssign.filter ? <RuleWords filter={autoAssign.filter} /> : "whom its rule finds"}
            {status === "ACTIVE" ? "." : ", once it is active."}
          </>
        ) : (
          "Whom somebody assigns, and whoever is enrolled for it."
        )}
      </p>
      {left === null ? null : (
        <p className="text-ink-muted">
          {left === 0
            ? `Full: ${countOf(maxLeads ?? 0, leadNoun)} at most.`
            : `${formatNumber(left)} of ${formatNumber(maxLeads ?? 0)} places left.`}
        </p>
      )}
      <Suspense>
        {isEditing ? <CampaignRuleDialog campaign={campaign} onClose={() => setIsEditing(false)} /> : null}
      </Suspense>
    </section>
  );
}

/** The rule with the names of tags and own fields, once they are known. */
function RuleWords({ filter }: { filter: LeadFilter }) {
  const tags = useQuery(api.leads.tags.list.queryOptions());
  const fields = useQuery(customFieldsQuery);
  const [now, zone] = [useNow(), useZone()];
  if (tags.isPending || fields.isPending) return "…";
  return filterInWords(filter, { tags: tags.data?.data ?? [], fields: fields.data?.data ?? [], now, zone });
}
