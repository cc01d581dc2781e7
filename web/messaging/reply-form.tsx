import { z } from "zod";
import { useSandboxActs } from "#web/messaging/sandbox-acts.ts";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Textarea } from "#web/ui/input.tsx";

const replySchema = z.object({ text: z.string().trim().min(1, "Write the answer").max(5_000) });

/** Answers a delivery as the lead. */
export function ReplyForm({ deliveryId, address, hint }: { deliveryId: string; address: string; hint?: string }) {
  const form = useSchemaForm(replySchema, { text: "" });
  const { reply, whyNot } = useSandboxActs();
  const send = async ({ text }: { text: string }) => {
    await reply.mutateAsync({ deliveryId, text });
    form.setValue("text", "");
  };
  return (
    <Form form={form} onSubmit={send} className="gap-2">
      <FormField form={form} name="text" label={`Answer as ${address}`} hint={hint}>
        {(control) => <Textarea {...control} rows={2} maxLength={5_000} />}
      </FormField>
      <FormActions form={form} action="Send answer" disabledReason={whyNot} />
    </Form>
  );
}
