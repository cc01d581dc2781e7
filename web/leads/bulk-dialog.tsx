import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { BulkActionView, CustomFieldView, NewBulkAction } from "#domains/leads/contract.ts";
import type { LeadFilterInput } from "#domains/leads/rules.ts";
import { CONSENT_CHANNELS } from "#domains/leads/sets.ts";
import { LEAD_STATUSES } from "#domains/leads/status.ts";
import { api } from "#web/api.ts";
import { customFieldsQuery } from "#web/leads/custom-field-words.ts";
import { BulkValue, readValue } from "#web/leads/bulk-value.tsx";
import { leadNoun, optionsOf, statusLook } from "#web/leads/words.ts";
import { problemOf } from "#web/problem.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button } from "#web/ui/button.tsx";
import { channelLook } from "#web/ui/channel-icon.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Field } from "#web/ui/field.tsx";
import { countOf, formatNumber } from "#web/ui/format.ts";
import { Input } from "#web/ui/input.tsx";
import { Select } from "#web/ui/select.tsx";
import { InlineError } from "#web/ui/states.tsx";
import type { Selection } from "#web/ui/table/selection.ts";
import { useSettled } from "#web/ui/use-settled.ts";

/** What a person can do to many leads at once. */
export type BulkWishKind = "status" | "tag" | "untag" | "field" | "suppress" | "delete";

/** For which leads, and with what the dialog begins. */
export type BulkWish = { kind: BulkWishKind; selection: Selection; clear: () => void; filter: LeadFilterInput };

export type BulkDialogProps = {
  wish: BulkWish;
  tags: readonly { id: string; name: string }[];
  onClose: () => void;
  onStarted: (action: BulkActionView) => void;
};

type Draft = {
  kind: BulkWishKind;
  status: (typeof LEAD_STATUSES)[number] | "";
  tag: string;
  fieldKey: string;
  value: string;
  scope: "ALL" | (typeof CONSENT_CHANNELS)[number];
};
type Doing = NewBulkAction["doing"];

const KINDS: Record<BulkWishKind, string> = {
  status: "Set the status",
  tag: "Add a tag",
  untag: "Remove a tag",
  field: "Set a field of your own",
  suppress: "Close their addresses",
  delete: "Delete them",
};

const scopes = [
  { value: "ALL" as const, label: "Everything" },
  ...CONSENT_CHANNELS.map((value) => ({ value, label: channelLook[value].name })),
];

/** What is asked, or what is missing for it. */
function readDraft(draft: Draft, fields: readonly CustomFieldView[]): { doing: Doing } | { missing: string } {
  const { kind, status, tag, fieldKey, value, scope } = draft;
  const name = tag.trim();
  if (kind === "status") return status ? { doing: { kind, status } } : { missing: "Choose a status first" };
  if (kind === "tag" || kind === "untag") {
    if (!name) return { missing: "Name a tag first" };
    const names = { addTags: kind === "tag" ? [name] : [], removeTags: kind === "untag" ? [name] : [] };
    return { doing: { kind: "tags", ...names } };
  }
  if (kind === "field") {
    const field = fields.find(({ key }) => key === fieldKey);
    return field
      ? { doing: { kind, key: field.key, value: readValue(field, value) } }
      : { missing: "Choose a field first" };
  }
  return kind === "suppress" ? { doing: { kind, scope, evidence: null } } : { doing: { kind } };
}

