import { useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { Archive, ArchiveRestore, ArrowDown, ArrowUp, ListPlus, Pencil, Plus } from "lucide-react";
import { Suspense, useState } from "react";
import type { CustomFieldView } from "#domains/leads/contract.ts";
import { SettingsPage } from "#web/accounts/settings-page.tsx";
import { api } from "#web/api.ts";
import { fieldTypeWords } from "#web/leads/custom-field-words.ts";
import { problemOf } from "#web/problem.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Button, IconButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { late } from "#web/ui/late.tsx";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { EmptyState, InlineError } from "#web/ui/states.tsx";
import { toast } from "#web/ui/toast.tsx";

const CustomFieldDialog = late(() =>
  import("#web/leads/custom-field-dialog.tsx").then((module) => module.CustomFieldDialog),
);

const fieldsQuery = api.leads.customFields.list.queryOptions({ input: { archived: true } });

// Loader

export function load(queries: QueryClient) {
  void queries.prefetchQuery(fieldsQuery);
}

// Page

/** The workspace's own fields on leads: made, renamed, put in order, archived. */
export function CustomFieldsPage() {
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(fieldsQuery);
  const fields = data?.data.filter(({ archivedAt }) => archivedAt === null) ?? [];
  const archived = data?.data.filter(({ archivedAt }) => archivedAt !== null) ?? [];
  const whyNot = useWhyNot("leads:write");
  const [open, setOpen] = useState<CustomFieldView | "new">();
  const [going, setGoing] = useState<CustomFieldView>();
  const settle = {
    onSuccess: () => queries.invalidateQueries({ queryKey: api.leads.key() }),
    onError: (refusal: unknown) => toast.problem(refusal),
  };
  const change = useMutation({ ...api.leads.customFields.change.mutationOptions(), ...settle });
  const order = useMutation({ ...api.leads.customFields.order.mutationOptions(), ...settle });
  const move = (from: number, to: number) => {
    const ids = fields.map(({ id }) => id);
    const [moved] = ids.splice(from, 1);
    if (moved) order.mutate({ ids: ids.toSpliced(to, 0, moved) });
  };
  const create = (
    <Button variant="primary" icon={Plus} disabledReason={whyNot} onClick={() => setOpen("new")}>
      New field
    </Button>
  );
  return (
    <SettingsPage
      title="Lead fields"
      context="What your workspace keeps about people beside name and addresses: shown on every lead, filtered, imported, exported, and named in scripts."
      action={create}
    >
      {error ? <InlineError problem={problemOf(error)} onRetry={() => void refetch()} /> : null}
      {data ? null : error ? null : <SkeletonText lines={4} />}
      {data && fields.length === 0 ? (
        <EmptyState icon={ListPlus} title="No fields of your own yet" action={create}>
          Add what you ask people for: a plan, a budget, the day on which something ends.
        </EmptyState>
      ) : null}
      {fields.length > 0 ? (
        <Card title="Fields" flush>
          <ul aria-label="Fields">
            {fields.map((field, place) => (
              <li key={field.id} className="flex items-center gap-2 border-t px-4 py-2">
                <div className="grid min-w-0 grow">
                  <span className="truncate font-medium">{field.label}</span>
                  <span className="truncate text-sm text-ink-muted">{describe(field)}</span>
                </div>
                <IconButton
                  icon={ArrowUp}
                  size="sm"
                  label={`Move ${field.label} up`}
                  disabledReason={whyNot ?? (place === 0 ? "It is the first" : null)}
                  onClick={() => move(place, place - 1)}
                />
                <IconButton
                  icon={ArrowDown}
                  size="sm"
                  label={`Move ${field.label} down`}
                  disabledReason={whyNot ?? (place === fields.length - 1 ? "It is the last" : null)}
                  onClick={() => move(place, place + 1)}
                />
                <IconButton
                  icon={Pencil}
                  size="sm"
                  label={`Change ${field.label}`}
                  disabledReason={whyNot}
                  onClick={() => setOpen(field)}
                />
                <IconButton
                  icon={Archive}
                  size="sm"
                  label={`Archive ${field.label}`}
                  disabledReason={whyNot}
                  onClick={() => setGoing(field)}
                />
              </li>
            ))}
          </ul>
        </Card>
      ) : null}
      {archived.length > 0 ? (
        <Card title="Archived" description="Leads keep their values, unseen. They come back with the field." flush>
          <ul aria-label="Archived fields">
            {archived.map((field) => (
              <li key={field.id} className="flex items-center gap-2 border-t px-4 py-2">
                <div className="grid min-w-0 grow">
                  <span className="truncate">{field.label}</span>
                  <span className="truncate text-sm text-ink-muted">{describe(field)}</span>
                </div>
                <IconButton
                  icon={ArchiveRestore}
                  size="sm"
                  label={`Bring ${field.label} back`}
                  disabledReason={whyNot}
                  onClick={() => change.mutate({ customFieldId: field.id, archived: false })}
                />
              </li>
            ))}
          </ul>
        </Card>
      ) : null}
      <Suspense>
        {open ? (
          <CustomFieldDialog field={open === "new" ? undefined : open} onClose={() => setOpen(undefined)} />
        ) : null}
      </Suspense>
      <ConfirmDialog
        open={going !== undefined}
        onOpenChange={() => setGoing(undefined)}
        title={`Archive the field “${going?.label}”?`}
        consequences="It goes from pages, files and filters; views that ask for it find nobody. Leads keep their values, and it can be brought back."
        action="Archive field"
        loading={change.isPending}
        error={change.error ? problemOf(change.error).title : undefined}
        onConfirm={() =>
          going
            ? change.mutate({ customFieldId: going.id, archived: true }, { onSuccess: () => setGoing(undefined) })
            : undefined
        }
      />
    </SettingsPage>
  );
}

function describe({ type, options, key }: CustomFieldView): string {
  const words = fieldTypeWords[type].label;
  return `${options.length > 0 ? `${words}: ${options.join(", ")}` : words} · {{ custom.${key} }}`;
}
