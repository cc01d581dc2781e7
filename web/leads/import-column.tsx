import type { CustomFieldView, ImportView } from "#domains/leads/contract.ts";
import { choiceOf, type ColumnChoice, columnWords, NEW_FIELD, SURE_ENOUGH } from "#web/leads/import-words.ts";
import { optionsOf } from "#web/leads/words.ts";
import { Badge } from "#web/ui/badge.tsx";
import { type Option, Select } from "#web/ui/select.tsx";

type Column = ImportView["columns"][number];

export type ImportColumnProps = {
  column: Column;
  /** What the server proposed for it, with samples and reason. */
  told: Column;
  /** The workspace's own. */
  fields: readonly CustomFieldView[];
  onChange: (choice: ColumnChoice) => void;
};

/** One column of the file and what it becomes. */
export function ImportColumn({ column, told, fields, onChange }: ImportColumnProps) {
  const own: Option<ColumnChoice>[] = fields.map(({ key, label }) => ({ value: `custom:${key}`, label }));
  const name = column.header || `Column ${column.column + 1}`;
  const isProposed = choiceOf(told) === choiceOf(column);
  const unsure = isProposed && told.confidence !== undefined && told.confidence < SURE_ENOUGH && told.field !== "meta";
  return (
    <li className="grid items-start gap-x-4 gap-y-2 border-t px-4 py-3 sm:grid-cols-[minmax(0,1fr)_15rem]">
      <div className="grid min-w-0 gap-1">
        <p className="flex min-w-0 items-center gap-2 text-base">
          <span className="truncate font-medium">{name}</span>
          {unsure ? <Badge tone="warning">Please check</Badge> : null}
        </p>
        {told.samples?.length ? (
          <p className="truncate text-sm text-ink-muted">{told.samples.slice(0, 4).join(" · ")}</p>
        ) : null}
        {isProposed && told.why ? <p className="text-xs text-ink-subtle">{told.why}</p> : null}
      </div>
      <Select
        label={`${name} becomes`}
        value={choiceOf(column)}
        onChange={onChange}
        options={[...optionsOf(columnWords), ...own, { value: NEW_FIELD, label: "A new field of your own…" }]}
        className="w-full"
      />
    </li>
  );
}
