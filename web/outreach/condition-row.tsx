import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useWatch } from "react-hook-form";
import { LEAD_SOURCES } from "#domains/leads/sets.ts";
import { CONDITION_FIELDS, DAYS_SINCE, STEP_OUTCOMES } from "#domains/outreach/conditions/language.ts";
import { FIELD_WORDS, OUTCOME_WORDS, SINCE_WORDS } from "#domains/outreach/conditions/words.ts";
import { api } from "#web/api.ts";
import { countryOptions } from "#web/leads/country-options.ts";
import { optionsOf, sourceWords, statusLook } from "#web/leads/words.ts";
import { ChoiceSet } from "#web/outreach/choice-set.tsx";
import { type Subject, newTest, opsOf, SUBJECTS, valueOf } from "#web/outreach/condition-form.ts";
import type { StepsForm } from "#web/outreach/step-settings.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Button, IconButton } from "#web/ui/button.tsx";
import { Combobox } from "#web/ui/combobox.tsx";
import { FormField } from "#web/ui/form.tsx";
import { Input } from "#web/ui/input.tsx";
import { type Option, Select } from "#web/ui/select.tsx";
import { toast } from "#web/ui/toast.tsx";
import { capital } from "#web/ui/format.ts";

/** A step that a condition may ask about. `ref` names it, `label` is what people see. */
export type EarlierStep = { ref: string; label: string };

function subjectInWords(subject: Subject): string {
  switch (subject) {
    case "custom":
      return "A field of your own";
    case "tag":
      return "Tags";
    case "segment":
      return "Saved filter";
    case "converted":
      return "Conversion";
  }
  for (const field of CONDITION_FIELDS) if (subject === `field:${field}`) return capital(FIELD_WORDS[field]);
  for (const outcome of STEP_OUTCOMES)
    if (subject === `step:${outcome}`) return `Earlier step: ${OUTCOME_WORDS[outcome]}`;
  for (const since of DAYS_SINCE) if (subject === `since:${since}`) return `Days since ${SINCE_WORDS[since]}`;
  return subject;
}

const subjectOptions: readonly Option<Subject>[] = SUBJECTS.map((value) => ({ value, label: subjectInWords(value) }));

const OP_WORDS: Readonly<Record<string, string>> = {
  is: "is",
  is_not: "is not",
  contains: "contains",
  not_contains: "does not contain",
  starts_with: "starts with",
  ends_with: "ends with",
  is_set: "is known",
  is_not_set: "is not known",
  has: "has any of",
  has_not: "has none of",
  at_least: "is at least",
  at_most: "is at most",
  less_than: "is less than",
  before: "is before",
  after: "is after",
};

function opOptions(subject: string): readonly Option[] {
  const said: Readonly<Record<string, string>> =
    subject === "converted"
      ? { yes: "has converted", no: "has not converted" }
      : subject === "segment"
        ? { yes: "finds the lead", no: "does not find the lead" }
        : { yes: "it was", no: "it was not" };
  return opsOf(subject).map((value) => ({ value, label: OP_WORDS[value] ?? said[value] ?? value }));
}

type Base = `steps.${number}.conditions.rows.${number}` | `steps.${number}.conditions.rows.${number}.rows.${number}`;

export type TestRowProps = {
  form: StepsForm;
  /** Where the row stands in the form. */
  base: Base;
  /** Names the row for whoever hears it. */
  label: string;
  earlier: readonly EarlierStep[];
  onRemove: () => void;
};

/** One condition: what is asked, how it is compared, and with what. */
export function TestRow({ form, base, label, earlier, onRemove }: TestRowProps) {
  const [subject, op] = useWatch({ control: form.control, name: [`${base}.subject`, `${base}.op`] });
  const turnTo = (chosen: string) => {
    const known = SUBJECTS.find((one) => one === chosen);
    if (!known) return;
    const fresh = newTest(known);
    const options = { shouldDirty: true };
    form.setValue(`${base}.subject`, fresh.subject, options);
    form.setValue(`${base}.op`, fresh.op, options);
    form.setValue(`${base}.text`, fresh.text, options);
    form.setValue(`${base}.values`, fresh.values, options);
    form.setValue(`${base}.key`, fresh.key, options);
    form.setValue(`${base}.step`, fresh.step, options);
    form.clearErrors(base);
  };
  return (
    <>
      <div className="flex items-end gap-2">
        <FormField form={form} name={`${base}.subject`} label={label} className="grow">
          {(control) => (
            <Combobox {...control} options={subjectOptions} onChange={turnTo} emptyText="Nothing like it" />
          )}
        </FormField>
        <IconButton icon={Trash2} label={`Remove ${label.toLowerCase()}`} size="sm" onClick={onRemove} />
      </div>
      {subject === "custom" ? <OwnField form={form} base={base} /> : null}
      <div className="grid grid-cols-2 items-start gap-2">
        <FormField form={form} name={`${base}.op`} label="Comparison">
          {(control) => <Select {...control} options={opOptions(subject)} />}
        </FormField>
        <Value form={form} base={base} earlier={earlier} subject={subject} op={op} />
      </div>
    </>
  );
}

