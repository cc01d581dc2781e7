import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useId, useState } from "react";
import { z } from "zod";
import type { IntakeSourceView } from "#domains/leads/contract.ts";
import { FORM_FIELDS, INTAKE_TARGETS, sourceSettingsSchema } from "#domains/leads/intake/source-settings.ts";
import { CONSENT_CHANNELS, INTAKE_KINDS } from "#domains/leads/sets.ts";
import { api } from "#web/api.ts";
import { IntakeMapping } from "#web/leads/intake-mapping.tsx";
import { formFieldWords, intakeKindWords } from "#web/leads/intake-words.ts";
import { optionsOf } from "#web/leads/words.ts";
import { CampaignChoice } from "#web/outreach/campaign-choice.tsx";
import { saveOnto } from "#web/shell/save-onto.ts";
import { Button, IconButton } from "#web/ui/button.tsx";
import { channelLook } from "#web/ui/channel-icon.tsx";
import { Checkbox, RadioGroup } from "#web/ui/choices.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Form, FormActions, FormField, FormValue, useSchemaForm } from "#web/ui/form.tsx";
import { Input, Textarea } from "#web/ui/input.tsx";
import { Select } from "#web/ui/select.tsx";
import { TOOK_THEIRS } from "#web/ui/took-theirs.ts";

const linesOf = (text: string) =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter(Boolean);

const schema = z
  .object({
    kind: z.enum(INTAKE_KINDS),
    name: z.string().trim().min(1, "Give it a name").max(100),
    title: z.string().trim().min(1, "Write a heading").max(120),
    intro: z.string().trim().max(1_000),
    thanks: z.string().trim().min(1, "Say something afterwards").max(500),
    redirectUrl: z.string().trim(),
    fields: sourceSettingsSchema.shape.fields.unwrap(),
    consentText: z.string().trim().max(2_000),
    consentChannels: z.array(z.enum(CONSENT_CHANNELS)),
    isConsentRequired: z.boolean(),
    tags: z.string(),
    allowedOrigins: z.string(),
    campaignId: z.string().nullable(),
    mapping: z
      .array(z.object({ name: z.string().trim(), target: z.enum(INTAKE_TARGETS) }))
      .refine((all) => all.every(({ name }) => name !== ""), "Write the name that stands in the submission")
      .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "Each name once"),
    ratePerMinute: z
      .string()
      .trim()
      .regex(/^\d{1,4}$/, "A whole number, 1 to 6,000")
      .transform(Number)
      .pipe(z.int().min(1, "A whole number, 1 to 6,000").max(6_000, "A whole number, 1 to 6,000")),
  })
  .refine(({ consentText, consentChannels }) => consentText === "" || consentChannels.length > 0, {
    path: ["consentChannels"],
    error: "Name the channels that the consent is for",
  });
type Values = z.output<typeof schema>;

const startOf = (source: IntakeSourceView | undefined) => {
  const settings = source?.settings ?? sourceSettingsSchema.parse({});
  return {
    ...settings,
    kind: source?.kind ?? ("form" as const),
    name: source?.name ?? "",
    redirectUrl: settings.redirectUrl ?? "",
    consentText: settings.consentText ?? "",
    tags: settings.tags.join(", "),
    allowedOrigins: settings.allowedOrigins.join("\n"),
    campaignId: source?.campaignId ?? null,
    mapping: Object.entries(settings.mapping).map(([name, target]) => ({ name, target })),
    ratePerMinute: String(settings.ratePerMinute),
  };
};

export type IntakeSourceDialogProps = {
  /** The source that is changed; without it, one is made. */
  source?: IntakeSourceView;
  onCreated?: (made: IntakeSourceView) => void;
  onClose: () => void;
};

