import { allow, inTransaction, type Context } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { enqueue } from "#platform/jobs.ts";
import { Conflict } from "#platform/problems.ts";
import { submissionCleared, takeInSubmissions } from "../messages.ts";
import { SubmissionNotFound } from "../problems.ts";
import { clearOfSpam, findSubmission } from "../queries/submissions.ts";

/**
 * A person says that what was taken for a machine's is a person's: it is taken in as if it had come in well. Said again it changes nothing, and
 * neither does saying it of what was never taken for one. Throws SubmissionNotFound, and Conflict where its words were erased.
 */
export async function clearSubmission(ctx: Context, id: string): Promise<void> {
  allow(ctx, "leads:write");
  await inTransaction(ctx, async (tx) => {
    const submission = await findSubmission(tx, id);
    if (!submission) throw SubmissionNotFound();
    if (submission.status !== "SPAM") return;
    if (!(await clearOfSpam(tx, id))) {
      // Somebody else was faster.
      if ((await findSubmission(tx, id))?.status !== "SPAM") return;
      throw Conflict("What was written was erased, so nobody can be made of it.");
    }
    const { sourceId, label } = submission;
    await emit(tx, submissionCleared, { submissionId: id, sourceId, label }, { subjectId: id });
    await enqueue(tx, takeInSubmissions, {}, { key: "all" });
  });
}