type PartProps = Pick<TestRowProps, "form" | "base">;

function OwnField({ form, base }: PartProps) {
  const { data } = useQuery(api.leads.customFields.list.queryOptions({ input: {} }));
  const options = data?.data.map(({ key, label }) => ({ value: key, label })) ?? [];
  return (
    <FormField form={form} name={`${base}.key`} label="Field">
      {(control) => <Combobox {...control} options={options} emptyText="There is no such field" />}
    </FormField>
  );
}

type ValueProps = PartProps & Pick<TestRowProps, "earlier"> & { subject: string; op: string };

/** What the comparison is made with, where it needs anything. */
function Value({ form, base, earlier, subject, op }: ValueProps) {
  switch (valueOf({ subject, op })) {
    case "none":
      return null;
    case "step":
      return (
        <FormField form={form} name={`${base}.step`} label="Step">
          {(control) => (
            <Select
              {...control}
              options={earlier.map(({ ref, label }) => ({ value: ref, label }))}
              placeholder={earlier.length === 0 ? "None before" : "Choose…"}
            />
          )}
        </FormField>
      );
    case "segment":
      return <SegmentValue form={form} base={base} />;
    case "values":
      return <SeveralValue form={form} base={base} subject={subject} />;
    case "days":
      return (
        <FormField form={form} name={`${base}.text`} label="Days">
          {(control) => <Input {...control} inputMode="numeric" autoComplete="off" />}
        </FormField>
      );
    case "date":
      return (
        <FormField form={form} name={`${base}.text`} label="Day">
          {(control) => <Input {...control} type="date" />}
        </FormField>
      );
    case "number":
      return (
        <FormField form={form} name={`${base}.text`} label="Number">
          {(control) => <Input {...control} inputMode="decimal" autoComplete="off" />}
        </FormField>
      );
    case "text":
      return (
        <FormField form={form} name={`${base}.text`} label="Value">
          {(control) => <Input {...control} autoComplete="off" />}
        </FormField>
      );
  }
}

function SegmentValue({ form, base }: PartProps) {
  const { data } = useQuery(api.leads.savedFilters.list.queryOptions());
  const chosen = useWatch({ control: form.control, name: `${base}.text` });
  const options = data?.data.map(({ id, name }) => ({ value: id, label: name })) ?? [];
  const own = data?.data.find(({ id, shared }) => id === chosen && !shared);
  return (
    <div className="grid gap-1">
      <FormField form={form} name={`${base}.text`} label="Filter">
        {(control) => <Combobox {...control} options={options} emptyText="There is no such saved filter" />}
      </FormField>
      {own ? <Share savedFilterId={own.id} /> : null}
    </div>
  );
}

/** A filter that one person sees keeps all others from changing the sequence. */
function Share({ savedFilterId }: { savedFilterId: string }) {
  const queries = useQueryClient();
  const whyNot = useWhyNot("leads:write");
  const share = useMutation(
    api.leads.savedFilters.change.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: api.leads.savedFilters.key() }),
      onError: (error) => toast.problem(error),
    }),
  );
  return (
    <div className="flex flex-wrap items-center gap-2 text-xs text-ink-muted">
      <span>Only you see this filter: others could not save these steps.</span>
      <Button
        size="sm"
        loading={share.isPending}
        disabledReason={whyNot}
        onClick={() => share.mutate({ savedFilterId, shared: true })}
      >
        Share it with everybody
      </Button>
    </div>
  );
}

function SeveralValue({ form, base, subject }: PartProps & { subject: string }) {
  const tags = useQuery({ ...api.leads.tags.list.queryOptions(), enabled: subject === "tag" }).data?.data ?? [];
  const options: readonly Option[] =
    subject === "tag"
      ? tags.map(({ id, name }) => ({ value: id, label: name }))
      : subject === "field:status"
        ? optionsOf(statusLook)
        : subject === "field:source"
          ? LEAD_SOURCES.map((value) => ({ value, label: sourceWords[value] }))
          : countryOptions();
  return (
    <FormField form={form} name={`${base}.values`} label="Any of">
      {(control) => <ChoiceSet {...control} options={options} emptyText="There is none like it" />}
    </FormField>
  );
}
