import { useMutation, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { api } from "#web/api.ts";
import { Button } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { Form, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input } from "#web/ui/input.tsx";

const schema = z.object({ reason: z.string().trim().max(500, "At most 500 characters") });

export type StopEnrollmentDialogProps = {
  enrollment: { id: string; sequenceName: string };
  leadName: string;
  onClose: () => void;
};

/** Takes one lead out of a sequence for good, with a reason that stands in the timeline. */
export function StopEnrollmentDialog({ enrollment, leadName, onClose }: StopEnrollmentDialogProps) {
  const queries = useQueryClient();
  const form = useSchemaForm(schema, { reason: "" });
  const cancel = useMutation({
    ...api.outreach.enrollments.cancel.mutationOptions(),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: api.outreach.key() });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Stop “${enrollment.sequenceName}” for ${leadName}?`}
      description="Nothing more of it goes out to this lead, and it cannot be resumed. What was sent stays in the timeline."
    >
      <Form
        form={form}
        guard={false}
        onSubmit={({ reason }) => cancel.mutateAsync({ enrollmentId: enrollment.id, reason: reason || undefined })}
      >
        <FormField form={form} name="reason" label="Why" optional hint="Stands in the lead's timeline.">
          {(control) => <Input {...control} autoComplete="off" maxLength={500} />}
        </FormField>
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Keep it going</Button>
          <Button type="submit" variant="danger" loading={form.formState.isSubmitting}>
            Stop sequence
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
