import { Plus, X } from "lucide-react";
import { useState } from "react";
import { settingsSchema } from "#domains/accounts/settings.ts";
import { WindowClock, WindowDays } from "#web/accounts/window-controls.tsx";
import type { SectionProps, Settings } from "#web/accounts/workspace-sections.tsx";
import { Button, IconButton } from "#web/ui/button.tsx";
import { useRecordForm } from "#web/shell/record-form.ts";
import { Card } from "#web/ui/card.tsx";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input } from "#web/ui/input.tsx";

const schema = settingsSchema.pick({ sendWindow: true, holidays: true });

const windowOf = ({ sendWindow, holidays }: Settings) => ({ sendWindow, holidays });

/** When anything may be sent, and the days on which nothing is. */
export function WindowSection({ settings, whyNot, onSave }: SectionProps) {
  const form = useSchemaForm(schema, windowOf(settings));
  const base = useRecordForm(form, settings, windowOf);
  return (
    <Card title="Send window" description="Outside of it, and on holidays, messages wait for the next opening.">
      <Form form={form} onSubmit={(values) => onSave(values, base)}>
        <fieldset disabled={whyNot !== null} className="grid min-w-0 gap-4">
          <FormField form={form} name="sendWindow.days" label="Days">
            {(control) => <WindowDays {...control} />}
          </FormField>
          <div className="grid grid-cols-2 gap-4">
            <FormField form={form} name="sendWindow.start" label="From" hint="Hours and minutes.">
              {(control) => <Input {...control} placeholder="09:00" maxLength={5} />}
            </FormField>
            <FormField form={form} name="sendWindow.end" label="To" hint="An earlier hour is on the next day.">
              {(control) => <Input {...control} placeholder="18:00" maxLength={5} />}
            </FormField>
          </div>
          <FormField form={form} name="sendWindow.zone" label="On whose clock">
            {(control) => <WindowClock {...control} />}
          </FormField>
          <FormField form={form} name="holidays" label="Holidays" optional>
            {({ id, value, onChange }) => <Holidays id={id} value={value} onChange={onChange} />}
          </FormField>
        </fieldset>
        <FormActions form={form} action="Save window" disabledReason={whyNot} />
      </Form>
    </Card>
  );
}

type HolidaysProps = { id: string; value: readonly string[]; onChange: (dates: string[]) => void };

function Holidays({ id, value, onChange }: HolidaysProps) {
  const [date, setDate] = useState("");
  const add = () => {
    onChange([...new Set([...value, date])].toSorted());
    setDate("");
  };
  return (
    <div className="grid gap-2">
      {value.length > 0 ? (
        <ul className="flex flex-wrap gap-2">
          {value.map((day) => (
            <li key={day} className="flex h-7 items-center rounded-md border pl-2 text-sm tabular-nums">
              {day}
              <IconButton
                size="sm"
                icon={X}
                label={`Remove ${day}`}
                onClick={() => onChange(value.filter((other) => other !== day))}
              />
            </li>
          ))}
        </ul>
      ) : null}
      <div className="flex gap-2">
        <Input id={id} type="date" value={date} onChange={setDate} className="w-40" />
        <Button icon={Plus} disabledReason={date ? null : "Choose a date first"} onClick={add}>
          Add holiday
        </Button>
      </div>
    </div>
  );
}
