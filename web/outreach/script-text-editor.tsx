import { useWatch } from "react-hook-form";
import { useRef } from "react";
import { z } from "zod";
import type { ScriptDetail, ScriptDraft } from "#domains/outreach/contract/scripts.ts";
import { EditorFoot, EditorSplit, type ScriptEditorProps } from "#web/outreach/script-editor-frame.tsx";
import { asVariable, NOTHING_CHANGED, scriptName, variablesHint } from "#web/outreach/script-form.ts";
import { ScriptFindings } from "#web/outreach/script-findings.tsx";
import { SegmentCounter } from "#web/outreach/segment-counter.tsx";
import { useInsert } from "#web/outreach/use-insert.ts";
import { useRecordForm } from "#web/shell/record-form.ts";
import { VariableMenu } from "#web/outreach/variable-menu.tsx";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input, Textarea } from "#web/ui/input.tsx";
import { Select, type Option } from "#web/ui/select.tsx";

const textSchema = z.object({
  name: scriptName,
  subject: z.string(),
  preheader: z.string(),
  format: z.custom<ScriptDetail["format"]>((value) => formatOptions.some((option) => option.value === value)),
  content: z.string(),
});

const formatOptions: readonly Option<ScriptDetail["format"]>[] = [
  { value: "markdown", label: "Markdown" },
  { value: "html", label: "HTML" },
];

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
  const base = useRecordForm(form, script, textOf);
  const { name: _name, ...typed } = useWatch({ control: form.control });
  const draft: ScriptDraft = isEmail ? { type: "EMAIL", ...typed } : { type: "SMS", content: typed.content };
  const fields = useRef<HTMLDivElement>(null);
  const { onFocus, insert } = useInsert(["subject", "preheader", "content"], (field, value) => {
    if (field === "subject" || field === "preheader" || field === "content")
      form.setValue(field, value, { shouldDirty: true });
  });
  const save = ({ name, content, ...email }: z.infer<typeof textSchema>) =>
    onSave(isEmail ? { name, content, ...email } : { name, content }, base);
  return (
    <EditorSplit
      preview={
        <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
          {preview(draft)}
          <ScriptFindings draft={draft} />
        </div>
      }
    >
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
        <EditorFoot
          isDirty={isDirty}
          isChanged={base.updatedAt !== script.updatedAt}
          insert={
            <VariableMenu
              leadId={leadId}
              disabledReason={whyNot}
              onInsert={(name) => insert(asVariable(name), fields.current, "content")}
            />
          }
        >
          <FormActions form={form} action="Save script" disabledReason={whyNot ?? (isDirty ? null : NOTHING_CHANGED)} />
        </EditorFoot>
      </Form>
    </EditorSplit>
  );
}
