import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { CustomFieldView } from "#domains/leads/contract.ts";
import { FIELD_TYPES, type FieldType } from "#domains/leads/sets.ts";
import { api } from "#web/api.ts";
import { fieldTypeWords } from "#web/leads/custom-field-words.ts";
import { problemOf } from "#web/problem.ts";
import { saveOnto } from "#web/shell/save-onto.ts";
import { Button } from "#web/ui/button.tsx";
import { Checkbox } from "#web/ui/choices.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Field } from "#web/ui/field.tsx";
import { Input, Textarea } from "#web/ui/input.tsx";
import { Select } from "#web/ui/select.tsx";
import { InlineError } from "#web/ui/states.tsx";
import { TOOK_THEIRS } from "#web/ui/took-theirs.ts";

export type CustomFieldDialogProps = {
  /** The field that is changed; absent: a new one is made. */
  field?: CustomFieldView;
  /** What a new field is called, until the person says otherwise. */
  label?: string;
  onClose: () => void;
  onDone?: (field: CustomFieldView) => void;
};

const linesOf = (text: string) => [...new Set(text.split("\n").flatMap((line) => line.trim() || []))];

/** Name, kind and options of one of the workspace's own fields. */
export function CustomFieldDialog({ field, label: proposed = "", onClose, onDone }: CustomFieldDialogProps) {
  const queries = useQueryClient();
  const [label, setLabel] = useState(field?.label ?? proposed);
  const [type, setType] = useState<FieldType>(field?.type ?? "text");
  const [options, setOptions] = useState(field?.options.join("\n") ?? "");
  const [dropInUse, setDropInUse] = useState(false);
  const after = {
    onSuccess: (saved: CustomFieldView) => {
      void queries.invalidateQueries({ queryKey: api.leads.key() });
      onDone?.(saved);
      onClose();
    },
  };
  const create = useMutation({ ...api.leads.customFields.create.mutationOptions(), ...after });
  // What was there when the dialog opened: the list behind it follows what others save.
  const [begun] = useState(field);
  const send = useMutation(api.leads.customFields.change.mutationOptions());
  const read = async () => {
    const query = api.leads.customFields.list.queryOptions({ input: { archived: true } });
    const { data } = await queries.fetchQuery({ ...query, staleTime: 0 });
    return data.find(({ id }) => id === field?.id);
  };
  const change = useMutation({
    mutationFn: ({ base, ...patch }: Pick<CustomFieldView, "label" | "type" | "options"> & { base: CustomFieldView }) =>
      saveOnto({
        base,
        patch,
        fields: { label: { label: "Name" }, type: { label: "What it holds" }, options: { label: "Options" } },
        read: async () => (await read()) ?? base,
        send: (some, expectedUpdatedAt) =>
          send.mutateAsync({ ...some, customFieldId: base.id, dropInUse, expectedUpdatedAt }),
      }),
    onSuccess: (saved) => (saved === TOOK_THEIRS ? onClose() : after.onSuccess(saved)),
  });
  const busy = create.isPending || change.isPending;
  const error = create.error ?? change.error;
  const problem = error ? problemOf(error) : undefined;
  const faultOf = (pointer: string) => problem?.errors?.find((fault) => fault.pointer.startsWith(pointer))?.detail;
  const hasOptions = type === "select" || type === "multi_select";
  const isInUse = problem?.code === "custom-field-in-use" && faultOf("/options") !== undefined;
  const save = () => {
    if (busy || label.trim() === "") return;
    const given = { label: label.trim(), type, options: hasOptions ? linesOf(options) : [] };
    if (begun) change.mutate({ ...given, base: begun });
    else create.mutate(given);
  };
  const isTold = faultOf("/label") ?? faultOf("/options") ?? faultOf("/type");
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={field ? `Change “${field.label}”` : "New field"}
      description={
        field ? (
          <>
            Scripts name it <code className="font-mono text-xs">{`{{ custom.${field.key} }}`}</code>, whatever it is
            called.
          </>
        ) : (
          "Every lead gets it. Files, scripts and filters know it by its name."
        )
      }
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            onClick={save}
            loading={busy}
            disabledReason={label.trim() === "" ? "Name it first" : null}
          >
            {field ? "Save" : "Add field"}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Field label="Name" error={faultOf("/label")}>
          {(control) => <Input {...control} value={label} onChange={setLabel} maxLength={100} autoComplete="off" />}
        </Field>
        <Field label="What it holds" hint={fieldTypeWords[type].hint} error={faultOf("/type")}>
          {(control) => (
            <Select
              {...control}
              value={type}
              onChange={setType}
              options={FIELD_TYPES.map((value) => ({ value, label: fieldTypeWords[value].label }))}
            />
          )}
        </Field>
        {hasOptions ? (
          <Field label="Options" hint="One a line, in the order in which they are offered." error={faultOf("/options")}>
            {(control) => <Textarea {...control} value={options} onChange={setOptions} rows={5} />}
          </Field>
        ) : null}
        {isInUse ? (
          <Checkbox
            value={dropInUse}
            onChange={setDropInUse}
            label="Remove the option all the same"
            hint="These leads keep it until somebody chooses another; nobody can choose it any more."
          />
        ) : null}
        {problem && !isTold ? <InlineError problem={problem} /> : null}
      </form>
    </Dialog>
  );
}
