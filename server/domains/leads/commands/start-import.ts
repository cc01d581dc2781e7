import { allow, inTransaction, type Context } from "#platform/context.ts";
import { whyNotMapping } from "../csv/mapping.ts";
import { hasUpload, uploadPath } from "../imports/files.ts";
import { ImportFileGone, ImportNotFound, ImportNotInState, MappingUnusable } from "../problems.ts";
import { listFieldRows } from "../queries/custom-fields.ts";
import { changeImport, lockImport } from "../queries/imports.ts";
import { mayImport } from "../rules.ts";

/** Lets an import run, with the mapping as it stands; one that failed goes on behind its last committed batch. */
export async function startImport(ctx: Context, dataDir: string, importId: string): Promise<void> {
  allow(ctx, "leads:import");
  await inTransaction(ctx, async (tx) => {
    const job = await lockImport(tx, importId);
    if (!job) throw ImportNotFound();
    if (!mayImport(job.status, "start")) throw ImportNotInState(`The import is ${job.status}.`);
    const reasons = whyNotMapping(job.mapping, job.headers, await listFieldRows(tx));
    if (reasons.length > 0) {
      throw MappingUnusable(
        undefined,
        reasons.map((detail) => ({ pointer: "/columns", detail })),
      );
    }
    if (!(await hasUpload(uploadPath(dataDir, job.fileKey)))) throw ImportFileGone();
    const startedAt = job.startedAt ?? tx.now();
    await changeImport(tx, importId, {
      status: "RUNNING",
      startedAt,
      failure: null,
      finishedAt: null,
      cancelAskedAt: null,
    });
  });
}
