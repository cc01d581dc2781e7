import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, ChevronDown, Pencil, Save, Share2, Trash2 } from "lucide-react";
import { useState } from "react";
import type { SavedFilterView } from "#domains/leads/contract.ts";
import { api } from "#web/api.ts";
import type { LeadsSearch, WantedLeads } from "#web/leads/search.ts";
import { differsFrom, lookOf, savedFiltersQuery, searchOfView } from "#web/leads/views.ts";
import { problemOf } from "#web/problem.ts";
import { saveOnto } from "#web/shell/save-onto.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Button } from "#web/ui/button.tsx";
import { Checkbox } from "#web/ui/choices.tsx";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { DropdownMenu, type MenuItem } from "#web/ui/dropdown-menu.tsx";
import { Field } from "#web/ui/field.tsx";
import { Input } from "#web/ui/input.tsx";
import { InlineError } from "#web/ui/states.tsx";
import { toast } from "#web/ui/toast.tsx";
import { TOOK_THEIRS } from "#web/ui/took-theirs.ts";

export type ViewsMenuProps = {
  search: LeadsSearch;
  wanted: WantedLeads;
  /** Ids of the columns that are shown. */
  columns: readonly string[];
  /** The person chose other columns than the view has. */
  hasOtherColumns: boolean;
  onOpen: (search: LeadsSearch) => void;
};

/** The filters that are saved under a name: opened, saved anew, updated, renamed, shared, deleted. */
export function ViewsMenu({ search, wanted, columns, hasOtherColumns, onOpen }: ViewsMenuProps) {
  const queries = useQueryClient();
  const views = useQuery(savedFiltersQuery).data?.data ?? [];
  const open = views.find(({ id }) => id === search.view);
  const isChanged = open !== undefined && (hasOtherColumns || differsFrom(open, search));
  // The view as it was when the list was still as it has it: what is changed since is a change of that one.
  const [begun, setBegun] = useState(open);
  if (begun !== open && (begun?.id !== open?.id || !isChanged)) setBegun(open);
  const whyNot = useWhyNot("leads:write");
  const [naming, setNaming] = useState<"new" | SavedFilterView>();
  const [going, setGoing] = useState<SavedFilterView>();
  const onSuccess = () => queries.invalidateQueries({ queryKey: api.leads.savedFilters.key() });
  const saveView = useSaveView(onSuccess);
  const remove = useMutation({ ...api.leads.savedFilters.delete.mutationOptions(), onSuccess });
  const change = (view: SavedFilterView, patch: ViewPatch, told: string) =>
    void saveView(view, patch).then(
      (saved) => (saved === TOOK_THEIRS ? onOpen(searchOfView(view)) : toast.done(told)),
      (error: unknown) => toast.problem(error),
    );
  const acts: MenuItem[] = [
    { label: "Save as a view…", icon: Bookmark, disabledReason: whyNot, onSelect: () => setNaming("new") },
    ...(open
      ? [
          {
            label: `Update “${open.name}”`,
            icon: Save,
            disabledReason: whyNot ?? (isChanged ? null : "It shows exactly this"),
            onSelect: () => change(begun ?? open, lookOf(wanted, columns), `“${open.name}” shows this now`),
          },
          { label: "Rename…", icon: Pencil, disabledReason: whyNot, onSelect: () => setNaming(open) },
          {
            label: open.shared ? "Keep it to myself" : "Share with everybody",
            icon: Share2,
            disabledReason: whyNot,
            onSelect: () =>
              change(
                open,
                { shared: !open.shared },
                open.shared ? "Only you see the view now" : "Everybody sees the view now",
              ),
          },
          {
            label: "Delete view…",
            icon: Trash2,
            danger: true,
            disabledReason: whyNot,
            onSelect: () => setGoing(open),
          },
        ]
      : []),
  ];
  return (
    <>
      <DropdownMenu
        align="start"
        trigger={
          <Button size="sm" aria-label={`View: ${open?.name ?? "All leads"}`}>
            <span className="flex items-center gap-1">
              <span className="max-w-40 truncate">{open?.name ?? "All leads"}</span>
              {isChanged ? <span className="text-ink-subtle">changed</span> : null}
              <ChevronDown className="icon size-3" aria-hidden />
            </span>
          </Button>
        }
        sections={[
          {
            heading: "Views",
            items: [
              { label: "All leads", checked: open === undefined, onSelect: () => onOpen({}) },
              ...views.map((view) => ({
                label: view.gone.length > 0 ? `${view.name} (refers to what is gone)` : view.name,
                checked: view.id === open?.id,
                onSelect: () => onOpen(searchOfView(view)),
              })),
            ],
          },
          { items: acts },
        ]}
      />
      {naming ? (
        <NameView
          view={naming === "new" ? undefined : naming}
          look={lookOf(wanted, columns)}
          onClose={() => setNaming(undefined)}
          onSaved={(view) => onOpen(searchOfView(view))}
        />
      ) : null}
      <ConfirmDialog
        open={going !== undefined}
        onOpenChange={() => setGoing(undefined)}
        title={`Delete the view “${going?.name}”?`}
        consequences="Its leads stay. What names it as a segment finds nobody from then on."
        action="Delete view"
        loading={remove.isPending}
        error={remove.error ? problemOf(remove.error).title : undefined}
        onConfirm={() =>
          going
            ? remove.mutate(
                { savedFilterId: going.id },
                {
                  onSuccess: () => {
                    setGoing(undefined);
                    onOpen({});
                  },
                },
              )
            : undefined
        }
      />
    </>
  );
}