/** Asks what is to be done, says for how many leads and what would become of them, and starts it. */
export function BulkDialog({ wish, tags, onClose, onStarted }: BulkDialogProps) {
  const { selection } = wish;
  const queries = useQueryClient();
  const fields = useQuery(customFieldsQuery).data?.data ?? [];
  const [draft, setDraft] = useState<Draft>({
    kind: wish.kind,
    status: "",
    tag: "",
    fieldKey: "",
    value: "",
    scope: "ALL",
  });
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const whyNotDelete = useWhyNot("leads:delete");
  const whyNotSuppress = useWhyNot("suppressions:write");
  const read = readDraft(draft, fields);
  const missing =
    ("missing" in read ? read.missing : null) ??
    (draft.kind === "delete" ? whyNotDelete : draft.kind === "suppress" ? whyNotSuppress : null);
  const whom = selection.kind === "all" ? { filter: wish.filter } : { leadIds: [...selection.ids] };
  const asked = useSettled("doing" in read ? JSON.stringify(read.doing) : "", 300);
  const isAsked = "doing" in read && missing === null && asked === JSON.stringify(read.doing);
  const preview = useQuery({
    ...api.leads.bulkActions.preview.queryOptions({
      input: { ...whom, doing: "doing" in read ? read.doing : { kind: "delete" } },
    }),
    enabled: isAsked,
    retry: false,
  });
  const start = useMutation({
    ...api.leads.bulkActions.create.mutationOptions(),
    onSuccess: (action) => {
      void queries.invalidateQueries({ queryKey: api.leads.key() });
      wish.clear();
      onClose();
      onStarted(action);
    },
  });
  const leads = howMany(selection);
  const run = () => {
    if (missing === null && "doing" in read && !start.isPending) start.mutate({ ...whom, doing: read.doing });
  };
  const problem = start.error ?? preview.error;
  const isDanger = draft.kind === "delete" || draft.kind === "suppress";
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Change ${leads}`}
      description={selection.kind === "all" ? "All leads that match the filters at this moment." : undefined}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant={isDanger ? "danger" : "primary"}
            disabledReason={missing}
            loading={start.isPending}
            onClick={run}
          >
            {draft.kind === "delete" ? `Delete ${leads}` : `Change ${leads}`}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <Field label="What to do">
          {(control) => (
            <Select {...control} value={draft.kind} onChange={(kind) => set({ kind })} options={optionsOf(KINDS)} />
          )}
        </Field>
        {draft.kind === "status" ? (
          <Field label="New status">
            {(control) => (
              <Select
                {...control}
                value={draft.status}
                onChange={(status) => set({ status })}
                options={optionsOf(statusLook)}
              />
            )}
          </Field>
        ) : null}
        {draft.kind === "tag" || draft.kind === "untag" ? (
          <div className="grid gap-2">
            <Field label="Tag" hint={draft.kind === "tag" ? "A tag that does not exist yet is made." : undefined}>
              {(control) => (
                <Input
                  {...control}
                  value={draft.tag}
                  onChange={(tag) => set({ tag })}
                  maxLength={60}
                  autoComplete="off"
                />
              )}
            </Field>
            <div className="flex flex-wrap gap-1">
              {tags.slice(0, 12).map(({ id, name }) => (
                <Button key={id} size="sm" variant="ghost" onClick={() => set({ tag: name })}>
                  {name}
                </Button>
              ))}
            </div>
          </div>
        ) : null}
        {draft.kind === "field" ? (
          <BulkValue
            fields={fields}
            fieldKey={draft.fieldKey}
            value={draft.value}
            onField={(fieldKey) => set({ fieldKey, value: "" })}
            onValue={(value) => set({ value })}
          />
        ) : null}
        {draft.kind === "suppress" ? (
          <>
            <Field label="What is not sent any more">
              {(control) => (
                <Select {...control} value={draft.scope} onChange={(scope) => set({ scope })} options={scopes} />
              )}
            </Field>
            <Banner tone="warning">This is not undone here: each address is opened again one by one.</Banner>
          </>
        ) : null}
        {draft.kind === "delete" ? (
          <Banner tone="danger">
            Their addresses, tags, messages and history go with them, for good. Suppressed addresses stay closed.
          </Banner>
        ) : null}
        {isAsked && preview.data ? <Effect preview={preview.data} /> : null}
        {problem ? <InlineError problem={problemOf(problem)} /> : null}
      </form>
    </Dialog>
  );
}

type EffectProps = {
  preview: {
    count: number;
    isEstimate: boolean;
    lookedAt: number;
    changed: number;
    unchanged: number;
    refusals: readonly { reason: string; count: number }[];
  };
};

/** Who is affected: all of a small selection, the first thousand of a large one. */
function Effect({ preview }: EffectProps) {
  const { count, isEstimate, lookedAt, changed, unchanged, refusals } = preview;
  const isPart = count > lookedAt;
  return (
    <div role="status" className="grid gap-1 rounded-lg border p-3 text-sm">
      <p className="font-medium">
        {isPart
          ? `${isEstimate ? "About " : ""}${formatNumber(count)} leads. Of the first ${formatNumber(lookedAt)}:`
          : `Of ${countOf(count, leadNoun)}:`}
      </p>
      <p>{`${formatNumber(changed)} would change, ${formatNumber(unchanged)} would stay as they are.`}</p>
      {refusals.map(({ reason, count: size }) => (
        <p key={reason} className="text-ink-muted">{`${formatNumber(size)} left out: ${reason}`}</p>
      ))}
    </div>
  );
}

function howMany(selection: Selection): string {
  if (selection.kind === "rows") return countOf(selection.ids.length, leadNoun);
  const { count } = selection;
  if (!count) return "all matching leads";
  return `all ${count.exact ? "" : "about "}${formatNumber(count.value)} leads`;
}
