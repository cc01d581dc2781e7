import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import { api } from "#web/api.ts";
import type { EarlierStep } from "#web/outreach/condition-row.tsx";
import type { StepsChecked, StepsTyped, StepTyped } from "#web/outreach/step-form.ts";
import { useSettled } from "#web/ui/use-settled.ts";
import { channelOptions, unitOptions } from "#web/outreach/words.ts";
import { LinkButton } from "#web/ui/button.tsx";
import { Checkbox } from "#web/ui/choices.tsx";
import { Combobox } from "#web/ui/combobox.tsx";
import { FormField, FormValue } from "#web/ui/form.tsx";
import { Input } from "#web/ui/input.tsx";
import { Select } from "#web/ui/select.tsx";
import { Skeleton } from "#web/ui/skeleton.tsx";

const ConditionBuilder = lazy(() =>
  import("#web/outreach/condition-builder.tsx").then((module) => ({ default: module.ConditionBuilder })),
);

export type StepsForm = UseFormReturn<StepsTyped, unknown, StepsChecked>;

export type StepSettingsProps = {
  form: StepsForm;
  /** Which of the steps, from 0. */
  index: number;
  /** What it holds now. */
  step: StepTyped;
  /** The step was published: it keeps its channel. */
  isUsed: boolean;
  /** The steps before it, which its conditions may ask about. */
  earlier: readonly EarlierStep[];
};

/** Everything about the chosen step. */
export function StepSettings({ form, index, step, isUsed, earlier }: StepSettingsProps) {
  const [typed, setTyped] = useState("");
  const search = useSettled(typed.trim(), 200);
  const { data, isFetching } = useQuery({
    ...api.outreach.scripts.list.queryOptions({
      input: { type: step.channel, search: search || undefined, limit: 50 },
    }),
    placeholderData: keepPreviousData,
  });
  const found = data?.data.map(({ id, name }) => ({ value: id, label: name })) ?? [];
  const { scriptId, scriptName } = step;
  const isListed = scriptId === null || found.some(({ value }) => value === scriptId);
  const scripts = isListed ? found : [{ value: scriptId, label: scriptName ?? scriptId }, ...found];
  const setScript = (script: { value: string; label: string } | undefined) => {
    form.setValue(`steps.${index}.scriptId`, script?.value ?? null, { shouldDirty: true });
    form.setValue(`steps.${index}.scriptName`, script?.label ?? null, { shouldDirty: true });
  };
  return (
    <div className="grid content-start gap-4">
      <FormField
        form={form}
        name={`steps.${index}.channel`}
        label="Channel"
        hint={isUsed ? "The step was published, so it keeps its channel." : undefined}
      >
        {({ onChange, ...control }) => (
          <Select
            {...control}
            options={channelOptions}
            disabled={isUsed}
            onChange={(channel) => {
              onChange(channel);
              // A script is written for one channel.
              if (channel !== step.channel) setScript(undefined);
            }}
          />
        )}
      </FormField>
      <FormField form={form} name={`steps.${index}.scriptId`} label="Script">
        {({ value, ...control }) => (
          <Combobox
            {...control}
            value={value ?? ""}
            options={scripts}
            onChange={(id) => setScript(scripts.find((script) => script.value === id))}
            onSearch={setTyped}
            loading={isFetching}
            placeholder="Choose a script…"
            emptyText="No script of this channel matches"
          />
        )}
      </FormField>
      {scriptId ? (
        <LinkButton size="sm" variant="ghost" to="/scripts/$scriptId" params={{ scriptId }} className="-mx-2 w-fit">
          Open script
        </LinkButton>
      ) : null}
      <div className="grid grid-cols-2 gap-4">
        <FormField form={form} name={`steps.${index}.delayValue`} label="Wait">
          {(control) => <Input {...control} inputMode="numeric" autoComplete="off" />}
        </FormField>
        <FormField form={form} name={`steps.${index}.delayUnit`} label="Unit">
          {(control) => <Select {...control} options={unitOptions} />}
        </FormField>
      </div>
      <Suspense fallback={<Skeleton className="h-8" />}>
        <ConditionBuilder form={form} index={index} earlier={earlier} />
      </Suspense>
      <FormValue form={form} name={`steps.${index}.isActive`}>
        {(control) => <Checkbox {...control} label="Active" hint="A step that is switched off is passed over." />}
      </FormValue>
    </div>
  );
}
