import { useSuspenseQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { LeadIdentity } from "#web/leads/lead-identity.tsx";
import { LeadProperties } from "#web/leads/lead-properties.tsx";
import { leadQuery } from "#web/leads/lead-query.ts";
import { LeadTimeline, timelineQuery } from "#web/leads/lead-timeline.tsx";
import { leadName, statusLook } from "#web/leads/words.ts";
import { Page, RecordLayout } from "#web/shell/page.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";

const DeleteLeadDialog = lazy(() =>
  import("#web/leads/delete-lead-dialog.tsx").then((module) => ({ default: module.DeleteLeadDialog })),
);

// Loader

export function load(queries: QueryClient, leadId: string) {
  void queries.prefetchInfiniteQuery(timelineQuery(leadId));
  return queries.ensureQueryData(leadQuery(leadId));
}

// Page

const route = getRouteApi("/frame/leads/$leadId");

export function LeadPage() {
  const { leadId } = route.useParams();
  const { data: lead } = useSuspenseQuery(leadQuery(leadId));
  const [deleting, setDeleting] = useState(false);
  const whyNotDelete = useWhyNot("leads:delete");
  const name = leadName(lead);
  const { label, tone } = statusLook[lead.status];
  return (
    <Page
      title={name}
      status={<StatusPill tone={tone}>{label}</StatusPill>}
      back={{ to: "/leads", label: "Leads" }}
      fill
      menu={[
        {
          items: [
            {
              label: "Delete lead",
              icon: Trash2,
              danger: true,
              disabledReason: whyNotDelete,
              onSelect: () => setDeleting(true),
            },
          ],
        },
      ]}
    >
      <RecordLayout identity={<LeadIdentity lead={lead} />} properties={<LeadProperties lead={lead} />}>
        <LeadTimeline leadId={leadId} name={name} />
      </RecordLayout>
      <Suspense>
        {deleting ? <DeleteLeadDialog leadId={leadId} name={name} onClose={() => setDeleting(false)} /> : null}
      </Suspense>
    </Page>
  );
}
