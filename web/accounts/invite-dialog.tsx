import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { ROLES } from "#platform/permissions.ts";
import { emailField } from "#web/accounts/entry-forms.tsx";
import { roleOptions } from "#web/accounts/words.ts";
import { api } from "#web/api.ts";
import { useViewer } from "#web/shell/viewer.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button } from "#web/ui/button.tsx";
import { CodeBlock } from "#web/ui/code-block.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input } from "#web/ui/input.tsx";
import { Select } from "#web/ui/select.tsx";

const schema = z.object({ email: emailField, role: z.enum(ROLES) });

const DELIVERIES = {
  mailed: { tone: "positive", words: "The mail is on its way. You can also send the link yourself." },
  sandbox: { tone: "info", words: "The mail is in the sandbox and reaches nobody. Send the link yourself." },
  failed: { tone: "warning", words: "The mail could not be sent. Send the link yourself." },
} as const;

/** Invites one person; then shows the link, which also works where no mail goes out. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const isOwner = useViewer().role === "OWNER";
  const [sent, setSent] = useState<{ email: string; link: string; delivery: keyof typeof DELIVERIES }>();
  const invite = useMutation(
    api.accounts.invitations.create.mutationOptions({
      onSuccess: async ({ invitation, link, delivery }) => {
        setSent({ email: invitation.email, link, delivery });
        await queries.invalidateQueries({ queryKey: api.accounts.invitations.key() });
      },
    }),
  );
  const form = useSchemaForm(schema, { email: "", role: "MEMBER" });
  const close = (open: boolean) => {
    if (!open) onClose();
  };
  if (sent) {
    const { tone, words } = DELIVERIES[sent.delivery];
    return (
      <Dialog
        open
        onOpenChange={close}
        title={`${sent.email} is invited`}
        actions={
          <Button variant="primary" onClick={onClose}>
            Done
          </Button>
        }
      >
        <div className="grid gap-4">
          <Banner tone={tone}>{words}</Banner>
          <CodeBlock label="Invitation link" wrap>
            {sent.link}
          </CodeBlock>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog open onOpenChange={close} title="Invite a member" description="They can accept for a week.">
      <Form form={form} guard={false} onSubmit={(values) => invite.mutateAsync(values)}>
        <FormField form={form} name="email" label="E-mail">
          {(control) => <Input {...control} type="email" autoComplete="off" />}
        </FormField>
        <FormField form={form} name="role" label="Role">
          {(control) => <Select {...control} options={roleOptions(ROLES, isOwner)} />}
        </FormField>
        <FormActions form={form} action="Invite" onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
