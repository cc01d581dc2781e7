import { useQuery } from "@tanstack/react-query";
import { LeadProperties } from "#web/leads/lead-properties.tsx";
import { leadQuery } from "#web/leads/lead-query.ts";
import { leadName } from "#web/leads/words.ts";
import { problemOf } from "#web/problem.ts";
import { SidePanel } from "#web/shell/side-panel.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Skeleton } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";

/** A lead beside the list. */
export function LeadPanel({ leadId, onClose }: { leadId: string; onClose: () => void }) {
  const { data: lead, error, refetch } = useQuery(leadQuery(leadId));
  return (
    <SidePanel
      title={lead ? leadName(lead) : "Lead"}
      onClose={onClose}
      actions={
        <LinkButton size="sm" variant="ghost" to="/leads/$leadId" params={{ leadId }}>
          Open page
        </LinkButton>
      }
    >
      {lead ? <LeadProperties lead={lead} /> : null}
      {!lead && error ? <InlineError problem={problemOf(error)} onRetry={() => void refetch()} /> : null}
      {!lead && !error ? (
        <div className="grid gap-4">
          {Array.from({ length: 8 }, (_, line) => (
            <Skeleton key={line} className={line % 2 ? "w-40" : "w-60"} />
          ))}
        </div>
      ) : null}
    </SidePanel>
  );
}
