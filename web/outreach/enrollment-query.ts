import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "#web/api.ts";
import { toast } from "#web/ui/toast.tsx";

/** The sequences that a lead is or was in, newest first. */
export const leadEnrollmentsQuery = (leadId: string) =>
  api.outreach.enrollments.listForLead.queryOptions({ input: { leadId } });

/** Every step of an enrollment with what became of it, and why. */
export const explanationQuery = (enrollmentId: string) =>
  api.outreach.enrollments.explain.queryOptions({ input: { enrollmentId } });

/** Holds one lead where they are, and lets them go on. A refusal is said in passing: the screen shows the state anew. */
export function useHoldEnrollment() {
  const queries = useQueryClient();
  const after = {
    onSettled: () => queries.invalidateQueries({ queryKey: api.outreach.key() }),
    onError: (error: unknown) => toast.problem(error),
  };
  return {
    pause: useMutation(api.outreach.enrollments.pause.mutationOptions(after)),
    resume: useMutation(api.outreach.enrollments.resume.mutationOptions(after)),
  };
}
