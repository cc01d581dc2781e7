import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { CHANNELS } from "#domains/messaging/channels.ts";
import type { SenderView } from "#domains/messaging/sender-contract.ts";
import { api } from "#web/api.ts";
import { saveOnto } from "#web/shell/save-onto.ts";
import { channelLook } from "#web/ui/channel-icon.tsx";
import { Checkbox } from "#web/ui/choices.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Form, FormActions, FormField, FormValue, useSchemaForm } from "#web/ui/form.tsx";
import { Input } from "#web/ui/input.tsx";
import { Select } from "#web/ui/select.tsx";
import { TOOK_THEIRS } from "#web/ui/took-theirs.ts";

const whole = (most: number) =>
  z
    .string()
    .trim()
    .regex(/^\d+$/, "A whole number")
    .transform(Number)
    .pipe(
      z
        .int()
        .min(1, "At least 1")
        .max(most, `At most ${most.toLocaleString("en")}`),
    );

/** Stands for no integration in particular. */
const ANY = "any";

const schema = z.object({
  channel: z.enum(CHANNELS),
  address: z.string().trim().min(3, "Write the address").max(320),
  displayName: z.string().trim().max(100),
  integrationId: z.string(),
  perMinute: whole(10_000),
  perDay: whole(1_000_000),
  hasRamp: z.boolean(),
  takesNew: z.boolean(),
  dkimSelector: z.string().trim().max(120),
});

const ADDRESS_HINTS = {
  EMAIL: "Your mail service must let you send from it.",
  SMS: "With its country code. Your vendor must let you send from it.",
  CALL: "With its country code, or the id that the vendor gives to the number.",
} as const;

const FIELDS = {
  displayName: { label: "Name" },
  integrationId: { label: "Belongs to" },
  perMinute: { label: "A minute, at most" },
  perDay: { label: "A day, at most" },
  hasRamp: { label: "Warm up" },
  takesNew: { label: "Takes new leads" },
  dkimSelector: { label: "DKIM selector" },
};

/** A sender with what the form asks about it. */
const asTyped = (sender: SenderView) => ({
  ...sender,
  hasRamp: sender.ramp !== null,
  dkimSelector: sender.domain?.selector ?? null,
});

/** Adds a sender, or changes one: its address and channel stay what they are. */
export function SenderDialog({ sender, onClose }: { sender?: SenderView; onClose: () => void }) {
  const queries = useQueryClient();
  const { data: integrations } = useQuery(api.integrations.list.queryOptions());
  const form = useSchemaForm<z.input<typeof schema>, z.output<typeof schema>>(schema, {
    channel: sender?.channel ?? "EMAIL",
    address: sender?.address ?? "",
    displayName: sender?.displayName ?? "",
    integrationId: sender?.integrationId ?? ANY,
    perMinute: String(sender?.perMinute ?? 20),
    perDay: String(sender?.perDay ?? 200),
    hasRamp: sender ? sender.ramp !== null : true,
    takesNew: sender?.takesNew ?? true,
    dkimSelector: sender?.domain?.selector ?? "",
  });
  const channel = form.watch("channel");
  const saved = {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: api.messaging.senders.key() });
      onClose();
    },
  };
  const create = useMutation({ ...api.messaging.senders.create.mutationOptions(), ...saved });
  const update = useMutation({ ...api.messaging.senders.update.mutationOptions(), ...saved });
  // What was there when the dialog opened: the panel behind it follows what others save.
  const [begun] = useState(sender);
  const save = ({ address, dkimSelector, integrationId, ...values }: z.output<typeof schema>) => {
    const known = integrations?.data.find(({ id, type }) => id === integrationId && type === values.channel);
    const rest = { ...values, integrationId: known?.id ?? null, dkimSelector: dkimSelector || null };
    if (!begun) return create.mutateAsync({ ...rest, address });
    const { channel: _channel, ...patch } = rest;
    const senderId = begun.id;
    return saveOnto({
      base: asTyped(begun),
      patch,
      fields: FIELDS,
      read: async () =>
        asTyped(
          await queries.fetchQuery({
            ...api.messaging.senders.get.queryOptions({ input: { senderId } }),
            staleTime: 0,
          }),
        ),
      send: async (some, expectedUpdatedAt) =>
        asTyped(await update.mutateAsync({ ...some, senderId, expectedUpdatedAt })),
    }).then((kept) => (kept === TOOK_THEIRS ? onClose() : kept));
  };
  const vendors = (integrations?.data ?? []).filter(({ type }) => type === channel);
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={sender ? `Change ${sender.address}` : "Add sender"}
      description={
        sender
          ? "Leads that are written to from it stay with it."
          : "From now on its channel sends from its senders alone, each within its own limits."
      }
    >
      <Form form={form} guard={false} onSubmit={save}>
        {sender ? null : (
          <>
            <FormField form={form} name="channel" label="Channel">
              {(control) => (
                <Select
                  {...control}
                  options={CHANNELS.toReversed().map((value) => ({ value, label: channelLook[value].name }))}
                />
              )}
            </FormField>
            <FormField
              form={form}
              name="address"
              label={channel === "EMAIL" ? "E-mail address" : "Number"}
              hint={ADDRESS_HINTS[channel]}
            >
              {(control) => <Input {...control} autoComplete="off" inputMode={channel === "EMAIL" ? "email" : "tel"} />}
            </FormField>
          </>
        )}
        {channel === "EMAIL" ? (
          <FormField
            form={form}
            name="displayName"
            label="Name"
            hint="Stands before the address, and where a script names the sender. Empty: the workspace's sender name."
            optional
          >
            {(control) => <Input {...control} autoComplete="off" maxLength={100} />}
          </FormField>
        ) : null}
        {vendors.length > 0 ? (
          <FormField form={form} name="integrationId" label="Belongs to">
            {(control) => (
              <Select
                {...control}
                value={vendors.some(({ id }) => id === control.value) ? control.value : ANY}
                options={[
                  { value: ANY, label: "Whichever the channel sends through" },
                  ...vendors.map(({ id, label }) => ({ value: id, label })),
                ]}
              />
            )}
          </FormField>
        ) : null}
        <div className="grid grid-cols-2 gap-4">
          <FormField form={form} name="perDay" label="A day, at most">
            {(control) => <Input {...control} inputMode="numeric" />}
          </FormField>
          <FormField form={form} name="perMinute" label="A minute, at most">
            {(control) => <Input {...control} inputMode="numeric" />}
          </FormField>
        </div>
        <FormValue form={form} name="hasRamp">
          {(control) => (
            <Checkbox
              {...control}
              label="Warm up"
              hint="Begins with 20 a day and goes up by 2 a day to the limit, so that receivers get to know it."
            />
          )}
        </FormValue>
        <FormValue form={form} name="takesNew">
          {(control) => (
            <Checkbox
              {...control}
              label="Takes new leads"
              hint="Without it, it only goes on with the leads that it has."
            />
          )}
        </FormValue>
        {channel === "EMAIL" ? (
          <FormField
            form={form}
            name="dkimSelector"
            label="DKIM selector"
            hint="The word before ._domainkey in the record of your mail service. Empty: what is known of the service is tried."
            optional
          >
            {(control) => <Input {...control} autoComplete="off" placeholder="s1" />}
          </FormField>
        ) : null}
        <FormActions form={form} action={sender ? "Save" : "Add sender"} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
