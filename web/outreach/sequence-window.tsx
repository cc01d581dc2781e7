import { useWatch, type UseFormReturn } from "react-hook-form";
import { zoneOptions } from "#web/accounts/places.ts";
import type { SequenceChecked, SequenceTyped } from "#web/outreach/sequence-form.ts";
import { Card } from "#web/ui/card.tsx";
import { Checkbox } from "#web/ui/choices.tsx";
import { Combobox } from "#web/ui/combobox.tsx";
import { FormField, FormValue } from "#web/ui/form.tsx";
import { Input } from "#web/ui/input.tsx";

/** ISO numbers, as a window keeps them. */
const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].map((label, index) => ({
  label,
  number: index + 1,
}));
const LEADS_ZONE = "lead";

/** Hours of the sequence's own, instead of the workspace's. */
export function SequenceWindow({ form }: { form: UseFormReturn<SequenceTyped, unknown, SequenceChecked> }) {
  const hasWindow = useWatch({ control: form.control, name: "settings.hasWindow" });
  const zone = useWatch({ control: form.control, name: "settings.sendWindow.zone" });
  const zones = [{ value: LEADS_ZONE, label: "Each lead's own clock" }, ...zoneOptions(zone)];
  return (
    <Card title="Sending hours" description="Outside of them touches wait for the next opening.">
      <div className="grid gap-4">
        <FormValue form={form} name="settings.hasWindow">
          {(control) => (
            <Checkbox
              {...control}
              label="Hours of its own"
              hint="Instead of the workspace's. What the law of the lead's country forbids stays forbidden."
            />
          )}
        </FormValue>
        {hasWindow ? (
          <>
            <FormField form={form} name="settings.sendWindow.days" label="Days">
              {({ id, value, onChange, ...control }) => (
                <div
                  id={id}
                  role="group"
                  aria-label="Days"
                  aria-describedby={control["aria-describedby"]}
                  className="grid grid-cols-2 gap-2 sm:grid-cols-4"
                >
                  {DAYS.map(({ label, number }) => (
                    <Checkbox
                      key={number}
                      label={label}
                      value={value.includes(number)}
                      onChange={(on) =>
                        onChange(
                          DAYS.map((day) => day.number).filter((day) => (day === number ? on : value.includes(day))),
                        )
                      }
                    />
                  ))}
                </div>
              )}
            </FormField>
            <div className="grid grid-cols-2 gap-4">
              <FormField form={form} name="settings.sendWindow.start" label="From" hint="Hours and minutes.">
                {(control) => <Input {...control} placeholder="09:00" maxLength={5} />}
              </FormField>
              <FormField form={form} name="settings.sendWindow.end" label="To" hint="An earlier hour: next day.">
                {(control) => <Input {...control} placeholder="18:00" maxLength={5} />}
              </FormField>
            </div>
            <FormField form={form} name="settings.sendWindow.zone" label="On whose clock">
              {({ value, onChange, ...control }) => (
                <Combobox
                  {...control}
                  value={value ?? LEADS_ZONE}
                  onChange={(chosen) => onChange(chosen === LEADS_ZONE ? undefined : chosen)}
                  options={zones}
                />
              )}
            </FormField>
          </>
        ) : null}
      </div>
    </Card>
  );
}
