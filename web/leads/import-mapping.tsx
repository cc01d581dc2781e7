import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import type { ImportView } from "#domains/leads/contract.ts";
import { api } from "#web/api.ts";
import { customFieldsQuery } from "#web/leads/custom-field-words.ts";
import { ImportColumn } from "#web/leads/import-column.tsx";
import { ImportOptions } from "#web/leads/import-options.tsx";
import { type ColumnChoice, columnWords, NEW_FIELD } from "#web/leads/import-words.ts";
import { optionsOf } from "#web/leads/words.ts";
import { problemOf } from "#web/problem.ts";
import { settingsQuery } from "#web/session.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Checkbox } from "#web/ui/choices.tsx";
import { Field } from "#web/ui/field.tsx";
import { Input } from "#web/ui/input.tsx";
import { late } from "#web/ui/late.tsx";
import { Select } from "#web/ui/select.tsx";

const CustomFieldDialog = late(() =>
  import("#web/leads/custom-field-dialog.tsx").then((module) => module.CustomFieldDialog),
);

const FIELDS = optionsOf(columnWords).map(({ value }) => value);

/** What each column becomes: the proposal, a few values of each, and what holds for all rows. */
export function ImportMapping({ job, onDone }: { job: ImportView; onDone: () => void }) {
  const queries = useQueryClient();
  // The stored mapping says what each column is; the proposal says why. It is a help, so its failure stops nobody.
  const proposal = useQuery({
    ...api.leads.imports.proposal.queryOptions({ input: { importId: job.id } }),
    staleTime: Infinity,
  }).data;
  const workspaceCountry = useQuery(settingsQuery).data?.country;
  const saved = useQuery(api.leads.importMappings.list.queryOptions()).data?.data ?? [];
  const fields = useQuery(customFieldsQuery).data?.data ?? [];
  const whyNot = useWhyNot("leads:import");
  /** The column for which a field is being made. */
  const [making, setMaking] = useState<number>();
  const [columns, setColumns] = useState(job.columns);
  const [options, setOptions] = useState(job.options);
  const [keep, setKeep] = useState(false);
  const [keepAs, setKeepAs] = useState(job.fileName.replace(/\.\w+$/, ""));
  const [savedId, setSavedId] = useState("");
  const save = useMutation({
    ...api.leads.imports.setMapping.mutationOptions(),
    onSuccess: (view) => {
      queries.setQueryData(api.leads.imports.get.queryKey({ input: { importId: job.id } }), view);
      return queries.invalidateQueries({ queryKey: api.leads.imports.preview.key() });
    },
  });
  const problem = save.error ? problemOf(save.error) : undefined;
  const setChoice = (column: number, choice: ColumnChoice) => {
    if (choice === NEW_FIELD) return setMaking(column);
    return setColumns(columns.map((one) => (one.column === column ? choose(one, choice) : one)));
  };
  const takeSaved = (mappingId: string) => {
    setSavedId(mappingId);
    save.mutate({ importId: job.id, mappingId, options }, { onSuccess: (view) => setColumns(view.columns) });
  };
  const next = () =>
    save.mutate(
      {
        importId: job.id,
        columns: columns.map(({ column, header, field, metaKey, customKey, dateOrder }) => ({
          column,
          header,
          field,
          metaKey,
          customKey,
          dateOrder,
        })),
        options,
        saveAs: keep && keepAs.trim() ? keepAs.trim() : undefined,
      },
      { onSuccess: onDone },
    );
  return (
    <div className="grid max-w-xl grid-cols-[minmax(0,1fr)] gap-6">
      {proposal?.looksHeaderless ? (
        <Banner tone="warning">
          The first row seems to be a lead and not a row of headers. It is read as headers; add a row of headers to the
          file and upload it again.
        </Banner>
      ) : null}
      <Card
        title="Columns"
        description="Each column of the file, a few of its values, and what it becomes. Columns that match no field are kept beside the lead."
        actions={
          saved.length > 0 ? (
            <Select
              label="Use a saved mapping"
              placeholder="Saved mapping…"
              value={savedId}
              onChange={takeSaved}
              options={saved.map(({ id, name }) => ({ value: id, label: name }))}
            />
          ) : null
        }
        flush
      >
        <ul>
          {columns.map((column) => {
            const told = proposal?.columns.find((one) => one.column === column.column) ?? column;
            return (
              <ImportColumn
                key={column.column}
                column={column}
                told={told}
                fields={fields}
                onChange={(choice) => setChoice(column.column, choice)}
              />
            );
          })}
        </ul>
      </Card>
      <ImportOptions options={options} workspaceCountry={workspaceCountry} onChange={setOptions} />
      <div className="grid gap-2">
        <Checkbox value={keep} onChange={setKeep} label="Keep this mapping for the next file of this kind" />
        {keep ? (
          <Field label="Name of the mapping" className="max-w-sm">
            {(control) => <Input {...control} value={keepAs} onChange={setKeepAs} maxLength={100} />}
          </Field>
        ) : null}
      </div>
      <Suspense>
        {making === undefined ? null : (
          <CustomFieldDialog
            label={columns.find(({ column }) => column === making)?.header}
            onClose={() => setMaking(undefined)}
            onDone={({ key }) => setChoice(making, `custom:${key}`)}
          />
        )}
      </Suspense>
      {problem ? (
        <Banner tone="danger">
          <p className="font-medium">{problem.title}</p>
          {(problem.errors ?? [{ pointer: "", detail: problem.detail ?? "" }]).map(({ detail }) => (
            <p key={detail}>{detail}</p>
          ))}
        </Banner>
      ) : null}
      <div className="flex justify-end">
        <Button variant="primary" disabledReason={whyNot} loading={save.isPending} onClick={next}>
          Preview
        </Button>
      </div>
    </div>
  );
}

function choose(one: ImportView["columns"][number], choice: ColumnChoice): ImportView["columns"][number] {
  const kept = { ...one, metaKey: undefined, customKey: undefined };
  if (choice.startsWith("custom:")) return { ...kept, field: "custom", customKey: choice.slice("custom:".length) };
  const field = FIELDS.find((known) => known === choice) ?? "ignore";
  return field === "meta"
    ? { ...kept, field, metaKey: one.metaKey ?? metaKeyOf(one.header, one.column) }
    : { ...kept, field };
}

/** The key under which a column is kept: its header, or its place in the file. */
const metaKeyOf = (header: string, column: number) => header.trim().slice(0, 100) || `column_${column + 1}`;
