import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { LeadDetail } from "#domains/leads/contract.ts";
import { CHANNELS, type Channel } from "#domains/messaging/channels.ts";
import { type OverridableCheck, OVERRIDABLE_CHECKS } from "#domains/messaging/gate.ts";
import type { OneOffOutcome } from "#domains/outreach/contract/one-off.ts";
import { api } from "#web/api.ts";
import { OutcomeOfWriting } from "#web/outreach/write-outcome.tsx";
import { WritePreview } from "#web/outreach/write-preview.tsx";
import { SegmentCounter } from "#web/outreach/segment-counter.tsx";
import { problemOf, sortFaults } from "#web/problem.ts";
import { Button } from "#web/ui/button.tsx";
import { channelLook } from "#web/ui/channel-icon.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Field } from "#web/ui/field.tsx";
import { Input, Textarea } from "#web/ui/input.tsx";
import { Select } from "#web/ui/select.tsx";
import { InlineError } from "#web/ui/states.tsx";
import { toast } from "#web/ui/toast.tsx";

const OWN_WORDS = "own";

export type WriteDialogProps = { lead: LeadDetail; name: string; onClose: () => void };

/** One message to one lead, by hand: now, when the gate allows it, or in spite of it with a reason. */
export function WriteDialog({ lead, name, onClose }: WriteDialogProps) {
  const queries = useQueryClient();
  const reachable = CHANNELS.filter((channel) => (channel === "EMAIL" ? lead.email : lead.phone));
  const [channel, setChannel] = useState<Channel>(reachable.includes("EMAIL") ? "EMAIL" : "SMS");
  const [scriptId, setScriptId] = useState(OWN_WORDS);
  const [subject, setSubject] = useState("");
  const [content, setContent] = useState("");
  const scripts = useQuery(api.outreach.scripts.list.queryOptions({ input: { type: channel, limit: 100 } })).data?.data;
  const isOwn = scriptId === OWN_WORDS;
  const wish = isOwn ? { channel, content, ...(channel === "EMAIL" && { subject }) } : { channel, scriptId };
  const send = useMutation({
    ...api.outreach.oneOff.send.mutationOptions(),
    onSuccess: ({ kind }) => {
      if (kind !== "sent" && kind !== "queued") return;
      onClose();
      toast.done(kind === "sent" ? `Sent to ${name}` : "It goes out as soon as it may", undefined);
      // The message itself, the lead's timeline and status, and what its sequences have planned.
      for (const queryKey of [api.messaging.key(), api.leads.key(), api.outreach.key()])
        void queries.invalidateQueries({ queryKey });
    },
  });
  const faults = send.error ? sortFaults(problemOf(send.error), ["subject", "content", "scriptId"]) : null;
  const run = (more: { whenAllowed?: boolean; override?: { checks: OverridableCheck[]; reason: string } } = {}) =>
    send.mutate({ leadId: lead.id, whenAllowed: false, ...wish, ...more });
  // What was answered is about the words that were sent.
  const edited = () => send.reset();
  const whyNot = isOwn ? whyNotOwnWords({ channel, subject, content }) : null;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      width="xl"
      title={`Write to ${name}`}
      description="Goes through the same checks as everything else, and counts as a touch."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" loading={send.isPending} disabledReason={whyNot} onClick={() => run()}>
            {channel === "CALL" ? "Call now" : "Send now"}
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {send.error && faults && faults.byField.size === 0 ? <InlineError problem={problemOf(send.error)} /> : null}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Over">
            {(control) => (
              <Select
                {...control}
                value={channel}
                onChange={(next) => {
                  setChannel(next);
                  setScriptId(OWN_WORDS);
                  edited();
                }}
                options={reachable.map((one) => ({ value: one, label: channelLook[one].name }))}
              />
            )}
          </Field>
          <Field label="Words" error={faults?.byField.get("scriptId")}>
            {(control) => (
              <Select
                {...control}
                value={scriptId}
                onChange={(next) => {
                  setScriptId(next);
                  edited();
                }}
                options={[
                  { value: OWN_WORDS, label: channel === "CALL" ? "Choose a script…" : "My own" },
                  ...(scripts ?? []).map((script) => ({ value: script.id, label: script.name })),
                ]}
              />
            )}
          </Field>
        </div>
        {isOwn && channel === "EMAIL" ? (
          <Field label="Subject" error={faults?.byField.get("subject")}>
            {(control) => (
              <Input
                {...control}
                value={subject}
                autoComplete="off"
                onChange={(next) => {
                  setSubject(next);
                  edited();
                }}
              />
            )}
          </Field>
        ) : null}
        {isOwn && channel !== "CALL" ? (
          <div className="grid gap-2">
            <Field label="Text" error={faults?.byField.get("content")}>
              {(control) => (
                <Textarea
                  {...control}
                  rows={channel === "EMAIL" ? 7 : 4}
                  value={content}
                  onChange={(next) => {
                    setContent(next);
                    edited();
                  }}
                />
              )}
            </Field>
            {channel === "SMS" ? <SegmentCounter text={content} /> : null}
          </div>
        ) : null}
        {send.data ? (
          <OutcomeOfWriting
            outcome={send.data}
            isPending={send.isPending}
            onLater={() => run({ whenAllowed: true })}
            onOverrule={(reason) => run({ override: { checks: overridable(send.data), reason } })}
          />
        ) : null}
        <WritePreview leadId={lead.id} wish={wish} whyNot={whyNot} />
      </div>
    </Dialog>
  );
}

/** Of what stands in the way, that which a person may overrule. */
function overridable({ checks }: OneOffOutcome): OverridableCheck[] {
  const inTheWay = checks.filter(({ outcome }) => outcome === "wait" || outcome === "skip" || outcome === "stop");
  return OVERRIDABLE_CHECKS.filter((check) => inTheWay.some((one) => one.check === check));
}

function whyNotOwnWords({ channel, subject, content }: { channel: Channel; subject: string; content: string }) {
  if (channel === "CALL") return "Choose a script: it says how the agent speaks";
  if (content.trim() === "") return "Write something first";
  return channel === "EMAIL" && subject.trim() === "" ? "Write a subject first" : null;
}