/** Makes a source of leads, or changes one. */
export function IntakeSourceDialog({ source, onCreated, onClose }: IntakeSourceDialogProps) {
  const queries = useQueryClient();
  const formId = useId();
  const form = useSchemaForm(schema, startOf(source));
  // What was there when the dialog opened: the list behind it follows what others save.
  const [begun] = useState(source);
  const isForm = form.watch("kind") === "form";
  const saved = {
    onSuccess: async (kept: IntakeSourceView) => {
      await queries.invalidateQueries({ queryKey: api.leads.intakeSources.key() });
      onClose();
      if (!source) onCreated?.(kept);
    },
  };
  const create = useMutation(api.leads.intakeSources.create.mutationOptions(saved));
  const update = useMutation(api.leads.intakeSources.update.mutationOptions(saved));
  const save = ({ kind, name, campaignId, mapping, ...values }: Values) => {
    const settings = {
      ...begun?.settings,
      ...values,
      redirectUrl: values.redirectUrl || null,
      consentText: values.consentText || null,
      isConsentRequired: values.isConsentRequired && values.consentText !== "",
      tags: linesOf(values.tags),
      mapping: Object.fromEntries(mapping.map(({ name: said, target }) => [said, target])),
      allowedOrigins: linesOf(values.allowedOrigins),
    };
    return begun
      ? saveOnto({
          base: begun,
          patch: { name, settings, campaignId },
          fields: { name: { label: "Name" }, settings: { label: "Settings" }, campaignId: { label: "Campaign" } },
          read: () =>
            queries.fetchQuery({
              ...api.leads.intakeSources.get.queryOptions({ input: { sourceId: begun.id } }),
              staleTime: 0,
            }),
          send: (some, expectedUpdatedAt) => update.mutateAsync({ ...some, sourceId: begun.id, expectedUpdatedAt }),
        }).then((kept) => (kept === TOOK_THEIRS ? onClose() : kept))
      : create.mutateAsync({ kind, name, settings, campaignId });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      width="xl"
      title={source ? `Change ${source.name}` : "New source"}
      description="Leads that come by it carry its name. Who has its address may give leads, and sees nothing."
      actions={
        <FormActions form={form} formId={formId} action={source ? "Save" : "Create source"} onCancel={onClose} />
      }
    >
      <Form id={formId} form={form} guard={false} onSubmit={save}>
        {source ? null : (
          <FormValue form={form} name="kind">
            {(control) => (
              <RadioGroup
                {...control}
                label="Who gives the leads"
                options={[
                  { value: "form", label: intakeKindWords.form, hint: "A page of ours, or a form in your own pages." },
                  {
                    value: "api",
                    label: intakeKindWords.api,
                    hint: "Another system sends them, as JSON or as a form.",
                  },
                ]}
              />
            )}
          </FormValue>
        )}
        <FormField form={form} name="name" label="Name" hint="Stands on the leads as their source.">
          {(control) => <Input {...control} maxLength={100} />}
        </FormField>
        <FormValue form={form} name="campaignId">
          {({ value, onChange }) => (
            <CampaignChoice
              label="Campaign"
              hint="Whoever comes in is put into it; sequences that wait for its leads begin."
              noneLabel="None"
              value={value}
              onChange={(campaign) => onChange(campaign?.id ?? null)}
            />
          )}
        </FormValue>
        {isForm ? (
          <>
            <FormValue form={form} name="fields">
              {({ value, onChange }) => <Questions value={value} onChange={onChange} />}
            </FormValue>
            <FormField form={form} name="title" label="Heading">
              {(control) => <Input {...control} maxLength={120} />}
            </FormField>
            <FormField form={form} name="intro" label="A line below it" optional>
              {(control) => <Textarea {...control} rows={2} />}
            </FormField>
            <FormField form={form} name="thanks" label="Said afterwards">
              {(control) => <Input {...control} />}
            </FormField>
            <FormField
              form={form}
              name="redirectUrl"
              label="Or go on to"
              hint="The address of a page of yours."
              optional
            >
              {(control) => <Input {...control} inputMode="url" placeholder="https://www.example.com/thanks" />}
            </FormField>
          </>
        ) : null}
        <FormField
          form={form}
          name="consentText"
          label="Words to agree to"
          hint="With a tick, they are kept on the lead as a consent, with the page and the address it came from."
          optional
        >
          {(control) => <Textarea {...control} rows={2} />}
        </FormField>
        <FormField form={form} name="consentChannels" label="The consent is for" optional>
          {({ id, value, onChange, ...control }) => (
            <div
              id={id}
              role="group"
              aria-label="The consent is for"
              aria-describedby={control["aria-describedby"]}
              className="flex flex-wrap gap-4"
            >
              {CONSENT_CHANNELS.map((channel) => (
                <Checkbox
                  key={channel}
                  label={channelLook[channel].name}
                  value={value.includes(channel)}
                  onChange={(on) =>
                    onChange(CONSENT_CHANNELS.filter((one) => (one === channel ? on : value.includes(one))))
                  }
                />
              ))}
            </div>
          )}
        </FormField>
        <FormValue form={form} name="isConsentRequired">
          {(control) => <Checkbox {...control} label="Take nothing without the tick" />}
        </FormValue>
        <FormField form={form} name="tags" label="Tags" hint="Put on every lead; commas between them." optional>
          {(control) => <Input {...control} />}
        </FormField>
        <FormField
          form={form}
          name="allowedOrigins"
          label="Pages that may send from a browser"
          hint="One a line, such as https://www.example.com. None: any page."
          optional
        >
          {(control) => <Textarea {...control} rows={2} />}
        </FormField>
        <FormValue form={form} name="mapping">
          {({ value, onChange }) => (
            <IntakeMapping
              value={value}
              onChange={onChange}
              fault={form.formState.errors.mapping?.root?.message ?? form.formState.errors.mapping?.message}
            />
          )}
        </FormValue>
        <FormField
          form={form}
          name="ratePerMinute"
          label="At most in a minute"
          hint="More are refused and may come again later."
        >
          {(control) => <Input {...control} inputMode="numeric" autoComplete="off" className="max-w-40" />}
        </FormField>
      </Form>
    </Dialog>
  );
}

