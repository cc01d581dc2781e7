import { useMutation, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import type { PlannedTouchView } from "#domains/outreach/contract/enrollments.ts";
import { api } from "#web/api.ts";
import { instantAt, readingAt } from "#web/outreach/wall-clock.ts";
import { Dialog } from "#web/ui/dialog.tsx";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input } from "#web/ui/input.tsx";
import { useNow } from "#web/ui/clock.ts";

const reason = z.string().trim().min(1, "Say why; it stands in the timeline").max(500, "At most 500 characters");
const skipSchema = z.object({ reason });

export type DecideTouchProps = {
  touch: PlannedTouchView;
  /** The lead's IANA zone: the clock on which another time is written. */
  zone: string;
  onClose: () => void;
};

const nameOf = ({ stepOrder, scriptName }: PlannedTouchView) => `step ${stepOrder + 1}, “${scriptName ?? "no script"}”`;

/** Leaves out the planned step; the lead goes on with the next one. */
export function SkipTouchDialog({ touch, onClose }: DecideTouchProps) {
  const queries = useQueryClient();
  const form = useSchemaForm(skipSchema, { reason: "" });
  const skip = useMutation({
    ...api.outreach.executions.skip.mutationOptions(),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: api.outreach.key() });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Leave out ${nameOf(touch)}?`}
      description="It is not sent to this lead. The next step follows after its own wait."
    >
      <Form
        form={form}
        guard={false}
        onSubmit={(values) => skip.mutateAsync({ executionId: touch.executionId, ...values })}
      >
        <FormField form={form} name="reason" label="Why" hint="Stands in the lead's timeline.">
          {(control) => <Input {...control} autoComplete="off" maxLength={500} />}
        </FormField>
        <FormActions form={form} action="Leave out" onCancel={onClose} />
      </Form>
    </Dialog>
  );
}

/** Moves the planned step to another time on the lead's own clock. */
export function MoveTouchDialog({ touch, zone, onClose }: DecideTouchProps) {
  const queries = useQueryClient();
  const now = useNow();
  const schema = z.object({
    at: z.string().refine((text) => instantAt(text, zone) !== null, "Choose a day and a time"),
    reason,
  });
  const planned = touch.waits.until ?? touch.scheduledAt;
  const form = useSchemaForm(schema, { at: readingAt(planned ? new Date(planned) : now, zone), reason: "" });
  const move = useMutation({
    ...api.outreach.executions.reschedule.mutationOptions(),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: api.outreach.key() });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Move ${nameOf(touch)}`}
      description="When the time comes, sending hours, limits and suppressions are asked as ever. A time that has passed means now."
    >
      <Form
        form={form}
        guard={false}
        onSubmit={({ at, reason: why }) =>
          move.mutateAsync({
            executionId: touch.executionId,
            at: (instantAt(at, zone) ?? now).toISOString(),
            reason: why,
          })
        }
      >
        <FormField form={form} name="at" label="To" hint={`On the lead's clock, ${zone}.`}>
          {(control) => <Input {...control} type="datetime-local" className="w-60" />}
        </FormField>
        <FormField form={form} name="reason" label="Why" hint="Stands in the lead's timeline.">
          {(control) => <Input {...control} autoComplete="off" maxLength={500} />}
        </FormField>
        <FormActions form={form} action="Move step" onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
