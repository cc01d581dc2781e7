import { useMutation, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { CONVERSION_STATUSES, whyNotRevenue } from "#domains/conversions/rules.ts";
import { api } from "#web/api.ts";
import { conversionLook } from "#web/leads/conversion-words.ts";
import { Dialog } from "#web/ui/dialog.tsx";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input } from "#web/ui/input.tsx";
import { Select } from "#web/ui/select.tsx";

/** How many of the smallest unit make one of the currency. */
const minorPerUnit = (currency: string) =>
  10 ** (new Intl.NumberFormat("en-US", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2);

const schema = z
  .object({
    status: z.enum(CONVERSION_STATUSES, "Say what the lead became"),
    /** In whole units, as people write money. */
    revenueMinor: z
      .string()
      .trim()
      .regex(/^(-?[0-9]{1,9}([.,][0-9]{1,3})?)?$/, "An amount, as 49.90"),
    currency: z
      .string()
      .trim()
      .toUpperCase()
      .regex(/^[A-Z]{3}$/, "Three letters, as in USD"),
  })
  .transform(({ revenueMinor, ...rest }) => ({
    ...rest,
    revenueMinor: Math.round(Number(revenueMinor.replace(",", ".")) * minorPerUnit(rest.currency)),
  }))
  .superRefine((money, issues) => {
    const message = whyNotRevenue(money);
    if (message) issues.addIssue({ code: "custom", path: ["revenueMinor"], message });
  });

/** Records by hand what came of a lead. */
export function ConversionDialog({ leadId, onClose }: { leadId: string; onClose: () => void }) {
  const queries = useQueryClient();
  const form = useSchemaForm<z.input<typeof schema>, z.output<typeof schema>>(schema, {
    // Whether somebody became a customer ends sequences: nobody says so by leaving a field as it was.
    status: undefined,
    revenueMinor: "",
    currency: "USD",
  });
  const record = useMutation({
    ...api.conversions.record.mutationOptions(),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: api.conversions.key() });
      void queries.invalidateQueries({ queryKey: api.leads.key() });
      void queries.invalidateQueries({ queryKey: api.outreach.key() });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Record a conversion"
      description="A customer becomes Converted and leaves every sequence that is not meant for customers."
    >
      <Form form={form} guard={false} onSubmit={(values) => record.mutateAsync({ leadId, ...values })}>
        <FormField form={form} name="status" label="What the lead became">
          {(control) => (
            <Select
              {...control}
              options={CONVERSION_STATUSES.map((value) => ({ value, label: conversionLook[value].label }))}
            />
          )}
        </FormField>
        <div className="grid grid-cols-2 items-start gap-4">
          <FormField form={form} name="revenueMinor" label="Revenue" optional>
            {(control) => <Input {...control} inputMode="decimal" autoComplete="off" />}
          </FormField>
          <FormField form={form} name="currency" label="Currency">
            {(control) => <Input {...control} maxLength={3} autoComplete="off" />}
          </FormField>
        </div>
        <FormActions form={form} action="Record" onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
