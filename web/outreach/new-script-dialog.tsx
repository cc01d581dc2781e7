import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { z } from "zod";
import { SCRIPT_TYPES } from "#domains/outreach/states.ts";
import { api } from "#web/api.ts";
import { channelOptions } from "#web/outreach/words.ts";
import { Dialog } from "#web/ui/dialog.tsx";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input } from "#web/ui/input.tsx";
import { Select } from "#web/ui/select.tsx";

const schema = z.object({
  name: z.string().trim().min(1, "Give it a name").max(200),
  type: z.enum(SCRIPT_TYPES, "Choose a channel"),
});

export type NewScriptDialogProps = {
  /** The campaign that it is written for. */
  campaignId?: string;
  onClose: () => void;
};

/** Names a script and chooses its channel, which stays; the words are written on its page. */
export function NewScriptDialog({ campaignId, onClose }: NewScriptDialogProps) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const form = useSchemaForm(schema, { name: "", type: "EMAIL" });
  const create = useMutation({
    ...api.outreach.scripts.create.mutationOptions(),
    onSuccess: ({ id }) => {
      void queries.invalidateQueries({ queryKey: api.outreach.scripts.key() });
      onClose();
      void navigate({ to: "/scripts/$scriptId", params: { scriptId: id } });
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="New script"
      description="A script is written for one channel and keeps it."
    >
      <Form form={form} guard={false} onSubmit={(values) => create.mutateAsync({ ...values, campaignId })}>
        <FormField form={form} name="name" label="Name" hint="Seen by your team only.">
          {(control) => <Input {...control} autoComplete="off" />}
        </FormField>
        <FormField form={form} name="type" label="Channel">
          {(control) => <Select {...control} options={channelOptions} />}
        </FormField>
        <FormActions form={form} action="Create script" onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
