import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Lead } from "#domains/leads/contract.ts";
import type { LeadFilterInput, LeadStatus } from "#domains/leads/rules.ts";
import { api, client } from "#web/api.ts";
import { leadNoun, optionsOf, statusLook } from "#web/leads/words.ts";
import { problemOf } from "#web/problem.ts";
import { Button } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Field } from "#web/ui/field.tsx";
import { countOf, formatNumber } from "#web/ui/format.ts";
import { Input } from "#web/ui/input.tsx";
import { Select } from "#web/ui/select.tsx";
import { InlineError } from "#web/ui/states.tsx";
import type { Selection } from "#web/ui/table/selection.ts";
import { toast } from "#web/ui/toast.tsx";

/** What is to be changed for which leads; `rows` are those on the screen, for the way back. */
export type BulkWish = {
  kind: "status" | "tag";
  selection: Selection;
  clear: () => void;
  filter: LeadFilterInput;
  rows: readonly Lead[];
};

export type BulkDialogProps = {
  wish: BulkWish;
  tags: readonly { id: string; name: string }[];
  onClose: () => void;
};

/** Asks for the new status or the tag, says how many leads it is for, and offers the way back where there is one. */
export function BulkDialog({ wish, tags, onClose }: BulkDialogProps) {
  const { kind, selection, rows } = wish;
  const queries = useQueryClient();
  const [status, setStatus] = useState<LeadStatus | "">("");
  const [tag, setTag] = useState("");
  const bulk = useMutation({
    ...api.leads.change.mutationOptions(),
    onSuccess: (answer) => {
      void queries.invalidateQueries({ queryKey: api.leads.key() });
      wish.clear();
      onClose();
      if (!answer.done) return toast.done("The change goes on in the background", "The list follows by itself.");
      const title = `${countOf(answer.changed, leadNoun)} changed`;
      if (selection.kind === "all") return toast.done(title);
      const chosen = rows.filter(({ id }) => selection.ids.includes(id));
      const back = kind === "status" ? () => restoreStatuses(chosen) : () => untag(chosen, tag.trim());
      return toast.undo(title, () => {
        back()
          .then(() => queries.invalidateQueries({ queryKey: api.leads.key() }))
          .catch((error: unknown) => toast.problem(error));
      });
    },
  });
  const leads = howMany(selection);
  const missing =
    kind === "status" ? (status ? null : "Choose a status first") : tag.trim() ? null : "Name a tag first";
  const run = () => {
    if (missing || bulk.isPending) return;
    bulk.mutate({
      ...(selection.kind === "all" ? { filter: wish.filter } : { leadIds: [...selection.ids] }),
      ...(kind === "status" ? { status: status || undefined } : { addTags: [tag.trim()] }),
    });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={kind === "status" ? `Set status of ${leads}` : `Add tag to ${leads}`}
      description={selection.kind === "all" ? "All leads that match the filters at this moment." : undefined}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabledReason={missing} loading={bulk.isPending} onClick={run}>
            {kind === "status" ? "Set status" : "Add tag"}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        {kind === "status" ? (
          <Field label="New status">
            {(control) => <Select {...control} value={status} onChange={setStatus} options={optionsOf(statusLook)} />}
          </Field>
        ) : (
          <>
            <Field label="Tag" hint="A tag that does not exist yet is made.">
              {(control) => <Input {...control} value={tag} onChange={setTag} maxLength={60} autoComplete="off" />}
            </Field>
            <div className="flex flex-wrap gap-1">
              {tags.slice(0, 12).map(({ id, name }) => (
                <Button key={id} size="sm" variant="ghost" onClick={() => setTag(name)}>
                  {name}
                </Button>
              ))}
            </div>
          </>
        )}
        {bulk.error ? <InlineError problem={problemOf(bulk.error)} /> : null}
      </form>
    </Dialog>
  );
}

function howMany(selection: Selection): string {
  if (selection.kind === "rows") return countOf(selection.ids.length, leadNoun);
  const { count } = selection;
  if (!count) return "all matching leads";
  return `all ${count.exact ? "" : "about "}${formatNumber(count.value)} leads`;
}

/** Each lead gets the status it had. */
async function restoreStatuses(leads: readonly Lead[]): Promise<void> {
  for (const [status, group] of Map.groupBy(leads, (lead) => lead.status)) {
    await client.leads.change({ leadIds: group.map(({ id }) => id), status });
  }
}

/** Takes the tag off those that did not have it before. */
async function untag(leads: readonly Lead[], tag: string): Promise<void> {
  const same = new Intl.Collator("en", { sensitivity: "base" });
  const without = leads.filter((lead) => !lead.tags.some(({ name }) => same.compare(name, tag) === 0));
  if (without.length > 0) await client.leads.change({ leadIds: without.map(({ id }) => id), removeTags: [tag] });
}