type ViewPatch = Partial<ReturnType<typeof lookOf> & Pick<SavedFilterView, "name" | "shared">>;

const VIEW_FIELDS = {
  name: { label: "Name" },
  filter: { label: "Filters" },
  sort: { label: "Order" },
  columns: { label: "Columns" },
  shared: { label: "Who sees it" },
};

/** Changes a view from what it was in `base`; throws the API's refusal. */
function useSaveView(onSuccess: () => Promise<unknown>) {
  const queries = useQueryClient();
  const change = useMutation({ ...api.leads.savedFilters.change.mutationOptions(), onSuccess });
  return (base: SavedFilterView, patch: ViewPatch) =>
    saveOnto({
      base,
      patch,
      fields: VIEW_FIELDS,
      read: () =>
        queries.fetchQuery({
          ...api.leads.savedFilters.get.queryOptions({ input: { savedFilterId: base.id } }),
          staleTime: 0,
        }),
      send: (some, expectedUpdatedAt) => change.mutateAsync({ ...some, savedFilterId: base.id, expectedUpdatedAt }),
    });
}

type NameViewProps = {
  view: SavedFilterView | undefined;
  look: ReturnType<typeof lookOf>;
  onClose: () => void;
  onSaved: (view: SavedFilterView) => void;
};

function NameView({ view, look, onClose, onSaved }: NameViewProps) {
  const queries = useQueryClient();
  const [name, setName] = useState(view?.name ?? "");
  const [shared, setShared] = useState(true);
  const done = {
    onSuccess: async (saved: SavedFilterView) => {
      await queries.invalidateQueries({ queryKey: api.leads.savedFilters.key() });
      onClose();
      if (!view) onSaved(saved);
    },
  };
  const create = useMutation({ ...api.leads.savedFilters.create.mutationOptions(), ...done });
  // What was there when the dialog opened: the menu behind it follows what others save.
  const [begun] = useState(view);
  const saveView = useSaveView(() => queries.invalidateQueries({ queryKey: api.leads.savedFilters.key() }));
  const rename = useMutation({
    mutationFn: async (base: SavedFilterView) => saveView(base, { name: name.trim() }),
    onSuccess: onClose,
  });
  const error = create.error ?? rename.error;
  const problem = error ? problemOf(error) : undefined;
  const fault = problem?.errors?.find(({ pointer }) => pointer === "/name")?.detail;
  const missing = name.trim() === "" ? "Name it first" : null;
  const save = () => {
    if (missing || create.isPending || rename.isPending) return;
    if (begun) rename.mutate(begun);
    else create.mutate({ name: name.trim(), shared, ...look });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={view ? `Rename “${view.name}”` : "Save as a view"}
      description={view ? undefined : "Keeps the filters, the order and the columns as they are now."}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            disabledReason={missing}
            loading={create.isPending || rename.isPending}
            onClick={save}
          >
            {view ? "Rename" : "Save view"}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Field label="Name" error={fault}>
          {(control) => <Input {...control} value={name} onChange={setName} maxLength={80} autoComplete="off" />}
        </Field>
        {view ? null : <Checkbox value={shared} onChange={setShared} label="Everybody of the workspace sees it" />}
        {problem && !fault ? <InlineError problem={problem} /> : null}
      </form>
    </Dialog>
  );
}
