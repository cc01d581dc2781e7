import { allow, inTransaction, type Context } from "#platform/context.ts";
import { removeUpload, uploadPath } from "../imports/files.ts";
import { changeImport, listAbandonedImports } from "../queries/imports.ts";

const KEPT_DAYS = 7;
const DAY_MS = 86_400_000;

/** Files hold people's data: those that nobody imported within a week are removed, and their imports cancelled. */
export async function forgetOldUploads(ctx: Context, dataDir: string): Promise<void> {
  allow(ctx, "leads:import");
  const before = new Date(ctx.now().getTime() - KEPT_DAYS * DAY_MS);
  await inTransaction(ctx, async (tx) => {
    for (const { id, fileKey, status } of await listAbandonedImports(tx, before)) {
      await removeUpload(uploadPath(dataDir, fileKey));
      if (status !== "FAILED") await changeImport(tx, id, { status: "CANCELLED", finishedAt: tx.now() });
    }
  });
}
