import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Eye } from "lucide-react";
import type { ScriptDraft, ScriptPreview } from "#domains/outreach/contract/scripts.ts";
import { api } from "#web/api.ts";
import { LeadChoice } from "#web/leads/lead-choice.tsx";
import { useSettled } from "#web/ui/use-settled.ts";
import { problemOf } from "#web/problem.ts";
import { Banner } from "#web/ui/banner.tsx";
import { countOf } from "#web/ui/format.ts";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { EmptyState, InlineError } from "#web/ui/states.tsx";

type Message = NonNullable<ScriptPreview["message"]>;
type Fault = { code: string; detail: string };

/** Long enough that a sentence asks a few times, not with every key. */
const PAUSE_MS = 400;

export type ScriptPreviewProps = {
  /** The text as it stands in the editor. */
  draft: ScriptDraft;
  /** Faults of the text as it was saved, shown while no lead is chosen. */
  savedFaults: readonly Fault[];
  leadId: string | undefined;
  onLead: (leadId: string) => void;
};

/** The text as one lead of the workspace would get it, following what is typed. */
export function ScriptPreviewPane({ draft, savedFaults, leadId: chosenId, onLead }: ScriptPreviewProps) {
  const settled = useSettled(draft, PAUSE_MS);
  // Until somebody is chosen, the newest lead shows what the text looks like.
  const first = useQuery({ ...api.leads.list.queryOptions({ input: { limit: 1 } }), enabled: chosenId === undefined });
  const leadId = chosenId ?? first.data?.data[0]?.id;
  const { data, error, refetch } = useQuery({
    ...api.outreach.scripts.previewDraft.queryOptions({ input: { ...settled, leadId: leadId ?? "" } }),
    enabled: leadId !== undefined,
    placeholderData: keepPreviousData,
  });
  return (
    <section aria-label="Preview" className="grid content-start gap-4">
      <h2 className="text-base font-semibold">Preview</h2>
      <LeadChoice label="Preview for" value={leadId} onChange={onLead} />
      {leadId === undefined && first.isPending ? (
        <SkeletonText lines={6} />
      ) : leadId === undefined ? (
        <>
          <Faults faults={savedFaults} />
          <EmptyState icon={Eye} title="No lead to show it for">
            Add a lead, and see the text exactly as this person would get it.
          </EmptyState>
        </>
      ) : error ? (
        <InlineError problem={problemOf(error)} onRetry={() => void refetch()} />
      ) : data ? (
        <>
          <Faults faults={data.faults} />
          <Shortcomings preview={data} />
          {data.message ? <MessageView message={data.message} /> : null}
        </>
      ) : (
        <SkeletonText lines={6} />
      )}
    </section>
  );
}

function Faults({ faults }: { faults: readonly Fault[] }) {
  if (faults.length === 0) return null;
  return (
    <Banner tone="warning">
      <p className="font-medium">Nobody would get this yet</p>
      <ul>
        {faults.map(({ code, detail }) => (
          <li key={`${code} ${detail}`} className="first-letter:uppercase">
            {detail}
          </li>
        ))}
      </ul>
    </Banner>
  );
}

/** What a text lacks for this lead. */
export function Shortcomings({ preview: { message, missing, error, faults } }: { preview: ScriptPreview }) {
  // What is wrong for everybody is said above.
  const own = faults.some(({ detail }) => detail === error) ? null : error;
  if (missing.length === 0 && !own) return null;
  // Faults of the text explain themselves above.
  const isRefused = message === null && faults.length === 0;
  return (
    <Banner tone={isRefused ? "danger" : "warning"}>
      {isRefused ? <p className="font-medium">This lead would get nothing</p> : null}
      {missing.length > 0 ? <p>Empty for this lead, without a default: {missing.join(", ")}</p> : null}
      {own ? <p>{own}</p> : null}
    </Banner>
  );
}

/** A message as it arrives. */
export function MessageView({ message }: { message: Message }) {
  if (message.type === "EMAIL") return <EmailView {...message} />;
  if (message.type === "CALL") {
    return (
      <dl className="grid gap-3 rounded-lg border p-4 text-base">
        <Part name="Opens with">{message.call.firstMessage}</Part>
        <Part name="Instructions">{message.call.instructions}</Part>
      </dl>
    );
  }
  return (
    <div className="grid gap-2">
      <p className="w-fit max-w-full rounded-lg bg-accent-soft px-3 py-2 text-base wrap-anywhere whitespace-pre-wrap">
        {message.text}
      </p>
      <p className="text-xs text-ink-subtle">
        {countOf(message.segments.segments, { one: "part", other: "parts" })} · {message.segments.encoding}
      </p>
    </div>
  );
}

function EmailView({ subject, preheader, html }: Extract<Message, { type: "EMAIL" }>) {
  return (
    <div className="overflow-hidden rounded-lg border">
      <div className="grid gap-1 border-b px-4 py-3">
        <p className="font-medium wrap-anywhere">{subject}</p>
        {preheader ? <p className="text-sm wrap-anywhere text-ink-muted">{preheader}</p> : null}
      </div>
      <iframe
        title="The e-mail as it arrives"
        // No scripts, no forms, no origin: what somebody pasted into a script cannot reach the application.
        sandbox=""
        referrerPolicy="no-referrer"
        srcDoc={html}
        className="h-120 w-full"
        // A mail is on white paper, whatever the theme around it.
        style={{ background: "white", colorScheme: "light" }}
      />
    </div>
  );
}

function Part({ name, children }: { name: string; children: string }) {
  return (
    <div className="grid gap-1">
      <dt className="text-xs text-ink-subtle">{name}</dt>
      <dd className="wrap-anywhere whitespace-pre-wrap">{children}</dd>
    </div>
  );
}
