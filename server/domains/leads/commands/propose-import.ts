import { allow, type Context } from "#platform/context.ts";
import { describeUpload, type FileDescription } from "../imports/describe.ts";
import { hasUpload, uploadPath } from "../imports/files.ts";
import { ImportFileGone, ImportNotFound, ImportNotInState } from "../problems.ts";
import { listFieldRows } from "../queries/custom-fields.ts";
import { findImport } from "../queries/imports.ts";
import { mayImport } from "../rules.ts";

/** What the columns of an uploaded file seem to be, for whoever comes back to the mapping; nothing is written. */
export async function proposeImport(ctx: Context, dataDir: string, importId: string): Promise<FileDescription> {
  allow(ctx, "leads:import");
  const job = await findImport(ctx, importId);
  if (!job) throw ImportNotFound();
  if (!mayImport(job.status, "preview")) throw ImportNotInState(`The import is ${job.status}.`);
  const path = uploadPath(dataDir, job.fileKey);
  if (!(await hasUpload(path))) throw ImportFileGone();
  return describeUpload(path, await listFieldRows(ctx));
}
