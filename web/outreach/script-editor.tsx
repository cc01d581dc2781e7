import { useWatch } from "react-hook-form";
import { useEffect, useRef, type ReactNode } from "react";
import { z } from "zod";
import type { ScriptDetail, ScriptDraft, ScriptPatch } from "#domains/outreach/contract/scripts.ts";
import { vapiConfigSchema } from "#domains/outreach/trigger-config.ts";
import { SegmentCounter } from "#web/outreach/segment-counter.tsx";
import { useInsert } from "#web/outreach/use-insert.ts";
import { VariableMenu } from "#web/outreach/variable-menu.tsx";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input, Textarea } from "#web/ui/input.tsx";
import { Select, type Option } from "#web/ui/select.tsx";

export type ScriptEditorProps = {
  script: ScriptDetail;
  /** Throws the API's refusal; its faults land on their fields. */
  onSave: (patch: ScriptPatch) => Promise<unknown>;
  whyNot: string | null;
  /** Whom the preview is for: their own fields are offered as variables. */
  leadId: string | undefined;
  /** What stands beside the form, for the text as it is typed. */
  preview: (draft: ScriptDraft) => ReactNode;
};

// Not the contract's own schemas: beside them stands the renderer, far more than this page may weigh. The server checks lengths.
const name = z.string().trim().min(1, "Give it a name");
const textSchema = z.object({
  name,
  subject: z.string(),
  preheader: z.string(),
  format: z.custom<ScriptDetail["format"]>((value) => formatOptions.some((option) => option.value === value)),
  content: z.string(),
});

const formatOptions: readonly Option<ScriptDetail["format"]>[] = [
  { value: "markdown", label: "Markdown" },
  { value: "html", label: "HTML" },
];

const variablesHint = "Variables stand in double braces, a default after a bar: {{ firstName | default: 'there' }}";
const NOTHING_CHANGED = "Nothing has changed";
const asVariable = (name: string) => `{{ ${name} }}`;

const textOf = ({ name, subject, preheader, format, content }: ScriptDetail) => ({
  name,
  subject: subject ?? "",
  preheader: preheader ?? "",
  format,
  content: content ?? "",
});

/** The words of an e-mail or an SMS. */
export function TextEditor({ script, onSave, whyNot, leadId, preview }: ScriptEditorProps) {
  const isEmail = script.type === "EMAIL";
  const form = useSchemaForm(textSchema, textOf(script));
  const { isDirty } = form.formState;
  const { reset } = form;
  useEffect(() => {
    // What somebody else saved shows at once, but never over unsaved words.
    if (!isDirty) reset(textOf(script));
  }, [script, isDirty, reset]);
  const { name: _name, ...typed } = useWatch({ control: form.control });
  const draft: ScriptDraft = isEmail ? { type: "EMAIL", ...typed } : { type: "SMS", content: typed.content };
  const fields = useRef<HTMLDivElement>(null);
  const { onFocus, insert } = useInsert(["subject", "preheader", "content"], (field, value) => {
    if (field === "subject" || field === "preheader" || field === "content")
      form.setValue(field, value, { shouldDirty: true });
  });
  const save = ({ name, content, ...email }: z.infer<typeof textSchema>) =>
    onSave(isEmail ? { name, content, ...email } : { name, content });
  return (
    <Split preview={preview(draft)}>
      <Form form={form} onSubmit={save}>
        <fieldset disabled={whyNot !== null} className="min-w-0">
          <div ref={fields} onFocus={onFocus} className="grid gap-4">
            <FormField form={form} name="name" label="Name" hint="Seen by your team only.">
              {(control) => <Input {...control} autoComplete="off" />}
            </FormField>
            {isEmail ? (
              <>
                <FormField form={form} name="subject" label="Subject">
                  {(control) => <Input {...control} autoComplete="off" />}
                </FormField>
                <FormField
                  form={form}
                  name="preheader"
                  label="Preheader"
                  optional
                  hint="The line that mailboxes show after the subject."
                >
                  {(control) => <Input {...control} autoComplete="off" />}
                </FormField>
                <FormField form={form} name="format" label="Written as">
                  {(control) => <Select {...control} options={formatOptions} className="w-40" />}
                </FormField>
              </>
            ) : null}
            <FormField form={form} name="content" label={isEmail ? "Body" : "Text"} hint={variablesHint}>
              {(control) => <Textarea {...control} rows={isEmail ? 14 : 6} mono={isEmail} />}
            </FormField>
            {isEmail ? null : <SegmentCounter text={typed.content ?? ""} />}
          </div>
        </fieldset>
        <Foot
          isDirty={isDirty}
          insert={
            <VariableMenu
              leadId={leadId}
              disabledReason={whyNot}
              onInsert={(name) => insert(asVariable(name), fields.current, "content")}
            />
          }
        >
          <FormActions form={form} action="Save script" disabledReason={whyNot ?? (isDirty ? null : NOTHING_CHANGED)} />
        </Foot>
      </Form>
    </Split>
  );
}

