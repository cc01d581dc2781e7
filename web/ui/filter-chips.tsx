import { ListFilter, X } from "lucide-react";
import { useState } from "react";
import { Button } from "#web/ui/button.tsx";
import { OptionList } from "#web/ui/combobox.tsx";
import { ConditionEditor, readCondition, type Operator } from "#web/ui/condition-editor.tsx";
import { Input } from "#web/ui/input.tsx";
import { Popover } from "#web/ui/popover.tsx";
import type { Option } from "#web/ui/select.tsx";

/** One thing a list can be narrowed by. `id` is its name in the URL and in the API. */
export type Filter =
  | {
      id: string;
      label: string;
      kind: "choice";
      options: readonly Option[];
      /** Only one of them at a time. */
      single?: boolean;
      /** Search at the server; `options` then hold its answer. */
      onSearch?: (text: string) => void;
    }
  | { id: string; label: string; kind: "text"; placeholder?: string }
  /** Asked for in one of several ways; a value is `above:5` or `set`. Without ways it can only be taken out. */
  | { id: string; label: string; kind: "condition"; operators: readonly Operator[] };

/** Chosen values by filter; absent or empty means the filter is not set. The whole search of the URL will do. */
export type FilterValues = Readonly<Record<string, string | readonly string[] | undefined>>;

export type FilterChipsProps = {
  filters: readonly Filter[];
  /** The part of the URL's search that belongs to these filters. */
  values: FilterValues;
  /** Called with the changed filters only: `{ status: ["NEW"] }`, or `{ status: undefined }` to drop it. */
  onChange: (change: Record<string, readonly string[] | undefined>) => void;
};

/** What narrows the list now, each as a chip that can be changed or dropped, and a button that adds one. */
export function FilterChips({ filters, values, onChange }: FilterChipsProps) {
  const chosenOf = ({ id }: Filter) => [values[id] ?? []].flat();
  const active = filters.filter((filter) => chosenOf(filter).length > 0);
  const idle = filters.filter((filter) => chosenOf(filter).length === 0);
  const set = (filter: Filter, chosen: readonly string[]) =>
    onChange({ [filter.id]: chosen.length > 0 ? chosen : undefined });
  return (
    <div role="group" aria-label="Filters" className="flex flex-wrap items-center gap-2">
      {active.map((filter) => (
        <Chip key={filter.id} filter={filter} chosen={chosenOf(filter)} onChange={(chosen) => set(filter, chosen)} />
      ))}
      {idle.length > 0 ? <AddFilter filters={idle} onAdd={set} /> : null}
      {active.length > 1 ? (
        <Button
          size="sm"
          variant="ghost"
          onClick={() => onChange(Object.fromEntries(active.map((filter) => [filter.id, undefined])))}
        >
          Clear all
        </Button>
      ) : null}
    </div>
  );
}

type EditorProps = { filter: Filter; chosen: readonly string[]; onChange: (chosen: readonly string[]) => void };

function Chip({ filter, chosen, onChange }: EditorProps) {
  const words = wordsOf(filter, chosen);
  return (
    <span className="inline-flex h-7 max-w-full items-stretch overflow-hidden rounded-md border text-sm pointer-coarse:h-11">
      <Popover
        label={filter.label}
        className="w-60 p-0"
        trigger={
          <button
            type="button"
            className="flex min-w-0 items-center gap-1 px-2 hover:bg-hover focus-visible:-outline-offset-2"
          >
            <span className="text-ink-muted">{filter.label}</span>
            {filter.kind === "condition" ? null : (
              <span className="text-ink-subtle">{filter.kind === "text" ? "has" : "is"}</span>
            )}
            <span className="truncate font-medium">{words}</span>
          </button>
        }
      >
        <Editor filter={filter} chosen={chosen} onChange={onChange} />
      </Popover>
      <button
        type="button"
        aria-label={`Remove filter ${filter.label}`}
        onClick={() => onChange([])}
        className="flex w-7 items-center justify-center border-l text-ink-subtle hover:bg-hover hover:text-ink focus-visible:-outline-offset-2"
      >
        <X className="icon size-3" aria-hidden />
      </button>
    </span>
  );
}

type AddFilterProps = { filters: readonly Filter[]; onAdd: (filter: Filter, chosen: readonly string[]) => void };

function AddFilter({ filters, onAdd }: AddFilterProps) {
  const [open, setOpen] = useState(false);
  const [filter, setFilter] = useState<Filter>();
  const toggle = (next: boolean) => {
    setOpen(next);
    if (!next) setFilter(undefined);
  };
  return (
    <Popover
      label={filter?.label ?? "Add a filter"}
      open={open}
      onOpenChange={toggle}
      className={filter ? "w-60 p-0" : "w-52"}
      trigger={
        <Button size="sm" variant="ghost" icon={ListFilter}>
          Filter
        </Button>
      }
    >
      {filter ? (
        <Editor
          filter={filter}
          chosen={[]}
          onChange={(chosen) => {
            onAdd(filter, chosen);
            toggle(false);
          }}
        />
      ) : (
        <ul className="max-h-80 overflow-y-auto">
          {filters.map((candidate) => (
            <li key={candidate.id}>
              <button type="button" className="menu-item hover:bg-hover" onClick={() => setFilter(candidate)}>
                {candidate.label}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Popover>
  );
}

function Editor({ filter, chosen, onChange }: EditorProps) {
  const [text, setText] = useState(chosen[0] ?? "");
  if (filter.kind === "text") {
    return (
      <form
        className="flex gap-2 p-2"
        onSubmit={(event) => {
          event.preventDefault();
          onChange(text.trim() ? [text.trim()] : []);
        }}
      >
        <Input label={filter.label} value={text} onChange={setText} placeholder={filter.placeholder} autoFocus />
        <Button type="submit">Apply</Button>
      </form>
    );
  }
  if (filter.kind === "condition") {
    if (filter.operators.length === 0) return <p className="p-3 text-sm">It finds nobody. Take it out.</p>;
    const { label, operators } = filter;
    return (
      <ConditionEditor
        label={label}
        operators={operators}
        value={chosen[0] ?? ""}
        onChange={(value) => onChange(value ? [value] : [])}
      />
    );
  }
  const choose = (value: string) => {
    const without = chosen.filter((item) => item !== value);
    if (without.length < chosen.length) onChange(without);
    else onChange(filter.single ? [value] : [...chosen, value]);
  };
  return <OptionList options={filter.options} chosen={chosen} onChoose={choose} onSearch={filter.onSearch} />;
}

function wordsOf(filter: Filter, chosen: readonly string[]): string {
  if (filter.kind === "text") return `“${chosen[0] ?? ""}”`;
  if (filter.kind === "condition") {
    return chosen
      .map((value) => {
        const { operator, operand } = readCondition(value);
        const words = filter.operators.find((one) => one.value === operator)?.label ?? operator;
        return operand ? `${words} ${operand}` : words;
      })
      .join(" and ");
  }
  const labels = chosen.map((value) => filter.options.find((option) => option.value === value)?.label ?? value);
  return labels.length > 2 ? `${labels.slice(0, 2).join(", ")} +${labels.length - 2}` : labels.join(", ");
}
