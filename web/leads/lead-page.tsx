import { useInfiniteQuery, useSuspenseQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Download, Eraser, GitMerge, Send, Trash2, Workflow } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { LeadFacts, LeadIdentity } from "#web/leads/lead-identity.tsx";
import { LeadProperties } from "#web/leads/lead-properties.tsx";
import { leadQuery } from "#web/leads/lead-query.ts";
import { LeadSequences } from "#web/leads/lead-sequences.tsx";
import { LeadTimeline, timelineQuery } from "#web/leads/lead-timeline.tsx";
import { answerBefore } from "#web/leads/touches.ts";
import { leadName, statusLook } from "#web/leads/words.ts";
import { leadEnrollmentsQuery } from "#web/outreach/enrollment-query.ts";
import { Page, RecordLayout } from "#web/shell/page.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { channelLook } from "#web/ui/channel-icon.tsx";
import { late } from "#web/ui/late.tsx";

const DeleteLeadDialog = late(() =>
  import("#web/leads/delete-lead-dialog.tsx").then((module) => module.DeleteLeadDialog),
);
const EnrollLeadDialog = late(() =>
  import("#web/outreach/enroll-lead-dialog.tsx").then((module) => module.EnrollLeadDialog),
);
const EraseLeadDialog = late(() => import("#web/leads/erase-lead-dialog.tsx").then((module) => module.EraseLeadDialog));
const ExplanationPanel = lazy(() =>
  import("#web/outreach/explanation-panel.tsx").then((module) => ({ default: module.ExplanationPanel })),
);
const MergeWithDialog = late(() => import("#web/leads/merge-with-dialog.tsx").then((module) => module.MergeWithDialog));
const MessageSheet = late(() => import("#web/leads/lead-message-sheet.tsx").then((module) => module.LeadMessageSheet));
const WriteDialog = late(() => import("#web/outreach/write-dialog.tsx").then((module) => module.WriteDialog));

// Loader

export function load(queries: QueryClient, leadId: string) {
  void queries.prefetchInfiniteQuery(timelineQuery(leadId));
  void queries.prefetchQuery(leadEnrollmentsQuery(leadId));
  return queries.ensureQueryData(leadQuery(leadId));
}

// Page

const route = getRouteApi("/frame/leads/$leadId");

export function LeadPage() {
  const { leadId } = route.useParams();
  const { data: lead } = useSuspenseQuery(leadQuery(leadId));
  const { why, touch, message } = route.useSearch();
  const navigate = route.useNavigate();
  const [dialog, setDialog] = useState<"delete" | "enroll" | "erase" | "merge" | "write">();
  const close = () => setDialog(undefined);
  const whyNotDelete = useWhyNot("leads:delete");
  const whyNotMerge = useWhyNot("leads:write");
  const whyNotEnroll = useWhyNot("outreach:write");
  const whyNotSend = useWhyNot("messages:send");
  const timeline = useInfiniteQuery(timelineQuery(leadId)).data?.pages.flatMap(({ data }) => data) ?? [];
  const answeredBy = ({ completedAt }: { completedAt: string | null }) => {
    const channel = answerBefore(timeline, completedAt);
    return Object.entries(channelLook).find(([known]) => known === channel)?.[1].name;
  };
  const explain = (search: { why?: string }) => void navigate({ search, replace: true, resetScroll: false });
  const name = leadName(lead);
  const { label, tone } = statusLook[lead.status];
  return (
    <Page
      title={name}
      status={<StatusPill tone={tone}>{label}</StatusPill>}
      back={{ to: "/leads", label: "Leads" }}
      fill
      action={
        <>
          <Button
            icon={Send}
            disabledReason={
              whyNotSend ?? (lead.email || lead.phone ? null : "This lead has no address that one could write to")
            }
            onClick={() => setDialog("write")}
          >
            Write
          </Button>
          <Button
            icon={Workflow}
            disabledReason={whyNotEnroll ?? (lead.erasedAt ? "This person's data was erased" : null)}
            onClick={() => setDialog("enroll")}
          >
            Enrol in sequence
          </Button>
        </>
      }
      menu={[
        {
          items: [
            {
              label: "Merge with…",
              icon: GitMerge,
              disabledReason: whyNotMerge ?? (lead.erasedAt ? "This person's data was erased" : null),
              onSelect: () => setDialog("merge"),
            },
            {
              label: "Export data",
              icon: Download,
              onSelect: () => location.assign(`/api/v1/leads/${leadId}/export`),
            },
            {
              label: "Erase data…",
              icon: Eraser,
              danger: true,
              disabledReason: whyNotDelete ?? (lead.erasedAt ? "This person's data was erased" : null),
              onSelect: () => setDialog("erase"),
            },
            {
              label: "Delete lead",
              icon: Trash2,
              danger: true,
              disabledReason: whyNotDelete,
              onSelect: () => setDialog("delete"),
            },
          ],
        },
      ]}
    >
      <RecordLayout
        identity={<LeadIdentity lead={lead} />}
        facts={<LeadFacts lead={lead} />}
        properties={<LeadProperties lead={lead} />}
      >
        <LeadSequences
          leadId={leadId}
          leadName={name}
          zone={lead.timeZone}
          answeredBy={answeredBy}
          onWhy={(enrollmentId) => explain({ why: enrollmentId })}
        />
        <LeadTimeline leadId={leadId} name={name} />
      </RecordLayout>
      <Suspense>
        {why ? (
          <ExplanationPanel
            key={why}
            enrollmentId={why}
            touch={touch}
            answeredBy={answeredBy}
            inPage="lead"
            onClose={() => explain({})}
          />
        ) : message ? (
          <MessageSheet key={message} messageId={message} onClose={() => explain({})} />
        ) : null}
        {dialog === "delete" ? <DeleteLeadDialog leadId={leadId} name={name} onClose={close} /> : null}
        {dialog === "erase" ? <EraseLeadDialog leadId={leadId} name={name} onClose={close} /> : null}
        {dialog === "merge" ? <MergeWithDialog leadId={leadId} name={name} onClose={close} /> : null}
        {dialog === "write" ? <WriteDialog lead={lead} name={name} onClose={close} /> : null}
        {dialog === "enroll" ? <EnrollLeadDialog leadId={leadId} name={name} onClose={close} /> : null}
      </Suspense>
    </Page>
  );
}
