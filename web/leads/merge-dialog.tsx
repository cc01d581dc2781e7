import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeftRight } from "lucide-react";
import { useState } from "react";
import type { LeadDetail, MergeChoice, MergeField } from "#domains/leads/contract.ts";
import { api } from "#web/api.ts";
import { valueText } from "#web/leads/custom-field-words.ts";
import { leadQuery } from "#web/leads/lead-query.ts";
import { fieldName, kindWords, leadName, reasonWords, statusLook } from "#web/leads/words.ts";
import { problemOf } from "#web/problem.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button } from "#web/ui/button.tsx";
import { RadioGroup } from "#web/ui/choices.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { countOf, type Noun } from "#web/ui/format.ts";
import { Skeleton } from "#web/ui/skeleton.tsx";
import { toast } from "#web/ui/toast.tsx";

/** What is compared, and how it reads. */
const VALUES: Record<MergeField, (lead: LeadDetail) => string | null> = {
  name: (lead) => lead.fullName ?? (`${lead.firstName} ${lead.lastName}`.trim() || null),
  email: ({ email }) => email,
  phone: ({ phone }) => phone,
  linkedin: ({ linkedin }) => linkedin,
  company: ({ company }) => company,
  jobTitle: ({ jobTitle }) => jobTitle,
  website: ({ website }) => website,
  notes: ({ notes }) => notes,
  region: ({ region }) => region,
  country: ({ country }) => country,
  timeZone: ({ timeZone }) => timeZone,
  status: ({ status }) => statusLook[status].label,
};

type Choosable = keyof MergeChoice;

/** A value of one of the two in words; own fields by `custom.<key>`. */
function valueOf(field: Choosable, lead: LeadDetail): string | null {
  if (!field.startsWith("custom.")) {
    const known = fieldsOf().find((one) => one === field);
    return known ? VALUES[known](lead) : null;
  }
  const value = lead.custom[field.slice("custom.".length)];
  return value === undefined ? null : valueText(value);
}

const customOf = (...leads: LeadDetail[]) =>
  [...new Set(leads.flatMap(({ custom }) => Object.keys(custom)))].map((key): Choosable => `custom.${key}`);

const MOVES: Readonly<Record<string, Noun>> = {
  lead_identities: { one: "address", other: "addresses" },
  lead_tags: { one: "tag", other: "tags" },
  messages: { one: "message", other: "messages" },
  sequence_enrollments: { one: "enrolment", other: "enrolments" },
  campaign_leads: { one: "campaign", other: "campaigns" },
};

export type MergeDialogProps = {
  leadIds: readonly [string, string];
  onClose: () => void;
  /** Both are this lead now. */
  onMerged?: (survivorId: string) => Promise<void>;
};

/** Two leads side by side: whose value stands, and what the merge would do, before it does it. */
export function MergeDialog({ leadIds, onClose, onMerged }: MergeDialogProps) {
  const [swapped, setSwapped] = useState(false);
  const [survivorId, otherId] = swapped ? [leadIds[1], leadIds[0]] : leadIds;
  const survivor = useQuery(leadQuery(survivorId));
  const other = useQuery(leadQuery(otherId));
  const failed = survivor.error ?? other.error;
  return (
    <Dialog
      open
      width="xl"
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Merge two leads"
      description="Addresses, tags, messages and history of both are joined. It can be undone for 90 days."
    >
      {failed ? <Banner tone="danger">{problemOf(failed).detail ?? problemOf(failed).title}</Banner> : null}
      {survivor.data && other.data ? (
        <Compare
          key={survivorId}
          survivor={survivor.data}
          other={other.data}
          onSwap={() => setSwapped(!swapped)}
          onClose={onClose}
          onMerged={onMerged}
        />
      ) : failed ? null : (
        <div className="grid gap-3" aria-label="Loading both leads">
          {["name", "email", "phone"].map((line) => (
            <Skeleton key={line} className="h-8" />
          ))}
        </div>
      )}
    </Dialog>
  );
}

type CompareProps = { survivor: LeadDetail; other: LeadDetail; onSwap: () => void } & Pick<
  MergeDialogProps,
  "onClose" | "onMerged"
>;

