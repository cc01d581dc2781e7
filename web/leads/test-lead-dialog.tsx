import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { z } from "zod";
import { api } from "#web/api.ts";
import { Dialog } from "#web/ui/dialog.tsx";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input } from "#web/ui/input.tsx";

const field = z.string().trim().max(200);
const schema = z.object({ fullName: field, email: field, phone: field, company: field, answer: field });

/** Plays a person who fills in the form of an advertisement: it comes in as Meta's signed webhook would. */
export function TestLeadDialog({ onSent, onClose }: { onSent: () => void; onClose: () => void }) {
  const queries = useQueryClient();
  const formId = useId();
  const form = useSchemaForm(schema, { fullName: "", email: "", phone: "", company: "", answer: "" });
  const play = useMutation({
    ...api.leads.submissions.playAd.mutationOptions(),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: api.leads.key() });
      onSent();
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Send a test lead"
      description="Fill in the sandbox's advertisement as a person would. It arrives signed, and is fetched from the sandbox, as Meta's leads are."
      actions={<FormActions form={form} formId={formId} action="Send test lead" onCancel={onClose} />}
    >
      <Form id={formId} form={form} guard={false} onSubmit={(values) => play.mutateAsync(values)}>
        <FormField form={form} name="fullName" label="Name" optional>
          {(control) => <Input {...control} autoComplete="off" />}
        </FormField>
        <FormField
          form={form}
          name="email"
          label="E-mail"
          hint="broken@… or timeout@… plays a vendor that fails, bounce@… a lead that is gone."
          optional
        >
          {(control) => <Input {...control} inputMode="email" autoComplete="off" />}
        </FormField>
        <FormField form={form} name="phone" label="Phone" optional>
          {(control) => <Input {...control} inputMode="tel" autoComplete="off" />}
        </FormField>
        <FormField form={form} name="company" label="Company" optional>
          {(control) => <Input {...control} autoComplete="off" />}
        </FormField>
        <FormField form={form} name="answer" label="What are you looking for?" optional>
          {(control) => <Input {...control} autoComplete="off" />}
        </FormField>
      </Form>
    </Dialog>
  );
}
