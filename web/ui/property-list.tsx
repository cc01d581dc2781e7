import { Pencil } from "lucide-react";
import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { problemOf, type Problem } from "#web/problem.ts";
import { Button } from "#web/ui/button.tsx";
import { FieldError } from "#web/ui/field.tsx";
import { Input, Textarea } from "#web/ui/input.tsx";
import { NotKnown } from "#web/ui/number-text.tsx";
import { Select, type Option } from "#web/ui/select.tsx";
import { toast } from "#web/ui/toast.tsx";
import { TOOK_THEIRS } from "#web/ui/took-theirs.ts";
import { Tooltip } from "#web/ui/tooltip.tsx";

/** Names and values of a record, one a line. */
export function PropertyList({ label, children }: { label: string; children: ReactNode }) {
  return (
    <dl aria-label={label} className="grid gap-1">
      {children}
    </dl>
  );
}

export type PropertyProps = {
  label: string;
  /** What is edited, where the label beside it is not its name: "Tag priority". */
  name?: string;
  /** As a text that can be edited; empty when there is none. */
  value: string;
  /** How it is shown while nobody edits it; the text itself unless given. */
  children?: ReactNode;
  /** Where the fact comes from and since when: "From CSV import, 2 Mar 2026". Shown on hover and focus. */
  source?: ReactNode;
  /** `date`: a calendar day, `2026-03-02`. */
  kind?: "text" | "email" | "tel" | "url" | "date" | "lines";
  /** A fixed set of values instead of free text. */
  options?: readonly Option[];
  /** Saves the new value. Absent: the value cannot be edited. Throws the API's error. */
  onSave?: (value: string) => Promise<unknown>;
};

/** One fact of a record: edited in place, saved when the field is left, undone from the message that follows. */
export function Property(props: PropertyProps) {
  const { label, name = label, value, children, source, kind = "text", options, onSave } = props;
  const [editing, setEditing] = useState(false);
  const shown = value === "" && !children ? <NotKnown label="not set" /> : (children ?? value);
  return (
    <div className="grid min-h-8 grid-cols-[6.5rem_minmax(0,1fr)] items-start gap-2 text-sm">
      <dt className="truncate py-1 leading-6 text-ink-muted pointer-coarse:py-2">{label}</dt>
      <dd className="min-w-0">
        {onSave && options ? (
          <Choice label={name} value={value} options={options} onSave={onSave} />
        ) : onSave && editing ? (
          <Editor label={name} value={value} kind={kind} onSave={onSave} onClose={() => setEditing(false)} />
        ) : (
          <Fact source={source}>
            {onSave ? (
              <button type="button" onClick={() => setEditing(true)} className={factStyle}>
                <span className="min-w-0 grow truncate">{shown}</span>
                <Pencil
                  className="icon absolute right-2 size-3 rounded-md bg-hover text-ink-subtle opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100"
                  aria-hidden
                />
                <span className="sr-only">, edit {name}</span>
              </button>
            ) : (
              <span className="block truncate py-1 leading-6 pointer-coarse:py-2">{shown}</span>
            )}
          </Fact>
        )}
      </dd>
    </div>
  );
}

const factStyle =
  "group relative -mx-2 flex w-[calc(100%+1rem)] min-w-0 items-center rounded-md px-2 py-1 text-left leading-6 hover:bg-hover pointer-coarse:min-h-11 pointer-coarse:py-2";

function Fact({ source, children }: { source?: ReactNode; children: ReactNode }) {
  return source ? (
    <Tooltip content={source} side="left">
      {children}
    </Tooltip>
  ) : (
    children
  );
}

type Save = (value: string) => Promise<unknown>;

/** Saves and offers the way back; gives the problem when it was refused. */
async function saveWithUndo(label: string, onSave: Save, next: string, before: string): Promise<Problem | undefined> {
  try {
    if ((await onSave(next)) === TOOK_THEIRS) return undefined;
  } catch (error) {
    return problemOf(error);
  }
  toast.undo(`${label} changed`, () => void onSave(before).catch((error: unknown) => toast.problem(error)));
  return undefined;
}

type ChoiceProps = { label: string; value: string; options: readonly Option[]; onSave: Save };

function Choice({ label, value, options, onSave }: ChoiceProps) {
  const [pending, setPending] = useState<string>();
  const [problem, setProblem] = useState<Problem>();
  const save = async (next: string) => {
    setPending(next);
    setProblem(await saveWithUndo(label, onSave, next, value));
    setPending(undefined);
  };
  return (
    <>
      <Select
        label={label}
        value={pending ?? value}
        onChange={(next) => void save(next)}
        options={options}
        className="-mx-2 w-[calc(100%+1rem)] border-transparent bg-transparent text-sm hover:border-transparent hover:bg-hover"
      />
      {problem ? <FieldError>{wordsOf(problem)}</FieldError> : null}
    </>
  );
}

type EditorProps = {
  label: string;
  value: string;
  kind: NonNullable<PropertyProps["kind"]>;
  onSave: Save;
  onClose: () => void;
};

function Editor({ label, value, kind, onSave, onClose }: EditorProps) {
  const [draft, setDraft] = useState(value);
  const [problem, setProblem] = useState<Problem>();
  // What was there when the editing began: undo goes back to it, and a value that differs has come from elsewhere.
  const [before] = useState(value);
  // So is the record that the words began from: the save knows it.
  const [saveFrom, setSaveFrom] = useState(() => onSave);
  const done = useRef(false);
  const stale = value !== before && value !== draft;

  const save = async () => {
    const next = draft.trim();
    if (done.current) return;
    if (next === before) return onClose();
    done.current = true;
    const refusal = await saveWithUndo(label, saveFrom, next, before);
    if (!refusal) return onClose();
    // The words stay in the field; leaving it again tries again.
    done.current = false;
    setSaveFrom(() => onSave);
    setProblem(refusal);
  };
  const cancel = () => {
    done.current = true;
    onClose();
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      cancel();
    }
    if (event.key === "Enter" && (kind !== "lines" || event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      void save();
    }
  };

  const control = {
    label,
    value: draft,
    onChange: setDraft,
    onBlur: () => void save(),
    "aria-invalid": problem ? true : undefined,
  };
  return (
    <div className="grid gap-1" onKeyDown={keys}>
      {kind === "lines" ? (
        <Textarea {...control} rows={2} ref={focusAtEnd} />
      ) : (
        <Input {...control} type={kind} autoFocus />
      )}
      {problem ? <FieldError>{wordsOf(problem)}</FieldError> : null}
      {stale ? (
        <p role="status" className="flex flex-wrap items-center gap-1 text-xs text-warning-ink">
          Changed meanwhile to “{value}”.
          <Button size="sm" variant="ghost" onMouseDown={(event) => event.preventDefault()} onClick={cancel}>
            Take it
          </Button>
        </p>
      ) : null}
    </div>
  );
}

function wordsOf(problem: Problem): string {
  return problem.errors?.[0]?.detail ?? problem.detail ?? problem.title;
}

function focusAtEnd(element: HTMLTextAreaElement | null) {
  if (!element || document.activeElement === element) return;
  element.focus();
  element.setSelectionRange(element.value.length, element.value.length);
}
