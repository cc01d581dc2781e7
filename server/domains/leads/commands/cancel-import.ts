import { allow, inTransaction, type Context } from "#platform/context.ts";
import { removeUpload, uploadPath } from "../imports/files.ts";
import { ImportNotFound, ImportNotInState } from "../problems.ts";
import { changeImport, lockImport } from "../queries/imports.ts";
import { mayImport } from "../rules.ts";
import { announceFinish } from "./run-imports.ts";

/** Ends an import. A running one stops behind the batch it is at; what was imported stays. */
export async function cancelImport(ctx: Context, dataDir: string, importId: string): Promise<void> {
  allow(ctx, "leads:import");
  await inTransaction(ctx, async (tx) => {
    const job = await lockImport(tx, importId);
    if (!job) throw ImportNotFound();
    if (!mayImport(job.status, "cancel")) throw ImportNotInState(`The import is ${job.status}.`);
    if (job.status === "RUNNING") return changeImport(tx, importId, { cancelAskedAt: job.cancelAskedAt ?? tx.now() });
    await changeImport(tx, importId, { status: "CANCELLED", finishedAt: tx.now() });
    await announceFinish(tx, importId);
    await removeUpload(uploadPath(dataDir, job.fileKey));
  });
}
