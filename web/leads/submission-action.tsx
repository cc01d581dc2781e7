import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { SubmissionView } from "#domains/leads/contract.ts";
import { api } from "#web/api.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Button } from "#web/ui/button.tsx";
import { toast } from "#web/ui/toast.tsx";

/** What a person can do about a submission that made nobody: try again what failed, or say that no machine wrote it. */
export function SubmissionAction({
  submission,
  variant = "ghost",
}: {
  submission: SubmissionView;
  variant?: "ghost" | "secondary";
}) {
  const { id, status, tries, answers } = submission;
  const queries = useQueryClient();
  const whyNot = useWhyNot("leads:write");
  const then = {
    onSuccess: () => queries.invalidateQueries({ queryKey: api.leads.submissions.key() }),
    onError: (error: unknown) => toast.problem(error),
  };
  const retry = useMutation(api.leads.submissions.retry.mutationOptions(then));
  const clear = useMutation(api.leads.submissions.clear.mutationOptions(then));
  const isSpam = status === "SPAM";
  if (!isSpam && status !== "FAILED" && !(status === "RECEIVED" && tries > 0)) return null;
  const erased = isSpam && answers.length === 0 ? "What was written was erased." : undefined;
  return (
    <Button
      size="sm"
      variant={variant}
      loading={retry.isPending || clear.isPending}
      disabledReason={whyNot ?? erased}
      onClick={() => (isSpam ? clear : retry).mutate({ submissionId: id })}
    >
      {isSpam ? "Not spam" : "Try again"}
    </Button>
  );
}