function Compare({ survivor, other, onSwap, onClose, onMerged }: CompareProps) {
  const queries = useQueryClient();
  const whyNot = useWhyNot("leads:write");
  const [fields, setFields] = useState<MergeChoice>({});
  const input = { leadId: survivor.id, otherLeadId: other.id, fields };
  const preview = useQuery({
    queryKey: [...api.leads.merges.key(), "preview", input],
    queryFn: () => api.leads.merges.create.call({ ...input, dryRun: true }),
    staleTime: 0,
  });
  const refresh = () => queries.invalidateQueries({ queryKey: api.leads.key() });
  const undo = useMutation({
    ...api.leads.merges.undo.mutationOptions(),
    onSuccess: refresh,
    onError: (error) => toast.problem(error),
  });
  const merge = useMutation({
    ...api.leads.merges.create.mutationOptions(),
    onSuccess: async ({ mergeId }) => {
      onClose();
      await onMerged?.(survivor.id);
      queries.removeQueries({ queryKey: leadQuery(other.id).queryKey });
      await refresh();
      if (mergeId)
        toast.undo(`${leadName(other)} is part of ${leadName(survivor)} now`, () => undo.mutate({ mergeId }));
    },
  });
  const problem = merge.error ?? preview.error;
  const differing = [...fieldsOf(), ...customOf(survivor, other)].filter((field) => {
    const [own, others] = [valueOf(field, survivor), valueOf(field, other)];
    return own !== null && others !== null && own !== others;
  });
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-center gap-2 text-base">
        <span className="min-w-0 break-words">
          <strong className="font-medium">{leadName(survivor)}</strong> stays, {leadName(other)} becomes part of it.
        </span>
        <Button size="sm" icon={ArrowLeftRight} onClick={onSwap}>
          The other way round
        </Button>
      </div>
      {differing.length === 0 ? (
        <p className="text-sm text-ink-muted">
          The two do not contradict each other: what one has not, the other fills.
        </p>
      ) : null}
      <div className="grid gap-4 sm:grid-cols-2">
        {differing.map((field) => (
          <RadioGroup
            key={field}
            label={field === "name" ? "Name" : fieldName(field)}
            value={fields[field] ?? standing(field, survivor, other, preview.data?.changes)}
            onChange={(side) => setFields({ ...fields, [field]: side })}
            options={[
              { value: "survivor", label: valueOf(field, survivor) ?? "" },
              { value: "other", label: valueOf(field, other) ?? "" },
            ]}
          />
        ))}
      </div>
      {preview.data ? <Effects moves={preview.data.moves} closes={preview.data.closes} /> : null}
      {problem ? <Banner tone="danger">{problemOf(problem).detail ?? problemOf(problem).title}</Banner> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          variant="primary"
          loading={merge.isPending}
          disabledReason={whyNot ?? (preview.data ? null : "The preview is being made")}
          onClick={() => merge.mutate(input)}
        >
          Merge leads
        </Button>
      </div>
    </div>
  );
}

const fieldsOf = () => Object.keys(VALUES).filter((field): field is MergeField => field in VALUES);

/** Whose value the server would keep where the person has not chosen: of notes it keeps both, which neither side names. */
function standing(
  field: Choosable,
  survivor: LeadDetail,
  other: LeadDetail,
  changes: readonly { field: string; to: unknown }[] | undefined,
): "survivor" | "other" | "" {
  if (field === "notes") return "";
  if (field === "status")
    return changes?.find((change) => change.field === "status")?.to === other.status ? "other" : "survivor";
  if (field === "timeZone")
    return changes?.some((change) => change.field === "timeZone") && survivor.timeZone !== other.timeZone
      ? "other"
      : "survivor";
  return "survivor";
}

type Preview = {
  moves: Readonly<Record<string, number>>;
  closes: readonly { kind: keyof typeof kindWords; value: string; reason: keyof typeof reasonWords }[];
};

function Effects({ moves, closes }: Preview) {
  const going = Object.entries(MOVES).flatMap(([table, noun]) => {
    const count = moves[table] ?? 0;
    return count > 0 ? [countOf(count, noun)] : [];
  });
  return (
    <div className="grid gap-2">
      <p className="text-sm text-ink-muted">
        {going.length > 0 ? `${going.join(", ")} move over.` : "There is nothing else to move over."} Where notes of
        both stand and none is chosen, both are kept.
      </p>
      {closes.map(({ kind, value, reason }) => (
        <Banner key={`${value} ${reason}`} tone="warning">
          {`${kindWords[kind]} ${value} is closed too: the person said no at another address (${reasonWords[reason].label.toLowerCase()}). It stays closed when the merge is undone.`}
        </Banner>
      ))}
    </div>
  );
}
