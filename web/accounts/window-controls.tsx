import { zoneOptions } from "#web/accounts/places.ts";
import { Checkbox } from "#web/ui/choices.tsx";
import { Combobox } from "#web/ui/combobox.tsx";
import type { ControlProps } from "#web/ui/control.ts";

/** ISO numbers, as a window keeps them. */
const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].map((label, index) => ({
  label,
  number: index + 1,
}));
const LEADS_ZONE = "lead";

/** The days of the week on which a window is open. */
export function WindowDays(
  props: Omit<ControlProps<readonly number[], HTMLElement>, "onChange"> & {
    onChange: (days: number[]) => void;
  },
) {
  const { id, value, onChange } = props;
  return (
    <div
      id={id}
      role="group"
      aria-label="Days"
      aria-describedby={props["aria-describedby"]}
      className="grid grid-cols-2 gap-2 sm:grid-cols-4"
    >
      {DAYS.map(({ label, number }) => (
        <Checkbox
          key={number}
          label={label}
          value={value.includes(number)}
          onChange={(on) =>
            onChange(DAYS.map((day) => day.number).filter((day) => (day === number ? on : value.includes(day))))
          }
        />
      ))}
    </div>
  );
}

/** On whose clock a window opens and closes; undefined is each lead's own. */
export function WindowClock({ value, onChange, ...control }: ControlProps<string | undefined, HTMLButtonElement>) {
  return (
    <Combobox
      {...control}
      value={value ?? LEADS_ZONE}
      onChange={(zone) => onChange(zone === LEADS_ZONE ? undefined : zone)}
      options={[{ value: LEADS_ZONE, label: "Each lead's own clock" }, ...zoneOptions(value)]}
    />
  );
}
