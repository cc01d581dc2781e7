import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { z } from "zod";
import { TRIGGER_TYPES } from "#domains/outreach/states.ts";
import { api } from "#web/api.ts";
import { triggerOptions } from "#web/outreach/words.ts";
import { Dialog } from "#web/ui/dialog.tsx";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input, Textarea } from "#web/ui/input.tsx";
import { Select } from "#web/ui/select.tsx";

const schema = z.object({
  name: z.string().trim().min(1, "Give it a name").max(200),
  description: z.string().trim().max(2_000),
  triggerType: z.enum(TRIGGER_TYPES),
});

/** Names a sequence and says who comes in; its steps are set on its page. */
export function NewSequenceDialog({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const form = useSchemaForm(schema, { name: "", description: "", triggerType: "manual" });
  const create = useMutation({
    ...api.outreach.sequences.create.mutationOptions(),
    onSuccess: ({ id }) => {
      void queries.invalidateQueries({ queryKey: api.outreach.sequences.key() });
      onClose();
      void navigate({ to: "/sequences/$sequenceId", params: { sequenceId: id } });
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="New sequence"
      description="It begins as a draft and contacts nobody until you start it."
    >
      <Form
        form={form}
        guard={false}
        onSubmit={({ description, ...values }) =>
          create.mutateAsync({ ...values, description: description === "" ? null : description })
        }
      >
        <FormField form={form} name="name" label="Name">
          {(control) => <Input {...control} autoComplete="off" />}
        </FormField>
        <FormField form={form} name="description" label="What it is for" optional>
          {(control) => <Textarea {...control} rows={2} />}
        </FormField>
        <FormField form={form} name="triggerType" label="Who comes in">
          {(control) => <Select {...control} options={triggerOptions} />}
        </FormField>
        <FormActions form={form} action="Create sequence" onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
