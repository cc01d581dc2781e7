import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import type { Integration } from "#platform/integrations/contract.ts";
import { api } from "#web/api.ts";
import { problemOf } from "#web/problem.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { channelLook } from "#web/ui/channel-icon.tsx";
import { CodeBlock } from "#web/ui/code-block.tsx";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { Switch } from "#web/ui/choices.tsx";
import { late } from "#web/ui/late.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { toast } from "#web/ui/toast.tsx";

const TestSendDialog = late(() =>
  import("#web/messaging/test-send-dialog.tsx").then((module) => module.TestSendDialog),
);

const HINT = {
  channel: "Turning it on turns off any other vendor of this channel.",
  leads: "Off, its webhooks are refused; Meta repeats them for a day and a half.",
};

export type IntegrationCardProps = {
  integration: Integration;
  /** Absent where this server no longer knows the vendor: it can then only be removed. */
  onEdit?: () => void;
};

/** One connected vendor: whether its channel sends through it, whether it works, and what is to be entered at the vendor's. */
export function IntegrationCard({ integration, onEdit }: IntegrationCardProps) {
  const { id, label, type, isActive, isReadable, health, webhookUrl } = integration;
  const queries = useQueryClient();
  const whyNot = useWhyNot("integrations:write");
  const whyNotSend = useWhyNot("messages:send");
  const [removing, setRemoving] = useState(false);
  const [sending, setSending] = useState(false);
  const options = {
    onSuccess: () => queries.invalidateQueries({ queryKey: api.integrations.key() }),
    onError: (error: Error) => toast.problem(error),
  };
  const enable = useMutation(api.integrations.enable.mutationOptions(options));
  const disable = useMutation(api.integrations.disable.mutationOptions(options));
  const test = useMutation(api.integrations.test.mutationOptions(options));
  const remove = useMutation(api.integrations.remove.mutationOptions({ onSuccess: options.onSuccess }));
  const input = { integrationId: id };
  const channel = type === "LEADS" ? null : type;
  const over = channel ? channelLook[channel].name : "lead ads";
  return (
    <Card
      title={label}
      description={channel ? `Channel: ${over}` : "Brings leads from the forms of your advertisements"}
      actions={
        <>
          <Button size="sm" loading={test.isPending} disabledReason={whyNot} onClick={() => test.mutate(input)}>
            Test connection
          </Button>
          {channel ? (
            <Button size="sm" disabledReason={whyNot ?? whyNotSend} onClick={() => setSending(true)}>
              Send test
            </Button>
          ) : null}
          {onEdit ? (
            <Button size="sm" disabledReason={whyNot} onClick={onEdit}>
              Change
            </Button>
          ) : null}
          <Button size="sm" variant="ghost" disabledReason={whyNot} onClick={() => setRemoving(true)}>
            Remove
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {isReadable ? null : (
          <Banner tone="danger">The stored secrets cannot be read with this server's key. Enter them again.</Banner>
        )}
        {health ? (
          <Banner tone={health.status === "ok" ? "positive" : "danger"}>
            <p>{health.detail}</p>
            <p>
              Tested <RelativeTime at={health.at} />.
            </p>
          </Banner>
        ) : null}
        <Switch
          label={channel ? `Send through ${label}` : `Take in leads from ${label}`}
          hint={isActive ? undefined : HINT[channel ? "channel" : "leads"]}
          value={isActive}
          disabled={whyNot !== null || enable.isPending || disable.isPending}
          onChange={(on) => (on ? enable : disable).mutate(input)}
        />
        {webhookUrl ? (
          <CodeBlock label="Webhook URL" wrap>
            {webhookUrl}
          </CodeBlock>
        ) : null}
      </div>
      <Suspense>
        {sending && channel ? (
          <TestSendDialog
            channel={channel}
            description={`${label} carries a short text that says it is a test${isActive ? "" : ", although it is switched off"}. It counts as no touch of anybody.`}
            send={(to) => api.messaging.integrations.testSend.call({ integrationId: id, to })}
            onClose={() => setSending(false)}
          />
        ) : null}
      </Suspense>
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title={`Remove ${label}?`}
        consequences={
          channel
            ? `Its credentials are forgotten${isActive ? `, and nothing goes out by ${over} through it any more` : ""}. Messages already sent stay.`
            : "Its credentials are forgotten, and its forms bring no leads any more. Leads that came stay."
        }
        action={`Remove ${label}`}
        loading={remove.isPending}
        error={remove.error ? problemOf(remove.error).title : undefined}
        onConfirm={() => remove.mutate(input)}
      />
    </Card>
  );
}
