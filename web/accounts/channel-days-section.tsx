import { z } from "zod";
import type { SettingsInput } from "#domains/accounts/settings.ts";
import type { SectionProps, Settings } from "#web/accounts/workspace-sections.tsx";
import { useRecordForm } from "#web/shell/record-form.ts";
import { Card } from "#web/ui/card.tsx";
import { channelLook } from "#web/ui/channel-icon.tsx";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input } from "#web/ui/input.tsx";

const CHANNELS = ["EMAIL", "SMS", "CALL"] as const;
type Limits = SettingsInput["channelLimits"];

/** A whole number from 1, or nothing. */
const typed = z
  .string()
  .trim()
  .regex(/^([1-9]\d{0,6})?$/, "Write a whole number, or leave it empty");

const channelSchema = z
  .object({ perDay: typed, start: typed, step: typed, since: z.string().regex(/^(\d{4}-\d{2}-\d{2})?$/) })
  .superRefine(({ start, step, since }, context) => {
    const parts = { start, step, since };
    if (start === "" && step === "" && since === "") return;
    for (const [name, value] of Object.entries(parts))
      if (value === "") context.addIssue({ code: "custom", path: [name], message: "A ramp needs all three" });
  });
const formSchema = z.object({ EMAIL: channelSchema, SMS: channelSchema, CALL: channelSchema });
type Typed = z.infer<typeof channelSchema>;

const text = (value: number | null | undefined) => (value ? String(value) : "");

const typedOf = (limit: Limits["EMAIL"]): Typed => ({
  perDay: text(limit?.perDay),
  start: text(limit?.ramp?.start),
  step: text(limit?.ramp?.step),
  since: limit?.ramp?.since ?? "",
});

function limitOf({ perDay, start, step, since }: Typed): Limits["EMAIL"] {
  if (perDay === "" && start === "") return undefined;
  return {
    perDay: perDay === "" ? null : Number(perDay),
    ramp: start === "" ? null : { start: Number(start), step: Number(step), since },
  };
}

const daysOf = ({ channelLimits }: Settings) => ({
  EMAIL: typedOf(channelLimits.EMAIL),
  SMS: typedOf(channelLimits.SMS),
  CALL: typedOf(channelLimits.CALL),
});

/** How much each channel sends in a day, and how a new sender is warmed up. */
export function ChannelDaysSection({ settings, whyNot, onSave }: SectionProps) {
  const form = useSchemaForm(formSchema, daysOf(settings));
  const base = useRecordForm(form, settings, daysOf);
  const save = (values: z.infer<typeof formSchema>) => {
    const limits = CHANNELS.flatMap((channel) => {
      const limit = limitOf(values[channel]);
      return limit ? [[channel, limit] as const] : [];
    });
    return onSave({ channelLimits: Object.fromEntries(limits) }, base);
  };
  return (
    <Card
      title="Limits of the day"
      description="How much each channel sends in a day of this workspace; empty means no limit. A ramp begins small and grows each day, up to the limit."
    >
      <Form form={form} onSubmit={save}>
        <fieldset disabled={whyNot !== null} className="grid min-w-0 gap-4">
          {CHANNELS.map((channel) => (
            <fieldset key={channel} className="grid gap-2">
              <legend className="pb-1 text-sm font-medium">{channelLook[channel].name}</legend>
              <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
                <FormField form={form} name={`${channel}.perDay`} label="Limit" optional>
                  {(control) => <Input {...control} inputMode="numeric" suffix="a day" />}
                </FormField>
                <FormField form={form} name={`${channel}.start`} label="Ramp from" optional>
                  {(control) => <Input {...control} inputMode="numeric" suffix="a day" />}
                </FormField>
                <FormField form={form} name={`${channel}.step`} label="Grows by" optional>
                  {(control) => <Input {...control} inputMode="numeric" suffix="each day" />}
                </FormField>
                <FormField form={form} name={`${channel}.since`} label="First day" optional>
                  {(control) => <Input {...control} type="date" />}
                </FormField>
              </div>
            </fieldset>
          ))}
        </fieldset>
        <FormActions form={form} action="Save limits of the day" disabledReason={whyNot} />
      </Form>
    </Card>
  );
}
