import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useWatch } from "react-hook-form";
import type { SequenceDetail } from "#domains/outreach/contract/sequences.ts";
import { api } from "#web/api.ts";
import { optionsOf, sourceWords, statusLook } from "#web/leads/words.ts";
import { ChoiceSet } from "#web/outreach/choice-set.tsx";
import {
  otherTriggerKeys,
  sequenceFormSchema,
  typedSequence,
  type SequenceChecked,
} from "#web/outreach/sequence-form.ts";
import { SequenceWindow } from "#web/outreach/sequence-window.tsx";
import { failureOptions, reentryOptions, triggerOptions } from "#web/outreach/words.ts";
import { useRecordForm } from "#web/shell/record-form.ts";
import { Button } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Checkbox } from "#web/ui/choices.tsx";
import { Form, FormField, FormValue, useSchemaForm } from "#web/ui/form.tsx";
import { Input, Textarea } from "#web/ui/input.tsx";
import { Select } from "#web/ui/select.tsx";

export type SequenceSettingsProps = {
  sequence: SequenceDetail;
  /** `base`: what the changes began from. Throws the API's refusal; its faults land on their fields. */
  onSave: (patch: SequenceChecked, base: SequenceDetail) => Promise<unknown>;
  whyNot: string | null;
  onDirty: (isDirty: boolean) => void;
};

/** What a sequence is called, whom it takes, and the rules it keeps. */
export function SequenceSettings({ sequence, onSave, whyNot, onDirty }: SequenceSettingsProps) {
  const form = useSchemaForm(sequenceFormSchema, typedSequence(sequence));
  const { isDirty, isSubmitting } = form.formState;
  const { reset } = form;
  const base = useRecordForm(form, sequence, typedSequence);
  useEffect(() => onDirty(isDirty), [isDirty, onDirty]);
  const triggerType = useWatch({ control: form.control, name: "triggerType" });
  const rule = useWatch({ control: form.control, name: "settings.reentry.rule" });
  const stopOnReply = useWatch({ control: form.control, name: "settings.stopOnReply" });
  const campaigns = useQuery({
    ...api.outreach.campaigns.list.queryOptions({ input: { limit: 200 } }),
    enabled: triggerType === "new_lead",
  }).data?.data;
  return (
    <Form
      form={form}
      onSubmit={({ triggerConfig, ...patch }) =>
        onSave(
          { ...patch, triggerConfig: { ...otherTriggerKeys(sequence, patch.triggerType), ...triggerConfig } },
          base,
        )
      }
    >
      <fieldset disabled={whyNot !== null} className="grid min-w-0 gap-4">
        {whyNot ? <p className="text-sm text-ink-muted">{whyNot}</p> : null}
        <Card title="What it is">
          <div className="grid gap-4">
            <FormField form={form} name="name" label="Name">
              {(control) => <Input {...control} autoComplete="off" />}
            </FormField>
            <FormField form={form} name="description" label="What it is for" optional>
              {(control) => <Textarea {...control} rows={2} />}
            </FormField>
          </div>
        </Card>
        <Card title="Who comes in" description="Whoever is in already stays in.">
          <div className="grid gap-4">
            <FormField form={form} name="triggerType" label="Trigger">
              {(control) => <Select {...control} options={triggerOptions} />}
            </FormField>
            {triggerType === "new_lead" ? (
              <>
                <FormField
                  form={form}
                  name="triggerConfig.sources"
                  label="From these sources"
                  optional
                  hint="None chosen means any."
                >
                  {(control) => <ChoiceSet {...control} options={optionsOf(sourceWords)} placeholder="Any source" />}
                </FormField>
                <FormField
                  form={form}
                  name="triggerConfig.campaigns"
                  label="Put into these campaigns"
                  optional
                  hint="None chosen means any, and leads of no campaign too."
                >
                  {(control) => (
                    <ChoiceSet
                      {...control}
                      options={campaigns?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
                      placeholder="Any campaign"
                      emptyText="There is no such campaign"
                    />
                  )}
                </FormField>
              </>
            ) : null}
            {triggerType === "no_conversion" ? (
              <>
                <FormField
                  form={form}
                  name="triggerConfig.minDaysSinceLastContact"
                  label="Not contacted for so many days"
                >
                  {(control) => <Input {...control} inputMode="numeric" autoComplete="off" className="w-40" />}
                </FormField>
                <FormField form={form} name="triggerConfig.excludeStatus" label="Leave out these statuses" optional>
                  {(control) => <ChoiceSet {...control} options={optionsOf(statusLook)} placeholder="None" />}
                </FormField>
              </>
            ) : null}
            <FormField
              form={form}
              name="settings.allowStatuses"
              label="Only leads of these statuses"
              optional
              hint="None chosen means everybody but those who are converted or lost."
            >
              {(control) => (
                <ChoiceSet {...control} options={optionsOf(statusLook)} placeholder="All but converted and lost" />
              )}
            </FormField>
            <div className="grid gap-4 sm:grid-cols-2">
              <FormField form={form} name="settings.reentry.rule" label="Whoever has left it">
                {(control) => <Select {...control} options={reentryOptions} />}
              </FormField>
              {rule === "after_days" ? (
                <FormField form={form} name="settings.reentry.days" label="Days after leaving">
                  {(control) => <Input {...control} inputMode="numeric" autoComplete="off" />}
                </FormField>
              ) : null}
            </div>
          </div>
        </Card>
        <Card title="Rules" description="They hold for everybody in the sequence, from the next touch on.">
          <div className="grid gap-4">
            <FormValue form={form} name="settings.stopOnReply">
              {(control) => (
                <Checkbox
                  {...control}
                  label="Stop for whoever answers"
                  hint="On any channel. An out-of-office answer stops nothing; an opt-out stops everything, always."
                />
              )}
            </FormValue>
            {stopOnReply ? (
              <FormValue form={form} name="settings.sameCompany">
                {(control) => (
                  <Checkbox
                    {...control}
                    label="Stop for their whole organisation too"
                    hint="Everybody with the same company name, or the same e-mail domain unless anybody may have an address there (Gmail and its like)."
                  />
                )}
              </FormValue>
            ) : null}
            <FormField form={form} name="settings.onFailure" label="After a touch that failed for good">
              {(control) => <Select {...control} options={failureOptions} />}
            </FormField>
            <FormField
              form={form}
              name="settings.priority"
              label="Priority"
              hint="Where several sequences want to write to one person and a limit lets only one, the higher goes first. 0 is usual."
            >
              {(control) => <Input {...control} inputMode="numeric" autoComplete="off" className="w-40" />}
            </FormField>
          </div>
        </Card>
        <SequenceWindow form={form} />
      </fieldset>
      {isDirty ? (
        <div className="sticky bottom-0 z-10 -mx-4 flex flex-wrap items-center justify-end gap-2 border-t bg-canvas px-4 py-3">
          <span role="status" className="mr-auto text-sm text-warning-ink">
            Unsaved changes
          </span>
          <Button onClick={() => reset(typedSequence(sequence))}>Discard</Button>
          <Button type="submit" variant="primary" loading={isSubmitting} disabledReason={whyNot}>
            Save settings
          </Button>
        </div>
      ) : null}
    </Form>
  );
}
