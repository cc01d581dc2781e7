import type { ImportView } from "#domains/leads/contract.ts";
import { columnWords, SURE_ENOUGH, type FieldChoice } from "#web/leads/import-words.ts";
import { optionsOf } from "#web/leads/words.ts";
import { Badge } from "#web/ui/badge.tsx";
import { Select } from "#web/ui/select.tsx";

type Column = ImportView["columns"][number];

export type ImportColumnProps = {
  column: Column;
  /** What the server proposed for it, with samples and reason. */
  told: Column;
  onChange: (field: FieldChoice) => void;
};

/** One column of the file and what it becomes. */
export function ImportColumn({ column, told, onChange }: ImportColumnProps) {
  const name = column.header || `Column ${column.column + 1}`;
  const isProposed = told.field === column.field;
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
        value={column.field}
        onChange={onChange}
        options={optionsOf(columnWords)}
        className="w-full"
      />
    </li>
  );
}