const callSchema = z.object({
  name,
  vapiConfig: vapiConfigSchema.extend({
    // A field on the screen holds text.
    temperature: z
      .string()
      .trim()
      .regex(/^[0-9]+(\.[0-9]+)?$/, "A number from 0 to 2")
      .transform(Number)
      .refine((value) => value <= 2, "A number from 0 to 2"),
  }),
});

/** How a voice agent opens and behaves. */
export function CallEditor({ script, onSave, whyNot, leadId, preview }: ScriptEditorProps) {
  const form = useSchemaForm(callSchema, { name: script.name, vapiConfig: voiceSettings(script.vapiConfig) });
  const { isDirty } = form.formState;
  const { reset } = form;
  useEffect(() => {
    if (!isDirty) reset({ name: script.name, vapiConfig: voiceSettings(script.vapiConfig) });
  }, [script, isDirty, reset]);
  const fields = useRef<HTMLDivElement>(null);
  const { onFocus, insert } = useInsert(["vapiConfig.firstMessage", "vapiConfig.instructions"], (field, value) => {
    if (field === "vapiConfig.firstMessage" || field === "vapiConfig.instructions")
      form.setValue(field, value, { shouldDirty: true });
  });
  const typed = callSchema.shape.vapiConfig.safeParse(useWatch({ control: form.control, name: "vapiConfig" }));
  return (
    <Split preview={preview({ type: "CALL", vapiConfig: typed.data ?? null })}>
      <Form form={form} onSubmit={onSave}>
        <fieldset disabled={whyNot !== null} className="min-w-0">
          <div ref={fields} onFocus={onFocus} className="grid gap-4">
            <FormField form={form} name="name" label="Name" hint="Seen by your team only.">
              {(control) => <Input {...control} autoComplete="off" />}
            </FormField>
            <FormField form={form} name="vapiConfig.firstMessage" label="Opens with" hint={variablesHint}>
              {(control) => <Textarea {...control} rows={2} />}
            </FormField>
            <FormField
              form={form}
              name="vapiConfig.instructions"
              label="Instructions"
              hint="Who the agent is, what it wants to find out, and what it must not say."
            >
              {(control) => <Textarea {...control} rows={10} />}
            </FormField>
            <div className="grid gap-4 sm:grid-cols-3">
              <FormField form={form} name="vapiConfig.model" label="Model">
                {({ value, ...control }) => <Input {...control} value={value ?? ""} autoComplete="off" />}
              </FormField>
              <FormField form={form} name="vapiConfig.voice" label="Voice">
                {({ value, ...control }) => <Input {...control} value={value ?? ""} autoComplete="off" />}
              </FormField>
              <FormField form={form} name="vapiConfig.temperature" label="Temperature">
                {(control) => <Input {...control} inputMode="decimal" autoComplete="off" />}
              </FormField>
            </div>
          </div>
        </fieldset>
        <Foot
          isDirty={isDirty}
          insert={
            <VariableMenu
              leadId={leadId}
              disabledReason={whyNot}
              onInsert={(name) => insert(asVariable(name), fields.current, "vapiConfig.instructions")}
            />
          }
        >
          <FormActions form={form} action="Save script" disabledReason={whyNot ?? (isDirty ? null : NOTHING_CHANGED)} />
        </Foot>
      </Form>
    </Split>
  );
}

/** What the fields begin with: what was saved, else the defaults of a new call. */
function voiceSettings(saved: ScriptDetail["vapiConfig"]) {
  const read = vapiConfigSchema.safeParse(saved);
  if (read.success) return { ...read.data, temperature: String(read.data.temperature) };
  const { model, voice, temperature } = vapiConfigSchema
    .pick({ model: true, voice: true, temperature: true })
    .parse({});
  return { model, voice, temperature: String(temperature), firstMessage: "", instructions: "" };
}

/** Stays in view while a long text scrolls. */
function Foot({ isDirty, insert, children }: { isDirty: boolean; insert: ReactNode; children: ReactNode }) {
  return (
    <div className="sticky bottom-0 z-10 -mx-4 -mb-4 flex flex-wrap items-center gap-2 border-t bg-canvas px-4 py-3 sm:-mx-6 sm:px-6">
      {insert}
      <span role="status" className="ml-auto text-sm text-warning-ink">
        {isDirty ? "Unsaved changes" : ""}
      </span>
      {children}
    </div>
  );
}

function Split({ preview, children }: { preview: ReactNode; children: ReactNode }) {
  return (
    <div className="scroll-quiet relative flex min-h-0 grow flex-col overflow-y-auto border-t lg:flex-row lg:overflow-hidden">
      <div className="min-w-0 grow basis-0 px-4 py-4 max-lg:basis-auto sm:px-6 lg:relative lg:overflow-y-auto">
        {children}
      </div>
      <div className="min-w-0 grow basis-0 px-4 py-4 max-lg:basis-auto max-lg:border-t sm:px-6 lg:relative lg:overflow-y-auto lg:border-l">
        {preview}
      </div>
    </div>
  );
}
