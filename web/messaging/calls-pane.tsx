import { ChevronDown, ChevronRight, PhoneCall } from "lucide-react";
import { z } from "zod";
import { callsOf, type Call, type Deliveries, type Delivery } from "#web/messaging/deliveries.ts";
import { LoadEarlier, Pane } from "#web/messaging/pane.tsx";
import { useSandboxActs } from "#web/messaging/sandbox-acts.ts";
import { CALL_ENDS, callEndWords, endInWords } from "#web/messaging/words.ts";
import { StatusPill } from "#web/ui/badge.tsx";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Textarea } from "#web/ui/input.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { Select } from "#web/ui/select.tsx";

export type CallsPaneProps = { source: Deliveries; callId: string | undefined; onCall: (callId?: string) => void };

/** Every call that would have rung, and the choice of how it ends. */
export function CallsPane({ source, callId, onCall }: CallsPaneProps) {
  return (
    <Pane
      title="Calls"
      icon={PhoneCall}
      source={source}
      empty={{ title: "No calls yet", words: "Calls ring here; you choose how each one ends." }}
    >
      <div className="scroll-quiet relative min-h-0 grow overflow-y-auto">
        <ul>
          {callsOf(source.rows).map((entry) => (
            <CallRow
              key={entry.call.id}
              entry={entry}
              isOpen={entry.call.id === callId}
              onToggle={() => onCall(entry.call.id === callId ? undefined : entry.call.id)}
            />
          ))}
        </ul>
        <LoadEarlier source={source} />
      </div>
    </Pane>
  );
}

function CallRow({ entry, isOpen, onToggle }: { entry: Call<Delivery>; isOpen: boolean; onToggle: () => void }) {
  const { call, end } = entry;
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <li className="border-b">
      <button
        type="button"
        aria-expanded={isOpen}
        className="flex w-full items-start gap-2 px-3 py-2 text-left text-sm hover:bg-hover focus-visible:-outline-offset-2"
        onClick={onToggle}
      >
        <Chevron className="icon mt-1 text-ink-subtle" aria-hidden />
        <span className="grid min-w-0 grow gap-1">
          <span className="flex items-center justify-between gap-2">
            <span className="min-w-0 truncate font-medium tabular-nums">
              {call.leadName ?? call.to}
              {call.leadName ? <span className="font-normal text-ink-subtle"> {call.to}</span> : null}
            </span>
            <span className="text-xs text-ink-subtle">
              <RelativeTime at={call.at} />
            </span>
          </span>
          <StatusPill tone={end ? "neutral" : "info"}>{end ? endInWords(end.outcome) : "Ringing"}</StatusPill>
        </span>
      </button>
      {isOpen ? (
        <div className="grid gap-4 px-3 pt-1 pb-4">
          {call.text ? <Words title="The call opens with">{call.text}</Words> : null}
          {end?.text ? <Words title="Transcript">{end.text}</Words> : null}
          {end || call.messageId === null ? null : <EndForm deliveryId={call.id} />}
        </div>
      ) : null}
    </li>
  );
}

function Words({ title, children }: { title: string; children: string }) {
  return (
    <div className="grid gap-1 text-sm">
      <h3 className="text-xs font-medium text-ink-muted">{title}</h3>
      <p className="break-words whitespace-pre-wrap">{children}</p>
    </div>
  );
}

const endSchema = z.object({ outcome: z.enum(CALL_ENDS), transcript: z.string().trim().max(20_000) });
const ends = CALL_ENDS.map((value) => ({ value, label: callEndWords[value] }));

function EndForm({ deliveryId }: { deliveryId: string }) {
  const form = useSchemaForm(endSchema, { outcome: "answered", transcript: "" });
  const { endCall, whyNot } = useSandboxActs();
  return (
    <Form
      form={form}
      onSubmit={({ outcome, transcript }) =>
        endCall.mutateAsync({ deliveryId, outcome, transcript: transcript || undefined })
      }
    >
      <FormField form={form} name="outcome" label="How it ends">
        {(control) => <Select {...control} options={ends} />}
      </FormField>
      <FormField form={form} name="transcript" label="What was said" optional>
        {(control) => <Textarea {...control} rows={3} maxLength={20_000} />}
      </FormField>
      <FormActions form={form} action="End call" disabledReason={whyNot} />
    </Form>
  );
}
