import { useWatch, type UseFormReturn } from "react-hook-form";
import { WindowClock, WindowDays } from "#web/accounts/window-controls.tsx";
import type { SequenceChecked, SequenceTyped } from "#web/outreach/sequence-form.ts";
import { Card } from "#web/ui/card.tsx";
import { Checkbox } from "#web/ui/choices.tsx";
import { FormField, FormValue } from "#web/ui/form.tsx";
import { Input } from "#web/ui/input.tsx";

/** Hours of the sequence's own, instead of the workspace's. */
export function SequenceWindow({ form }: { form: UseFormReturn<SequenceTyped, unknown, SequenceChecked> }) {
  const hasWindow = useWatch({ control: form.control, name: "settings.hasWindow" });
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
              {(control) => <WindowDays {...control} />}
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
              {(control) => <WindowClock {...control} />}
            </FormField>
          </>
        ) : null}
      </div>
    </Card>
  );
}
