import { useMutation, useQueryClient, useSuspenseQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { RotateCw } from "lucide-react";
import type { SimulationDetail } from "#domains/outreach/contract/simulations.ts";
import { api } from "#web/api.ts";
import { SimulationResults } from "#web/outreach/simulation-results.tsx";
import { isUnderWay, simulationLook, simulationQuery } from "#web/outreach/simulation-query.ts";
import { Page } from "#web/shell/page.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { countOf, formatNumber } from "#web/ui/format.ts";
import { Progress } from "#web/ui/progress.tsx";
import { toast } from "#web/ui/toast.tsx";

/** Asked this often while it runs: a simulation writes nothing but its own row, so no event tells of it. */
const EVERY_MS = 1_000;

// Loader

export function load(queries: QueryClient, simulationId: string) {
  return queries.ensureQueryData(simulationQuery(simulationId));
}

// Page

const route = getRouteApi("/frame/simulations/$simulationId");

export function SimulationPage() {
  const { simulationId } = route.useParams();
  const { data: simulation } = useSuspenseQuery({
    ...simulationQuery(simulationId),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data.status) ? EVERY_MS : false),
  });
  const { sequenceId, sequenceName, status, result, failure } = simulation;
  return (
    <Page
      title={`Simulation of ${sequenceName}`}
      context={contextOf(simulation)}
      status={<StatusPill tone={simulationLook[status].tone}>{simulationLook[status].label}</StatusPill>}
      back={{ to: "/sequences/$sequenceId", params: { sequenceId }, label: sequenceName }}
      action={isUnderWay(status) ? <Cancel id={simulationId} /> : <Again simulation={simulation} />}
    >
      <div className="grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-6">
        {isUnderWay(status) ? (
          <Progress
            label="Living through the days"
            value={status === "QUEUED" ? null : simulation.daysDone}
            total={simulation.days}
            detail={`${formatNumber(simulation.touches)} touches so far. You can leave this page; it goes on.`}
          />
        ) : null}
        {failure ? <Banner tone="danger">{failure}</Banner> : null}
        {status === "CANCELLED" ? <Banner tone="info">It was cancelled before it was done.</Banner> : null}
        {result ? <SimulationResults simulation={simulation} result={result} /> : null}
      </div>
    </Page>
  );
}

function contextOf({ invented, leadCount, days, seed }: SimulationDetail): string {
  const who =
    invented !== null
      ? countOf(invented, { one: "invented person", other: "invented people" })
      : leadCount !== null
        ? countOf(leadCount, { one: "lead of yours", other: "leads of yours" })
        : "Leads of a filter";
  return `${who} over ${countOf(days, { one: "day", other: "days" })} · seed ${seed}`;
}

function Cancel({ id }: { id: string }) {
  const queries = useQueryClient();
  const whyNot = useWhyNot("outreach:write");
  const cancel = useMutation({
    ...api.outreach.simulations.cancel.mutationOptions(),
    onSuccess: (ended) => queries.setQueryData(simulationQuery(id).queryKey, ended),
    onError: (error) => toast.problem(error),
  });
  return (
    <Button disabledReason={whyNot} loading={cancel.isPending} onClick={() => cancel.mutate({ simulationId: id })}>
      Cancel simulation
    </Button>
  );
}

/** The same people, days and assumptions with the same seed, over the data of today. */
function Again({ simulation }: { simulation: SimulationDetail }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const whyNot = useWhyNot("outreach:write");
  const again = useMutation({
    ...api.outreach.simulations.create.mutationOptions(),
    onSuccess: async (started) => {
      queries.setQueryData(simulationQuery(started.id).queryKey, started);
      await navigate({ to: "/simulations/$simulationId", params: { simulationId: started.id } });
    },
    onError: (error) => toast.problem(error),
  });
  const { sequenceId, invented, filter, days, seed, rates } = simulation;
  const whom = invented !== null ? { invented } : filter ? { filter } : null;
  return (
    <Button
      icon={RotateCw}
      disabledReason={whyNot ?? (whom ? null : "Its leads were named one by one: start it from where they are chosen")}
      loading={again.isPending}
      onClick={() => (whom ? again.mutate({ sequenceId, days, seed, rates, ...whom }) : undefined)}
    >
      Run again with this seed
    </Button>
  );
}
