import { basename } from "node:path";
import { allow, type Context } from "#platform/context.ts";
import type { Upload } from "#platform/http/request-context.ts";
import { newId } from "#platform/ids.ts";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import { CSV_LIMITS } from "../csv/faults.ts";
import { countRows, describeUpload, type FileDescription } from "../imports/describe.ts";
import { removeUpload, storeUpload, uploadPath } from "../imports/files.ts";
import { NoFile } from "../problems.ts";
import { listFieldRows } from "../queries/custom-fields.ts";
import { insertImport } from "../queries/imports.ts";
import { forgetOldUploads } from "./forget-uploads.ts";

/** Stores a file and says what it seems to hold. Nothing is imported before it is started. */
export async function uploadImport(
  ctx: Context,
  dataDir: string,
  upload: Upload | null,
): Promise<{ importId: string; description: FileDescription }> {
  allow(ctx, "leads:import");
  if (!upload) throw NoFile();
  await forgetOldUploads(ctx, dataDir);
  const importId = newId("imp");
  const fileKey = `${importId}.csv`;
  const path = uploadPath(dataDir, fileKey);
  const stored = await storeUpload(upload.stream, path);
  try {
    const description = await describeUpload(path, await listFieldRows(ctx));
    const about = Math.max(0, stored.lines - 1);
    // The count is rough: only a file that may be over the limit is worth a second reading.
    const rowsTotal = about > CSV_LIMITS.rows ? await countRows(path) : about;
    const { timeZone } = await getWorkspaceSettings(ctx);
    await insertImport(ctx, {
      id: importId,
      fileName: basename(upload.fileName).slice(0, 200) || "leads.csv",
      fileKey,
      fileBytes: stored.bytes,
      encoding: description.encoding,
      delimiter: description.delimiter,
      headers: description.headers,
      mapping: description.columns.map(({ column, header, field, metaKey, customKey, dateOrder }) => ({
        column,
        header,
        field,
        metaKey,
        customKey,
        dateOrder,
      })),
      options: { source: "MANUAL", policy: "fill", country: description.country, timeZone },
      rowsTotal,
    });
    return { importId, description };
  } catch (error) {
    await removeUpload(path);
    throw error;
  }
}
