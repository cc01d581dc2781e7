import { request } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setImmediate as breathe } from "node:timers/promises";
import { readdir } from "node:fs/promises";
import { expect, test } from "vitest";
import { uploadImport } from "../commands/upload-import.ts";
import { findImport } from "../queries/imports.ts";
import { uploadPath } from "./files.ts";
import { openImport } from "./open-import.ts";
import { importWorld } from "./test-import.ts";

const MEGABYTE = 1024 * 1024;
/** A row of 10 KB, so that 500 MB stay within the limit of rows. */
const ROW = `${"x".repeat(10_200)}\n`;

/** So many megabytes of rows behind a header; `given` tells how much of it was asked for. */
function fileOf(megabytes: number) {
  const given = { bytes: 0 };
  async function* content() {
    yield Buffer.from("Email,Note\n");
    for (let row = 0; given.bytes < megabytes * MEGABYTE;) {
      const rows = Array.from({ length: 100 }, () => `p${row++}@example.com,${ROW}`).join("");
      given.bytes += rows.length;
      yield Buffer.from(rows);
      await breathe();
    }
  }
  return { given, stream: Readable.from(content()) };
}

test("a file of 1 GB that announces its size is refused before it is read", async () => {
  const world = await importWorld();
  const address = new URL(await world.listen());
  const cookie = await world.cookieOf("OWNER");
  const status = await new Promise<number | undefined>((answered, failed) => {
    const upload = request(
      {
        host: address.hostname,
        port: address.port,
        path: "/api/v1/imports",
        method: "POST",
        headers: { cookie, "content-type": "multipart/form-data; boundary=b", "content-length": 1024 * MEGABYTE },
      },
      (response) => {
        answered(response.statusCode);
        upload.destroy();
      },
    );
    upload.on("error", failed);
    upload.flushHeaders();
  });
  expect(status).toBe(413);
});

test("a file of 1 GB that does not is refused at 512 MB, and nothing of it is kept", { timeout: 120_000 }, async () => {
  const { ctx, dataDir } = await importWorld();
  const { given, stream } = fileOf(1_024);
  await expect(
    uploadImport(ctx, dataDir, { fileName: "large.csv", mimeType: "text/csv", stream }),
  ).rejects.toMatchObject({
    definition: { code: "import-file-too-large", status: 413 },
  });
  expect(given.bytes).toBeLessThan(520 * MEGABYTE);
  expect(await readdir(join(dataDir, "uploads"))).toEqual([]);
});

test("memory grows by less than 100 MB while a file of 500 MB is uploaded and read", { timeout: 240_000 }, async () => {
  const { ctx, dataDir } = await importWorld();
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  try {
    const { stream } = fileOf(500);
    const { importId } = await uploadImport(ctx, dataDir, { fileName: "large.csv", mimeType: "text/csv", stream });
    const job = await findImport(ctx, importId);
    if (!job) throw new Error("There is no such import.");
    expect(job.fileBytes).toBeGreaterThan(500 * MEGABYTE);
    const reader = {
      mapping: job.mapping,
      options: job.options,
      fileName: job.fileName,
      workspaceCountry: "US",
      customFields: [],
    };
    const file = await openImport(uploadPath(dataDir, job.fileKey), job, reader, 1_000);
    let rows = 0;
    for (let batch = await file.take(0); batch; batch = batch.end ? undefined : await file.take(rows))
      rows += batch.rows.length;
    expect(rows).toBe(job.rowsTotal);
    await file.close();
  } finally {
    clearInterval(watch);
  }
  expect((most - before) / MEGABYTE).toBeLessThan(100);
});
