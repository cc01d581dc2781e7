import { Plus, X } from "lucide-react";
import { INTAKE_TARGETS, type IntakeTarget } from "#domains/leads/intake/source-settings.ts";
import { targetWords } from "#web/leads/intake-words.ts";
import { Button, IconButton } from "#web/ui/button.tsx";
import { FieldError } from "#web/ui/field.tsx";
import { Input } from "#web/ui/input.tsx";
import { Select } from "#web/ui/select.tsx";

export type MappedName = { name: string; target: IntakeTarget };

export type IntakeMappingProps = {
  value: readonly MappedName[];
  onChange: (value: MappedName[]) => void;
  /** What is wrong with it. */
  fault?: string;
};

const options = INTAKE_TARGETS.map((value) => ({ value, label: targetWords[value] }));

/** What names in a submission mean, where they are not the usual ones. */
export function IntakeMapping({ value, onChange, fault }: IntakeMappingProps) {
  const set = (place: number, change: Partial<MappedName>) =>
    onChange(value.map((one, at) => (at === place ? { ...one, ...change } : one)));
  return (
    <fieldset className="grid gap-2">
      <legend className="text-sm font-medium">Names of fields</legend>
      <p className="max-w-prose text-xs text-ink-subtle">
        Usual names, such as email, phone or first_name, are understood. Say here what others mean.
      </p>
      {value.map((one, place) => (
        <div key={place} className="flex flex-wrap items-center gap-2">
          <div className="min-w-32 grow basis-32">
            <Input
              label={`Name ${place + 1} in the submission`}
              placeholder="contact_mail"
              autoComplete="off"
              value={one.name}
              maxLength={200}
              onChange={(name) => set(place, { name })}
            />
          </div>
          <span className="text-sm text-ink-muted">is</span>
          <Select
            label={`Meaning of name ${place + 1}`}
            className="sm:w-44"
            value={one.target}
            options={options}
            onChange={(target) => set(place, { target })}
          />
          <IconButton
            icon={X}
            size="sm"
            label={`Leave out name ${place + 1}`}
            onClick={() => onChange(value.filter((_one, at) => at !== place))}
          />
        </div>
      ))}
      {fault ? <FieldError>{fault}</FieldError> : null}
      <div>
        <Button
          size="sm"
          icon={Plus}
          disabledReason={value.length >= 100 ? "At most 100" : null}
          onClick={() => onChange([...value, { name: "", target: "email" }])}
        >
          Add a name
        </Button>
      </div>
    </fieldset>
  );
}
