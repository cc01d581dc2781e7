import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Deletion, ErasureView } from "#domains/leads/contract.ts";
import { api } from "#web/api.ts";
import { problemOf } from "#web/problem.ts";
import { Button } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Field } from "#web/ui/field.tsx";
import { countOf, formatNumber } from "#web/ui/format.ts";
import { Input, Textarea } from "#web/ui/input.tsx";

export type EraseLeadDialogProps = { leadId: string; name: string; onClose: () => void };

/** Says with numbers what is blanked and what stays, takes a reason and the typed name, and shows the certificate. */
export function EraseLeadDialog({ leadId, name, onClose }: EraseLeadDialogProps) {
  const queries = useQueryClient();
  const dryRun = useQuery({ ...api.leads.deletion.queryOptions({ input: { leadId } }), staleTime: 0 });
  const erase = useMutation({
    ...api.leads.erase.mutationOptions(),
    onSuccess: () => queries.invalidateQueries(),
  });
  const done = erase.data;
  // The page behind has lost the name by then.
  const [title] = useState(name);
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={done ? "The data was erased" : `Erase the data of ${title}?`}
      description={
        done
          ? "This certificate is kept, and holds nothing that tells who it was."
          : dryRun.data
            ? consequencesOf(dryRun.data)
            : "Counting what would be erased…"
      }
    >
      {done ? (
        <Certificate certificate={done} onClose={onClose} />
      ) : (
        <Question
          name={title}
          loading={erase.isPending}
          error={problemText(erase.error ?? dryRun.error)}
          onCancel={onClose}
          onErase={(reason) => erase.mutate({ leadId, reason, confirm: title })}
        />
      )}
    </Dialog>
  );
}

function problemText(error: Error | null): string | undefined {
  if (!error) return undefined;
  const { errors, detail, title } = problemOf(error);
  return errors?.[0]?.detail ?? detail ?? title;
}

type QuestionProps = {
  name: string;
  loading: boolean;
  error?: string;
  onCancel: () => void;
  onErase: (reason: string) => void;
};

function Question({ name, loading, error, onCancel, onErase }: QuestionProps) {
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const missing = reason.trim().length < 3 ? "Say why first" : typed.trim() === name ? null : `Type “${name}” first`;
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!missing && !loading) onErase(reason.trim());
      }}
    >
      <Field label="Why" hint="Kept on the certificate: leave the person's name and addresses out.">
        {(control) => <Textarea {...control} rows={2} maxLength={500} value={reason} onChange={setReason} />}
      </Field>
      <Field label={`Type “${name}” to confirm`} error={error}>
        {(control) => <Input {...control} value={typed} onChange={setTyped} autoComplete="off" />}
      </Field>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="danger" disabledReason={missing} loading={loading}>
          Erase data
        </Button>
      </div>
    </form>
  );
}

function consequencesOf({ deleted }: Deletion): string {
  const counts = [
    countOf(deleted.identities, { one: "address", other: "addresses" }),
    countOf(deleted.messages, { one: "message", other: "messages" }),
    countOf(deleted.contactAttempts, { one: "contact attempt", other: "contact attempts" }),
    countOf(deleted.sequenceEnrollments, { one: "enrolment", other: "enrolments" }),
  ];
  return `Names, addresses and words are removed everywhere: ${counts.join(", ")}, and every event and vendor's report about them. Counts, times and costs stay. Enrolments end, and nothing is ever sent to the addresses again, also when somebody imports them. This cannot be undone.`;
}

/** What was blanked or deleted, in words; what has none is told by its table. */
const TABLES: Readonly<Record<string, string>> = {
  leads: "Lead",
  lead_identities: "Addresses",
  lead_row_keys: "Remembered import rows",
  lead_tags: "Tags on the lead",
  lead_merges: "Merges",
  lead_name_words: "Words of the name",
  merge_proposals: "Merge proposals",
  consent_records: "Consents",
  contact_attempts: "Contact attempts",
  lead_senders: "Senders it was written to from",
  messages: "Messages",
  inbound_events: "Vendors' reports",
  sandbox_deliveries: "Sandbox copies",
  import_rows: "Faulty import rows",
  uploaded_rows: "Rows of uploaded files",
  sequence_enrollments: "Enrolments",
  sequence_step_executions: "Steps of sequences",
  bulk_enrollments: "Bulk enrolments",
  suppressions: "Suppressions",
  idempotency_keys: "Kept answers",
  events: "Events",
};

function Certificate({ certificate, onClose }: { certificate: ErasureView; onClose: () => void }) {
  const counts = Object.entries(certificate.counts).filter(([, count]) => count > 0);
  return (
    <div className="grid gap-4">
      <dl aria-label="Certificate" className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 text-sm">
        <dt className="text-ink-muted">Number</dt>
        <dd className="break-all">{certificate.id}</dd>
        {counts.map(([table, count]) => (
          <div key={table} className="contents">
            <dt className="text-ink-muted">{TABLES[table] ?? table}</dt>
            <dd className="text-right tabular-nums">{formatNumber(count)}</dd>
          </div>
        ))}
      </dl>
      <div className="flex justify-end">
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  );
}
