import { z } from "zod";
import { settingsSchema } from "#domains/accounts/settings.ts";
import type { SectionProps, Settings } from "#web/accounts/workspace-sections.tsx";
import { useRecordForm } from "#web/shell/record-form.ts";
import { Card } from "#web/ui/card.tsx";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input } from "#web/ui/input.tsx";

const { shape } = settingsSchema;

const digits = z
  .string()
  .trim()
  .regex(/^\d{1,8}$/, "Write a whole number")
  .transform(Number);

/** A number as it is typed, held to the bounds of the setting. */
const typed = (bounds: z.ZodType<number, number>) => digits.pipe(bounds);
/** The same where nothing typed means no limit. */
const typedOrNone = (bounds: z.ZodType<number | null, number | null>) =>
  z
    .string()
    .trim()
    .regex(/^\d{0,8}$/, "Write a whole number, or leave it empty")
    .transform((text) => (text === "" ? null : Number(text)))
    .pipe(bounds);

const limitsSchema = z.object({
  capPerChannelPerDay: typed(shape.capPerChannelPerDay),
  capPerDay: typedOrNone(shape.capPerDay),
  capPerWeek: typed(shape.capPerWeek),
  minGapMinutes: typedOrNone(shape.minGapMinutes),
  emailPerMinute: typed(shape.emailPerMinute),
  smsPerMinute: typed(shape.smsPerMinute),
  callPerMinute: typed(shape.callPerMinute),
});

const LIMITS = [
  { name: "capPerChannelPerDay", label: "To one lead, per channel", suffix: "a day" },
  { name: "capPerDay", label: "To one lead, all channels", suffix: "a day", optional: true },
  { name: "capPerWeek", label: "To one lead, all channels, in 7 days", suffix: "a week" },
  { name: "minGapMinutes", label: "Between two touches of one lead", suffix: "minutes", optional: true },
  { name: "emailPerMinute", label: "E-mails in all", suffix: "a minute" },
  { name: "smsPerMinute", label: "SMS in all", suffix: "a minute" },
  { name: "callPerMinute", label: "Calls in all", suffix: "a minute" },
] as const;

/** How each is called, for whoever compares two of them. */
export const LIMIT_FIELDS = Object.fromEntries(LIMITS.map(({ name, label }) => [name, { label }]));

const text = (value: number | null) => (value === null ? "" : String(value));

const limitsOf = (settings: Settings) => ({
  capPerChannelPerDay: text(settings.capPerChannelPerDay),
  capPerDay: text(settings.capPerDay),
  capPerWeek: text(settings.capPerWeek),
  minGapMinutes: text(settings.minGapMinutes),
  emailPerMinute: text(settings.emailPerMinute),
  smsPerMinute: text(settings.smsPerMinute),
  callPerMinute: text(settings.callPerMinute),
});

/** How much one lead gets at most, and how fast each channel sends. */
export function LimitsSection({ settings, whyNot, onSave }: SectionProps) {
  const form = useSchemaForm(limitsSchema, limitsOf(settings));
  const base = useRecordForm(form, settings, limitsOf);
  return (
    <Card
      title="Limits"
      description="How much one lead gets at most, and how fast each channel sends. What is above waits."
    >
      <Form form={form} onSubmit={(values) => onSave(values, base)}>
        <fieldset disabled={whyNot !== null} className="grid min-w-0 gap-4">
          <div className="grid gap-4 sm:grid-cols-2">
            {LIMITS.map(({ name, label, suffix, ...rest }) => (
              <FormField key={name} form={form} name={name} label={label} optional={"optional" in rest}>
                {(control) => <Input {...control} inputMode="numeric" suffix={suffix} />}
              </FormField>
            ))}
          </div>
        </fieldset>
        <FormActions form={form} action="Save limits" disabledReason={whyNot} />
      </Form>
    </Card>
  );
}
