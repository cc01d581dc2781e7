import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { onTestFinished } from "vitest";
import { startImport } from "../commands/start-import.ts";
import { uploadImport } from "../commands/upload-import.ts";
import { findImport } from "../queries/imports.ts";
import { leadsWorld } from "../test-leads.ts";

/** A world with a directory of its own for uploads. */
export async function importWorld() {
  const dataDir = await mkdtemp(join(tmpdir(), "throughline-imports-"));
  const world = await leadsWorld({ env: { DATA_DIR: dataDir } });
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const { ctx } = world;

  const upload = async (content: string | Buffer, fileName = "people.csv") => {
    const stream = Readable.from([Buffer.from(content)]);
    return uploadImport(ctx, dataDir, { fileName, mimeType: "text/csv", stream });
  };
  const show = async (importId: string) => {
    const row = await findImport(ctx, importId);
    if (!row) throw new Error("There is no such import.");
    const { status, createdCount, updatedCount, unchangedCount, faultyCount, rowsRead, failure } = row;
    return {
      status,
      created: createdCount,
      updated: updatedCount,
      unchanged: unchangedCount,
      faulty: faultyCount,
      rowsRead,
      failure,
    };
  };
  return {
    ...world,
    dataDir,
    upload,
    show,
    /** Uploads a file and imports it as it is proposed, to its end. */
    importFile: async (content: string | Buffer, fileName?: string) => {
      const { importId } = await upload(content, fileName);
      await startImport(ctx, dataDir, importId);
      await world.drain();
      return { importId, ...(await show(importId)) };
    },
  };
}
