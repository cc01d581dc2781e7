import { useQuery } from "@tanstack/react-query";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { GitMerge } from "lucide-react";
import { leadQuery } from "#web/leads/lead-query.ts";
import { leadName } from "#web/leads/words.ts";
import { problemOf } from "#web/problem.ts";
import { RouteError } from "#web/shell/fallbacks.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { EmptyState } from "#web/ui/states.tsx";

/** Why there is no page of a lead; of one that was merged, where it went. */
export function LeadError(props: ErrorComponentProps) {
  const { code, moved_to: survivorId } = problemOf(props.error);
  if (code !== "lead-merged" || survivorId === undefined) return <RouteError {...props} />;
  return <Merged survivorId={survivorId} />;
}

function Merged({ survivorId }: { survivorId: string }) {
  const survivor = useQuery(leadQuery(survivorId)).data;
  const name = survivor ? leadName(survivor) : "the other lead";
  return (
    <div className="relative grow overflow-y-auto">
      <title>Merged · Throughline</title>
      <h1 className="sr-only">Merged</h1>
      <EmptyState
        icon={GitMerge}
        title="This lead is part of another now"
        action={
          <LinkButton variant="primary" to="/leads/$leadId" params={{ leadId: survivorId }}>
            Open {name}
          </LinkButton>
        }
      >
        Two leads were found to be one person and merged. Everything that was known of this one stands there.
      </EmptyState>
    </div>
  );
}
