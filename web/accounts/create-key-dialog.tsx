import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { z } from "zod";
import { PERMISSIONS, type Permission } from "#platform/permissions.ts";
import { permissionWords } from "#web/accounts/words.ts";
import { api } from "#web/api.ts";
import { useMay } from "#web/shell/viewer.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button } from "#web/ui/button.tsx";
import { Checkbox } from "#web/ui/choices.tsx";
import { CodeBlock } from "#web/ui/code-block.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input } from "#web/ui/input.tsx";
import { Select } from "#web/ui/select.tsx";

const LIFETIMES = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "A year" },
  { value: "never", label: "Never" },
] as const;

const schema = z.object({
  name: z.string().trim().min(1, "Give it a name").max(100, "At most 100 characters"),
  scopes: z.array(z.enum(PERMISSIONS)).min(1, "Choose at least one permission"),
  expiresInDays: z.string().transform((days) => (days === "never" ? null : Number(days))),
});

/** Makes a key, then shows it this once. */
export function CreateKeyDialog({ onClose }: { onClose: () => void }) {
  const [key, setKey] = useState<string>();
  const queries = useQueryClient();
  const create = useMutation(
    api.accounts.apiKeys.create.mutationOptions({
      onSuccess: async (made) => {
        setKey(made.key);
        await queries.invalidateQueries({ queryKey: api.accounts.apiKeys.key() });
      },
    }),
  );
  const formId = useId();
  const form = useSchemaForm(schema, { name: "", scopes: [], expiresInDays: "90" });
  const close = (open: boolean) => {
    if (!open) onClose();
  };
  if (key !== undefined) {
    return (
      <Dialog
        open
        onOpenChange={close}
        title="Copy your key"
        actions={
          <Button variant="primary" onClick={onClose}>
            I have copied it
          </Button>
        }
      >
        <div className="grid gap-4">
          <Banner tone="warning">It is shown this once. Keep it where only the program can read it.</Banner>
          <CodeBlock label="API key" wrap>
            {key}
          </CodeBlock>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onOpenChange={close}
      title="Create API key"
      description="Give it no more than its program needs."
      actions={<FormActions form={form} formId={formId} action="Create key" onCancel={onClose} />}
    >
      <Form id={formId} form={form} guard={false} onSubmit={(values) => create.mutateAsync(values)}>
        <FormField form={form} name="name" label="Name" hint="The program that will use it.">
          {(control) => <Input {...control} maxLength={100} />}
        </FormField>
        <FormField form={form} name="expiresInDays" label="Expires after">
          {(control) => <Select {...control} options={LIFETIMES} />}
        </FormField>
        <FormField form={form} name="scopes" label="Permissions">
          {({ id, value, onChange, ...control }) => (
            <div id={id} role="group" aria-label="Permissions" aria-describedby={control["aria-describedby"]}>
              <Scopes value={value} onChange={onChange} />
            </div>
          )}
        </FormField>
      </Form>
    </Dialog>
  );
}

type ScopesProps = { value: readonly Permission[]; onChange: (scopes: Permission[]) => void };

function Scopes({ value, onChange }: ScopesProps) {
  const may = useMay();
  const grantable = PERMISSIONS.filter(may);
  const all = grantable.length === value.length ? true : value.length > 0 ? "mixed" : false;
  return (
    <div className="grid gap-2">
      <Checkbox label="All that you may do" value={all} onChange={(on) => onChange(on ? grantable : [])} />
      <div className="grid gap-2 border-t pt-2 sm:grid-cols-2">
        {grantable.map((scope) => (
          <Checkbox
            key={scope}
            label={permissionWords[scope]}
            hint={<code className="font-mono">{scope}</code>}
            value={value.includes(scope)}
            onChange={(on) => onChange(grantable.filter((one) => (one === scope ? on : value.includes(one))))}
          />
        ))}
      </div>
    </div>
  );
}
