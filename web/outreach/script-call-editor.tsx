import { useWatch } from "react-hook-form";
import { useRef } from "react";
import { z } from "zod";
import type { ScriptDetail } from "#domains/outreach/contract/scripts.ts";
import { vapiConfigSchema } from "#domains/outreach/trigger-config.ts";
import { useRecordForm } from "#web/shell/record-form.ts";
import { EditorFoot, EditorSplit, type ScriptEditorProps } from "#web/outreach/script-editor-frame.tsx";
import { asVariable, NOTHING_CHANGED, scriptName, variablesHint } from "#web/outreach/script-form.ts";
import { useInsert } from "#web/outreach/use-insert.ts";
import { VariableMenu } from "#web/outreach/variable-menu.tsx";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input, Textarea } from "#web/ui/input.tsx";

const callSchema = z.object({
  name: scriptName,
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

const typedCall = ({ name, vapiConfig }: ScriptDetail) => ({ name, vapiConfig: voiceSettings(vapiConfig) });

/** How a voice agent opens and behaves. */
export function CallEditor({ script, onSave, whyNot, leadId, preview }: ScriptEditorProps) {
  const form = useSchemaForm(callSchema, typedCall(script));
  const { isDirty } = form.formState;
  const base = useRecordForm(form, script, typedCall);
  const fields = useRef<HTMLDivElement>(null);
  const { onFocus, insert } = useInsert(["vapiConfig.firstMessage", "vapiConfig.instructions"], (field, value) => {
    if (field === "vapiConfig.firstMessage" || field === "vapiConfig.instructions")
      form.setValue(field, value, { shouldDirty: true });
  });
  const typed = callSchema.shape.vapiConfig.safeParse(useWatch({ control: form.control, name: "vapiConfig" }));
  return (
    <EditorSplit preview={preview({ type: "CALL", vapiConfig: typed.data ?? null })}>
      <Form form={form} onSubmit={(values) => onSave(values, base)}>
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
        <EditorFoot
          isDirty={isDirty}
          isChanged={base.updatedAt !== script.updatedAt}
          insert={
            <VariableMenu
              leadId={leadId}
              disabledReason={whyNot}
              onInsert={(name) => insert(asVariable(name), fields.current, "vapiConfig.instructions")}
            />
          }
        >
          <FormActions form={form} action="Save script" disabledReason={whyNot ?? (isDirty ? null : NOTHING_CHANGED)} />
        </EditorFoot>
      </Form>
    </EditorSplit>
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
