import { z } from "zod";
import type { SectionProps, Settings } from "#web/accounts/workspace-sections.tsx";
import { useRecordForm } from "#web/shell/record-form.ts";
import { Card } from "#web/ui/card.tsx";
import { Checkbox } from "#web/ui/choices.tsx";
import { Form, FormActions, FormValue, useSchemaForm } from "#web/ui/form.tsx";

const schema = z.object({ EMAIL: z.boolean(), SMS: z.boolean(), CALL: z.boolean() });

const CHANNELS = [
  {
    name: "EMAIL",
    label: "E-mail only on a basis",
    hint: "Consent, a legitimate interest or a contract has to be on record for e-mail.",
  },
  {
    name: "SMS",
    label: "SMS only on a basis",
    hint: "Consent, a legitimate interest or a contract has to be on record for SMS.",
  },
  {
    name: "CALL",
    label: "Calls only with consent",
    hint: "Calls speak with an artificial voice. To the United States such calls need prior express consent (47 CFR § 64.1200, FCC 24-17).",
  },
] as const;

const policyOf = ({ consentPolicy }: Settings) => ({
  EMAIL: consentPolicy.EMAIL === true,
  SMS: consentPolicy.SMS === true,
  CALL: consentPolicy.CALL === true,
});

/** Which channels go only to those with a basis on record; the others are skipped with the reason. */
export function ConsentSection({ settings, whyNot, onSave }: SectionProps) {
  const form = useSchemaForm(schema, policyOf(settings));
  const base = useRecordForm(form, settings, policyOf);
  return (
    <Card
      title="Consent"
      description="Touches to leads without a basis on record are skipped, and say so. Consents stand on the page of each lead."
    >
      <Form form={form} onSubmit={(values) => onSave({ consentPolicy: values }, base)}>
        <fieldset disabled={whyNot !== null} className="grid min-w-0 gap-4">
          {CHANNELS.map(({ name, label, hint }) => (
            <FormValue key={name} form={form} name={name}>
              {(control) => <Checkbox {...control} label={label} hint={hint} />}
            </FormValue>
          ))}
        </fieldset>
        <FormActions form={form} action="Save consent" disabledReason={whyNot} />
      </Form>
    </Card>
  );
}
