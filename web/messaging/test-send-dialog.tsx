import { useMutation } from "@tanstack/react-query";
import { z } from "zod";
import type { Channel } from "#domains/messaging/channels.ts";
import { testAddress, type TestSend } from "#domains/messaging/contract.ts";
import { statusLook } from "#web/messaging/words.ts";
import { useViewer } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input } from "#web/ui/input.tsx";

const schema = z.object({ to: testAddress });

export type TestSendDialogProps = {
  channel: Channel;
  /** What will be sent, and what it counts as. */
  description: string;
  send: (to: string) => Promise<TestSend>;
  onClose: () => void;
};

/** Sends something to an address of one's own, as nobody's touch, and says what became of it. */
export function TestSendDialog({ channel, description, send, onClose }: TestSendDialogProps) {
  const { email } = useViewer();
  const isEmail = channel === "EMAIL";
  const form = useSchemaForm(schema, { to: isEmail ? email : "" });
  const test = useMutation({ mutationFn: send });
  const sent = test.data;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={channel === "CALL" ? "Place a test call" : "Send a test"}
      description={description}
    >
      {sent ? (
        <div className="grid gap-4">
          <div role="status" className="grid gap-1 text-sm">
            <p className="flex flex-wrap items-baseline gap-x-2">
              <StatusPill tone={statusLook[sent.status].tone}>{statusLook[sent.status].label}</StatusPill>
              <span className="text-ink-muted wrap-anywhere">to {sent.to}</span>
            </p>
            {sent.failure ? <p className="text-danger-ink">{sent.failure}</p> : null}
          </div>
          <div className="flex flex-wrap justify-end gap-2">
            <LinkButton to="/messages" search={{ row: sent.messageId }}>
              Open message
            </LinkButton>
            <Button onClick={() => test.reset()}>Send another</Button>
            <Button variant="primary" onClick={onClose}>
              Done
            </Button>
          </div>
        </div>
      ) : (
        <Form form={form} guard={false} onSubmit={({ to }) => test.mutateAsync(to)}>
          <FormField
            form={form}
            name="to"
            label={isEmail ? "To this e-mail address" : "To this phone number"}
            hint={isEmail ? undefined : "With its country: +1 212 555 0123"}
          >
            {(control) => <Input {...control} type={isEmail ? "email" : "tel"} maxLength={320} />}
          </FormField>
          <FormActions form={form} action={channel === "CALL" ? "Call now" : "Send test"} onCancel={onClose} />
        </Form>
      )}
    </Dialog>
  );
}
