import { allow, inTransaction, type Context } from "#platform/context.ts";
import { enqueue } from "#platform/jobs.ts";
import { takeInSubmissions } from "../messages.ts";
import { SubmissionNotFound } from "../problems.ts";
import { reviveSubmission } from "../queries/submissions.ts";

/** Has what failed, or waits to be tried again, taken in at once. */
export async function retrySubmission(ctx: Context, id: string): Promise<void> {
  allow(ctx, "leads:write");
  await inTransaction(ctx, async (tx) => {
    if (!(await reviveSubmission(tx, id))) throw SubmissionNotFound();
    await enqueue(tx, takeInSubmissions, {}, { key: "all" });
  });
}