type Question = z.input<typeof schema>["fields"][number];

function Questions({ value, onChange }: { value: readonly Question[]; onChange: (next: Question[]) => void }) {
  const options = optionsOf(formFieldWords);
  const set = (place: number, change: Partial<Question>) =>
    onChange(value.map((one, at) => (at === place ? { ...one, ...change } : one)));
  const next = FORM_FIELDS.find((field) => !value.some((one) => one.field === field)) ?? "question";
  return (
    <fieldset className="grid gap-2">
      <legend className="pb-1 text-sm font-medium">What the form asks</legend>
      {value.map((one, place) => (
        <div key={place} className="flex flex-wrap items-center gap-2 rounded-md border p-2">
          <Select
            label={`Field ${place + 1}`}
            className="sm:w-44"
            value={one.field}
            options={options}
            onChange={(field) => set(place, { field, label: formFieldWords[field] })}
          />
          <div className="min-w-32 grow basis-32">
            <Input
              label={`Label of field ${place + 1}`}
              value={one.label}
              maxLength={120}
              onChange={(label) => set(place, { label })}
            />
          </div>
          <Checkbox
            label="Required"
            value={one.isRequired ?? false}
            onChange={(isRequired) => set(place, { isRequired })}
          />
          <IconButton
            icon={X}
            size="sm"
            label={`Leave out field ${place + 1}`}
            disabledReason={value.length === 1 ? "A form asks for something" : null}
            onClick={() => onChange(value.filter((_one, at) => at !== place))}
          />
        </div>
      ))}
      <div>
        <Button
          size="sm"
          icon={Plus}
          disabledReason={value.length >= 20 ? "At most 20" : null}
          onClick={() => onChange([...value, { field: next, label: formFieldWords[next], isRequired: false }])}
        >
          Add a field
        </Button>
      </div>
    </fieldset>
  );
}
