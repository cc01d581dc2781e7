import { useMutation, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import type { Integration, Vendor } from "#platform/integrations/contract.ts";
import { credentialsOf, credentialsSchema, startValues } from "#web/accounts/credentials.ts";
import { api } from "#web/api.ts";
import { Banner } from "#web/ui/banner.tsx";
import { Button } from "#web/ui/button.tsx";
import { Checkbox } from "#web/ui/choices.tsx";
import { CodeBlock } from "#web/ui/code-block.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Form, FormActions, FormField, FormValue, useSchemaForm } from "#web/ui/form.tsx";
import { Input } from "#web/ui/input.tsx";
import { problemOf, sortFaults } from "#web/problem.ts";

export type ConnectDialogProps = {
  vendor: Vendor;
  /** Given: its credentials are changed, and secrets left empty stay. */
  integration?: Integration;
  onClose: () => void;
};

/** The form of one vendor, made of the fields that it asks for. */
export function ConnectDialog({ vendor, integration, onClose }: ConnectDialogProps) {
  const queries = useQueryClient();
  const saved = {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: api.integrations.key() });
      onClose();
    },
  };
  const connect = useMutation(api.integrations.connect.mutationOptions(saved));
  const update = useMutation(api.integrations.update.mutationOptions(saved));
  const attempt = useMutation(api.integrations.try.mutationOptions());
  const form = useSchemaForm(z.object({ credentials: credentialsSchema(vendor.fields, integration) }), {
    credentials: startValues(vendor.fields, integration),
  });
  const { provider, label, fields } = vendor;
  const integrationId = integration?.id;
  const save = ({ credentials: typed }: { credentials: Record<string, string | boolean> }) => {
    const credentials = credentialsOf(fields, typed, integration);
    return integrationId
      ? update.mutateAsync({ integrationId, credentials })
      : connect.mutateAsync({ provider, credentials });
  };
  const testNow = form.handleSubmit(({ credentials }) =>
    attempt.mutate(
      { provider, credentials: credentialsOf(fields, credentials, integration), integrationId },
      {
        onError: (error) => {
          for (const [name, message] of faultsOf(error).byField)
            form.setError(`credentials.${name}`, { type: "server", message });
        },
      },
    ),
  );
  const faultsOf = (error: unknown) =>
    sortFaults(
      problemOf(error),
      fields.map(({ name }) => name),
    );
  const refusal = attempt.error ? problemOf(attempt.error) : undefined;
  // What stands at its field is not said twice.
  const isAtFields = attempt.error !== null && faultsOf(attempt.error).byField.size > 0;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={integration ? `Change ${label}` : `Connect ${label}`}
      description="Secrets are kept encrypted and never shown again."
    >
      <Form form={form} guard={false} onSubmit={save}>
        {fields.map((field) =>
          field.kind === "boolean" ? (
            <FormValue key={field.name} form={form} name={`credentials.${field.name}`}>
              {({ value, ...control }) => (
                <Checkbox {...control} value={value === true} label={field.title} hint={field.description} />
              )}
            </FormValue>
          ) : (
            <FormField
              key={field.name}
              form={form}
              name={`credentials.${field.name}`}
              label={field.title}
              hint={field.description}
              optional={!field.isRequired}
            >
              {({ value, ...control }) => (
                <Input
                  {...control}
                  value={String(value)}
                  type={field.isSecret ? "password" : "text"}
                  inputMode={field.kind === "number" ? "numeric" : undefined}
                  autoComplete={field.isSecret ? "new-password" : "off"}
                  placeholder={integration?.secretsSet.includes(field.name) ? "Set; leave empty to keep it" : undefined}
                />
              )}
            </FormField>
          ),
        )}
        <CodeBlock label="Webhook URL" wrap>
          {vendor.webhookUrl}
        </CodeBlock>
        {attempt.data ? (
          <Banner tone={attempt.data.isWorking ? "positive" : "danger"}>{attempt.data.detail}</Banner>
        ) : refusal && !isAtFields ? (
          <Banner tone="danger">
            {[refusal.title, ...(refusal.errors ?? []).map(({ detail }) => detail)].join(" · ")}
          </Banner>
        ) : null}
        <div className="flex flex-wrap items-center justify-between gap-2">
          <Button loading={attempt.isPending} onClick={() => void testNow()}>
            Test
          </Button>
          <FormActions form={form} action={integration ? "Save" : "Connect"} onCancel={onClose} />
        </div>
      </Form>
    </Dialog>
  );
}
