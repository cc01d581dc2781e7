import { useMutation, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { IDENTITY_KINDS, SCOPES_OF, SUPPRESSION_SCOPES } from "#domains/leads/rules.ts";
import { api } from "#web/api.ts";
import { kindWords, optionsOf, scopeWords } from "#web/leads/words.ts";
import { Dialog } from "#web/ui/dialog.tsx";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input, Textarea } from "#web/ui/input.tsx";
import { Select } from "#web/ui/select.tsx";
import { toast } from "#web/ui/toast.tsx";

const schema = z
  .object({
    kind: z.enum(IDENTITY_KINDS),
    address: z.string().trim().min(1, "Write the address").max(500),
    scope: z.enum(SUPPRESSION_SCOPES),
    evidence: z.string().trim().max(500),
  })
  .refine(({ kind, scope }) => SCOPES_OF[kind].includes(scope), {
    path: ["scope"],
    error: "An address of this kind is not reached by that channel",
  });

/** Closes an address by hand, whoever has it now or later. */
export function SuppressDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const form = useSchemaForm<z.input<typeof schema>, z.output<typeof schema>>(schema, {
    kind: "EMAIL",
    address: "",
    scope: "ALL",
    evidence: "",
  });
  const kind = form.watch("kind");
  const suppress = useMutation({
    ...api.leads.suppressions.create.mutationOptions(),
    onSuccess: ({ isNew, value }) => {
      void queries.invalidateQueries({ queryKey: api.leads.key() });
      if (!isNew) toast.done(`${value} was suppressed already`);
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Suppress address"
      description="From now on nothing is sent to it, whichever lead it belongs to."
    >
      <Form
        form={form}
        guard={false}
        onSubmit={({ evidence, ...values }) => suppress.mutateAsync({ ...values, evidence: evidence || undefined })}
      >
        <FormField form={form} name="kind" label="Kind">
          {(control) => <Select {...control} options={optionsOf(kindWords)} />}
        </FormField>
        <FormField form={form} name="address" label="Address">
          {(control) => <Input {...control} autoComplete="off" />}
        </FormField>
        <FormField form={form} name="scope" label="Closed to">
          {(control) => (
            <Select {...control} options={SCOPES_OF[kind].map((value) => ({ value, label: scopeWords[value] }))} />
          )}
        </FormField>
        <FormField form={form} name="evidence" label="Why" optional>
          {(control) => <Textarea {...control} rows={2} maxLength={500} />}
        </FormField>
        <FormActions form={form} action="Suppress address" onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
