import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { z } from "zod";
import { CHANNELS } from "#domains/messaging/channels.ts";
import { dayEnd, dayStart } from "#domains/messaging/day-starts.ts";
import { api } from "#web/api.ts";
import { ChannelBoxes } from "#web/outreach/campaign-channels.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Form, FormActions, FormField, FormValue, useSchemaForm } from "#web/ui/form.tsx";
import { Input, Textarea } from "#web/ui/input.tsx";
import { useZone } from "#web/ui/relative-time.tsx";

const day = z.union([z.literal(""), z.iso.date("Choose a day")]);

const schema = z
  .object({
    name: z.string().trim().min(1, "Give it a name").max(200),
    description: z.string().trim().max(2_000),
    channels: z.array(z.enum(CHANNELS)),
    startDate: day,
    endDate: day,
  })
  .refine(({ startDate, endDate }) => !startDate || !endDate || startDate <= endDate, {
    path: ["endDate"],
    error: "It would end before it starts",
  });

/** Names a campaign; leads are assigned on its page. */
export function NewCampaignDialog({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const zone = useZone();
  const form = useSchemaForm(schema, { name: "", description: "", channels: [], startDate: "", endDate: "" });
  const create = useMutation({
    ...api.outreach.campaigns.create.mutationOptions(),
    onSuccess: ({ id }) => {
      void queries.invalidateQueries({ queryKey: api.outreach.campaigns.key() });
      onClose();
      void navigate({ to: "/campaigns/$campaignId", params: { campaignId: id } });
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="New campaign"
      description="It begins as a draft. Nothing goes out for it until you activate it."
    >
      <Form
        form={form}
        guard={false}
        onSubmit={({ name, description, channels, startDate, endDate }) =>
          create.mutateAsync({
            name,
            description: description || null,
            channels,
            startDate: startDate ? dayStart(zone, startDate).toISOString() : null,
            endDate: endDate ? dayEnd(zone, endDate).toISOString() : null,
          })
        }
      >
        <FormField form={form} name="name" label="Name">
          {(control) => <Input {...control} autoComplete="off" />}
        </FormField>
        <FormField form={form} name="description" label="What it is for" optional>
          {(control) => <Textarea {...control} rows={2} />}
        </FormField>
        <FormValue form={form} name="channels">
          {({ value, onChange }) => (
            <div className="grid gap-2">
              <span className="text-sm font-medium" aria-hidden>
                Channels
              </span>
              <ChannelBoxes label="Channels" value={value} onChange={onChange} />
            </div>
          )}
        </FormValue>
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <FormField form={form} name="startDate" label="First day" optional>
            {(control) => <Input {...control} type="date" />}
          </FormField>
          <FormField form={form} name="endDate" label="Last day" optional>
            {(control) => <Input {...control} type="date" />}
          </FormField>
        </div>
        <FormActions form={form} action="Create campaign" onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
