import { Plus, Trash2 } from "lucide-react";
import { useFieldArray, useWatch } from "react-hook-form";
import { MOST_CONDITIONS } from "#domains/outreach/conditions/language.ts";
import { type Mode, newGroup, newRow, newTest, noConditions } from "#web/outreach/condition-form.ts";
import { type EarlierStep, TestRow } from "#web/outreach/condition-row.tsx";
import { ConditionSentence } from "#web/outreach/condition-sentence.tsx";
import type { StepsForm } from "#web/outreach/step-settings.tsx";
import { Button, IconButton } from "#web/ui/button.tsx";
import { FormField } from "#web/ui/form.tsx";
import { type Option, Select } from "#web/ui/select.tsx";

const modeOptions: readonly Option<Mode>[] = [
  { value: "all", label: "all of these hold" },
  { value: "any", label: "any of these holds" },
];
const otherwiseOptions: readonly Option<"skip" | "stop">[] = [
  { value: "skip", label: "Skip this step and go on" },
  { value: "stop", label: "Stop the sequence for that lead" },
];

export type ConditionBuilderProps = {
  form: StepsForm;
  /** Which of the steps, from 0. */
  index: number;
  /** What may be asked about, in their order. */
  earlier: readonly EarlierStep[];
};

/** When the step is carried out: rows in words, in groups of one level, told as a sentence below. */
export function ConditionBuilder({ form, index, earlier }: ConditionBuilderProps) {
  const name = `steps.${index}.conditions` as const;
  const rows = useFieldArray({ control: form.control, name: `${name}.rows`, keyName: "rowId" });
  const conditions = useWatch({ control: form.control, name });
  const refs = useWatch({ control: form.control, name: "steps" }).map(({ ref }) => ref);
  const isFull = rows.fields.length >= MOST_CONDITIONS ? `At most ${MOST_CONDITIONS} conditions` : null;
  if (conditions.raw)
    return (
      <section aria-label="Conditions" className="grid justify-items-start gap-2">
        <h3 className="text-sm font-semibold">Only if</h3>
        <ConditionSentence conditions={conditions} refs={refs} />
        <p className="text-xs text-ink-subtle">
          Written over the API, in a way that has no form here. It is kept as it is.
        </p>
        <Button size="sm" onClick={() => form.setValue(name, noConditions(), { shouldDirty: true })}>
          Write anew
        </Button>
      </section>
    );
  return (
    <section aria-label="Conditions" className="grid gap-2">
      <h3 className="text-sm font-semibold">Only if</h3>
      {rows.fields.length === 0 ? (
        <p className="text-xs text-ink-subtle">Sent to everybody who comes to it. Add a condition to skip some.</p>
      ) : null}
      {rows.fields.length > 1 ? (
        <FormField form={form} name={`${name}.mode`} label="Where">
          {(control) => <Select {...control} options={modeOptions} />}
        </FormField>
      ) : null}
      <ul className="grid gap-2">
        {rows.fields.map(({ rowId }, place) => (
          <li key={rowId} className="grid gap-2 rounded-md border p-2">
            {conditions.rows[place]?.isGroup ? (
              <Group form={form} index={index} row={place} earlier={earlier} onRemove={() => rows.remove(place)} />
            ) : (
              <TestRow
                form={form}
                base={`${name}.rows.${place}`}
                label={`Condition ${place + 1}`}
                earlier={earlier}
                onRemove={() => rows.remove(place)}
              />
            )}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" icon={Plus} disabledReason={isFull} onClick={() => rows.append(newRow())}>
          Add condition
        </Button>
        {rows.fields.length > 0 ? (
          <Button size="sm" icon={Plus} disabledReason={isFull} onClick={() => rows.append(newGroup())}>
            Add group
          </Button>
        ) : null}
      </div>
      {rows.fields.length > 0 ? (
        <>
          <FormField form={form} name={`${name}.otherwise`} label="Otherwise">
            {(control) => <Select {...control} options={otherwiseOptions} />}
          </FormField>
          <ConditionSentence conditions={conditions} refs={refs} />
        </>
      ) : null}
    </section>
  );
}

type GroupProps = ConditionBuilderProps & { row: number; onRemove: () => void };

/** Rows that count as one. */
function Group({ form, index, row, earlier, onRemove }: GroupProps) {
  const name = `steps.${index}.conditions.rows.${row}` as const;
  const rows = useFieldArray({ control: form.control, name: `${name}.rows`, keyName: "rowId" });
  return (
    <div role="group" aria-label={`Group ${row + 1}`} className="grid gap-2">
      <div className="flex items-end gap-2">
        <FormField form={form} name={`${name}.mode`} label={`Group ${row + 1}: where`} className="grow">
          {(control) => <Select {...control} options={modeOptions} />}
        </FormField>
        <IconButton icon={Trash2} label={`Remove group ${row + 1}`} size="sm" onClick={onRemove} />
      </div>
      <ul className="grid gap-2">
        {rows.fields.map(({ rowId }, place) => (
          <li key={rowId} className="grid gap-2 border-l-2 pl-2">
            <TestRow
              form={form}
              base={`${name}.rows.${place}`}
              label={`Group ${row + 1}, condition ${place + 1}`}
              earlier={earlier}
              // A group of nothing is none.
              onRemove={() => (rows.fields.length > 1 ? rows.remove(place) : onRemove())}
            />
          </li>
        ))}
      </ul>
      <div>
        <Button
          size="sm"
          variant="ghost"
          icon={Plus}
          disabledReason={rows.fields.length >= MOST_CONDITIONS ? `At most ${MOST_CONDITIONS} conditions` : null}
          onClick={() => rows.append(newTest())}
        >
          Add to group
        </Button>
      </div>
    </div>
  );
}
