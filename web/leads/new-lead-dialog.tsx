import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useId } from "react";
import { leadFieldsSchema } from "#domains/leads/contract.ts";
import { api } from "#web/api.ts";
import { countryOptions } from "#web/leads/country-options.ts";
import { Combobox } from "#web/ui/combobox.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input, Textarea } from "#web/ui/input.tsx";
import { toast } from "#web/ui/toast.tsx";

const schema = leadFieldsSchema.pick({
  firstName: true,
  lastName: true,
  email: true,
  phone: true,
  country: true,
  company: true,
  jobTitle: true,
  linkedin: true,
  notes: true,
});

/** A lead by hand. Someone who is known already by an address is found and not made twice. */
export function NewLeadDialog({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const formId = useId();
  const queries = useQueryClient();
  const form = useSchemaForm(schema, {
    firstName: "",
    lastName: "",
    email: "",
    phone: "",
    country: "",
    company: "",
    jobTitle: "",
    linkedin: "",
    notes: "",
  });
  const create = useMutation({
    ...api.leads.create.mutationOptions(),
    onSuccess: ({ status, body }) => {
      void queries.invalidateQueries({ queryKey: api.leads.key() });
      if (status === 200) toast.done("This lead was there already", "What was missing has been filled in.");
      onClose();
      void navigate({ to: "/leads/$leadId", params: { leadId: body.id } });
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="New lead"
      description="A name or one address is enough."
      width="xl"
      actions={<FormActions form={form} formId={formId} action="Add lead" onCancel={onClose} />}
    >
      <Form id={formId} form={form} guard={false} onSubmit={(values) => create.mutateAsync(values)}>
        <div className="grid gap-4 sm:grid-cols-2">
          <FormField form={form} name="firstName" label="First name">
            {({ value, ...control }) => <Input {...control} value={value ?? ""} autoComplete="off" />}
          </FormField>
          <FormField form={form} name="lastName" label="Last name">
            {({ value, ...control }) => <Input {...control} value={value ?? ""} autoComplete="off" />}
          </FormField>
          <FormField form={form} name="email" label="E-mail">
            {({ value, ...control }) => <Input {...control} value={value ?? ""} inputMode="email" autoComplete="off" />}
          </FormField>
          <FormField form={form} name="phone" label="Phone">
            {({ value, ...control }) => <Input {...control} value={value ?? ""} type="tel" autoComplete="off" />}
          </FormField>
          <FormField form={form} name="country" label="Country" optional>
            {({ value, ...control }) => <Combobox {...control} value={value ?? ""} options={countryOptions()} />}
          </FormField>
          <FormField form={form} name="linkedin" label="LinkedIn page" optional>
            {({ value, ...control }) => <Input {...control} value={value ?? ""} inputMode="url" autoComplete="off" />}
          </FormField>
          <FormField form={form} name="company" label="Company" optional>
            {({ value, ...control }) => <Input {...control} value={value ?? ""} autoComplete="off" />}
          </FormField>
          <FormField form={form} name="jobTitle" label="Job title" optional>
            {({ value, ...control }) => <Input {...control} value={value ?? ""} autoComplete="off" />}
          </FormField>
        </div>
        <FormField form={form} name="notes" label="Notes" optional>
          {({ value, ...control }) => <Textarea {...control} value={value ?? ""} rows={2} />}
        </FormField>
      </Form>
    </Dialog>
  );
}
