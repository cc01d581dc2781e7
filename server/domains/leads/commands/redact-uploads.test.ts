import { Readable } from "node:stream";
import type { KyselyPlugin } from "kysely";
import { expect, test } from "vitest";
import { inTransaction } from "#platform/context.ts";
import { temporaryDir } from "#test/processes.ts";
import { testWorld } from "#test/world.ts";
import { redactUploads } from "./redact-uploads.ts";
import { uploadImport } from "./upload-import.ts";

const LINE = 'Ban,ban@example.com,+1 212 555 0188,"some notes, of two"\n';
const MEGABYTE = 1024 * 1024;

test("an erasure that goes through a large file tells the database meanwhile that its process lives", async () => {
  const dataDir = await temporaryDir();
  const world = await testWorld({ env: { DATA_DIR: dataDir } });
  const person = {
    leadIds: [],
    names: [],
    addresses: [{ kind: "EMAIL" as const, value: "ann@example.com" }],
    sharedAddresses: [],
  };
  /** How many statements it takes to go through one more file, of so many megabytes. */
  async function statementsFor(megabytes: number): Promise<number> {
    const many = LINE.repeat(Math.ceil((megabytes * MEGABYTE) / LINE.length));
    const stream = Readable.from([Buffer.from(`Name,Email,Phone,Notes\n${many}Ann,ann@example.com,,\n`)]);
    await uploadImport(world.ctx, dataDir, { fileName: "people.csv", mimeType: "text/csv", stream });
    let count = 0;
    const counter: KyselyPlugin = {
      transformQuery({ node }) {
        count += 1;
        return node;
      },
      transformResult: async ({ result }) => result,
    };
    await inTransaction(world.ctx, async (tx) => {
      expect(await redactUploads({ ...tx, db: tx.db.withPlugin(counter) }, dataDir, person)).toMatchObject({
        count: 1,
      });
    });
    return count;
  }
  const small = await statementsFor(0);
  // Two more for the bytes of this one.
  expect(await statementsFor(18)).toBe(small + 2);
});
