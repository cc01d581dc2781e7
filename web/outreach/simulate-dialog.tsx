import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useId, useState } from "react";
import { MOST_SIMULATED_LEADS } from "#domains/outreach/contract/simulations.ts";
import { api } from "#web/api.ts";
import { NarrowLeads } from "#web/leads/narrow-leads.tsx";
import { leadFilterOf, type LeadsSearch } from "#web/leads/search.ts";
import { ASSUMED, ratesOf, simulationDefaults, simulationFormSchema } from "#web/outreach/simulation-form.ts";
import { isUnderWay, simulationLook, simulationQuery } from "#web/outreach/simulation-query.ts";
import { StatusPill } from "#web/ui/badge.tsx";
import { RadioGroup } from "#web/ui/choices.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Form, FormActions, FormField, FormValue, useSchemaForm } from "#web/ui/form.tsx";
import { formatNumber } from "#web/ui/format.ts";
import { Input } from "#web/ui/input.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";

export type SimulateDialogProps = { sequence: { id: string; name: string; status: string }; onClose: () => void };

/** Asks with whom, for how long and under which assumptions a sequence is tried, and leads to what comes out. */
export function SimulateDialog({ sequence, onClose }: SimulateDialogProps) {
  const formId = useId();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const form = useSchemaForm(simulationFormSchema, simulationDefaults());
  const [search, setSearch] = useState<LeadsSearch>({});
  const who = form.watch("who");
  const create = useMutation({
    ...api.outreach.simulations.create.mutationOptions(),
    onSuccess: async (started) => {
      queries.setQueryData(simulationQuery(started.id).queryKey, started);
      onClose();
      await navigate({ to: "/simulations/$simulationId", params: { simulationId: started.id } });
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      width="xl"
      title={`Simulate “${sequence.name}”`}
      description={`The engine lives through the days on a copy. Nothing is sent, nothing of yours is changed. ${triedAs(sequence.status)}`}
      actions={<FormActions form={form} formId={formId} action="Start simulation" onCancel={onClose} />}
    >
      <Form
        id={formId}
        form={form}
        guard={false}
        onSubmit={({ who: chosen, invented, days, seed, ...assumed }) =>
          create.mutateAsync({
            sequenceId: sequence.id,
            days,
            seed,
            rates: ratesOf(assumed),
            ...(chosen === "invented" ? { invented } : { filter: leadFilterOf(search) }),
          })
        }
      >
        <FormValue form={form} name="who">
          {(control) => (
            <RadioGroup
              {...control}
              label="With whom"
              options={[
                {
                  value: "invented",
                  label: "Invented people",
                  hint: "With an address for every channel, where you are at home.",
                },
                {
                  value: "leads",
                  label: "Leads of yours",
                  hint: `As they are today, with what they are in and whom they may not hear from; ${formatNumber(MOST_SIMULATED_LEADS)} at most.`,
                },
              ]}
            />
          )}
        </FormValue>
        {who === "invented" ? (
          <FormField form={form} name="invented" label="How many people">
            {(control) => <Input {...control} inputMode="numeric" autoComplete="off" className="max-w-40" />}
          </FormField>
        ) : (
          <NarrowLeads search={search} onChange={setSearch} />
        )}
        <FormField form={form} name="days" label="How many days">
          {(control) => <Input {...control} inputMode="numeric" autoComplete="off" className="max-w-40" />}
        </FormField>
        <fieldset className="grid grid-cols-[minmax(0,1fr)] gap-3">
          <legend className="pb-2 text-sm font-medium">What you assume, of all touches that reach somebody</legend>
          <div className="grid grid-cols-2 gap-3 sm:grid-cols-3">
            {ASSUMED.map(({ name, label }) => (
              <FormField key={name} form={form} name={name} label={label}>
                {(control) => <Input {...control} inputMode="decimal" autoComplete="off" suffix="%" />}
              </FormField>
            ))}
          </div>
        </fieldset>
        <FormField
          form={form}
          name="seed"
          label="Seed"
          optional
          hint="The same seed over the same data gives the same result. Without one it is drawn."
        >
          {(control) => <Input {...control} inputMode="numeric" autoComplete="off" className="max-w-40" />}
        </FormField>
      </Form>
      <Earlier sequenceId={sequence.id} />
    </Dialog>
  );
}

const triedAs = (status: string) =>
  status === "DRAFT" ? "The draft is tried as if it were started now." : "Its published version is tried.";

function Earlier({ sequenceId }: { sequenceId: string }) {
  const { data } = useQuery({
    ...api.outreach.simulations.list.queryOptions({ input: { sequenceId, limit: 3 } }),
    refetchInterval: ({ state }) => (state.data?.data.some(({ status }) => isUnderWay(status)) ? 1_000 : false),
  });
  if (!data || data.data.length === 0) return null;
  return (
    <section className="grid gap-2 pt-4">
      <h3 className="text-sm font-medium">Earlier simulations</h3>
      <ul className="grid rounded-lg border">
        {data.data.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 text-sm not-first:border-t">
            <StatusPill tone={simulationLook[one.status].tone}>{simulationLook[one.status].label}</StatusPill>
            <Link
              to="/simulations/$simulationId"
              params={{ simulationId: one.id }}
              className="rounded-md font-medium underline-offset-4 hover:underline"
            >
              {`${one.days} days, ${formatNumber(one.touches)} touches`}
            </Link>
            <span className="text-ink-muted">
              <RelativeTime at={one.createdAt} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
