import { useMutation, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { CONSENT_BASES, CONSENT_CHANNELS } from "#domains/leads/sets.ts";
import { api } from "#web/api.ts";
import { basisWords, optionsOf, scopeWords } from "#web/leads/words.ts";
import { Dialog } from "#web/ui/dialog.tsx";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input, Textarea } from "#web/ui/input.tsx";
import { Select } from "#web/ui/select.tsx";

const schema = z.object({
  channel: z.enum(CONSENT_CHANNELS),
  basis: z.enum(CONSENT_BASES),
  source: z.string().trim().min(1, "Say where it comes from").max(200),
  proofText: z.string().trim().max(5_000),
});

/** Writes down by hand on what messages to a person rest. */
export function ConsentDialog({ leadId, onClose }: { leadId: string; onClose: () => void }) {
  const queries = useQueryClient();
  const form = useSchemaForm<z.input<typeof schema>, z.output<typeof schema>>(schema, {
    channel: "EMAIL",
    basis: "CONSENT",
    source: "",
    proofText: "",
  });
  const record = useMutation({
    ...api.leads.consents.record.mutationOptions(),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: api.leads.key() });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Write down a consent"
      description="It stays on record as it is; it can be taken back by a record of its own."
    >
      <Form
        form={form}
        guard={false}
        onSubmit={({ proofText, ...values }) =>
          record.mutateAsync({ leadId, ...values, proofText: proofText || undefined })
        }
      >
        <FormField form={form} name="channel" label="For">
          {(control) => (
            <Select {...control} options={CONSENT_CHANNELS.map((value) => ({ value, label: scopeWords[value] }))} />
          )}
        </FormField>
        <FormField form={form} name="basis" label="Basis">
          {(control) => <Select {...control} options={optionsOf(basisWords)} />}
        </FormField>
        <FormField form={form} name="source" label="Source" hint="The form, call or contract it comes from.">
          {(control) => <Input {...control} maxLength={200} />}
        </FormField>
        <FormField form={form} name="proofText" label="Words that were agreed to" optional>
          {(control) => <Textarea {...control} rows={3} maxLength={5_000} />}
        </FormField>
        <FormActions form={form} action="Write down" onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
