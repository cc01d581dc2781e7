import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dyingRuntime } from "#test/crowd.ts";
import { createLead } from "../commands/create-lead.ts";
import { eraseLead } from "../commands/erase-lead.ts";
import { runImports } from "../commands/run-imports.ts";
import { startImport } from "../commands/start-import.ts";
import { importWorld } from "./test-import.ts";

const EMAIL = "quorra@erasable.example";

async function worldWithPerson() {
  const world = await importWorld();
  const person = { firstName: "Quorra", lastName: "Vandersloot", email: EMAIL };
  const { leadId } = await createLead(world.ctx, person);
  const uploads = join(world.dataDir, "uploads");
  return {
    ...world,
    uploads,
    erase: (ctx = world.ctx) => eraseLead(ctx, { leadId, reason: "They asked", confirm: EMAIL }, world.dataDir),
    kept: async () =>
      (await Promise.all((await readdir(uploads)).map((name) => readFile(join(uploads, name), "utf8")))).join(),
    leads: () =>
      world.ctx.db
        .selectFrom("leads")
        .select(["firstName", "email", "notes"])
        .orderBy("createdAt")
        .orderBy("id")
        .execute(),
    start: (importId: string) => startImport(world.ctx, world.dataDir, importId),
  };
}

test("an erasure that fails at its commit leaves the uploaded files as they were, and the rows in them come in", async () => {
  const world = await worldWithPerson();
  const { importId } = await world.upload(`First name,Email,Notes\nQuorra,${EMAIL},mill\nBan,ban@example.com,\n`);
  const dying = dyingRuntime(world.runtime).contextFor(world.ctx.workspace, world.ctx.actor);
  await expect(world.erase(dying)).rejects.toThrow("killed");
  await world.start(importId);
  await world.drain();
  expect(await world.show(importId)).toMatchObject({ status: "COMPLETED", faulty: 0, created: 1 });
  expect(await world.leads()).toMatchObject([
    { firstName: "Quorra", email: EMAIL, notes: "mill" },
    { firstName: "Ban", email: "ban@example.com" },
  ]);
  expect(await readdir(world.uploads)).toEqual([]);
});

test("what a process left that died before it removed a file that was written anew is swept away, and the import goes on", async () => {
  const world = await worldWithPerson();
  const text = `First name,Email\nQuorra,${EMAIL}\nBan,ban@example.com\n`;
  const { importId } = await world.upload(text);
  await world.erase();
  expect(await world.kept()).not.toContain(EMAIL);
  await writeFile(join(world.uploads, `${importId}.csv`), text);
  await writeFile(join(world.uploads, `${importId}.csv.2`), "half a fi");
  await world.drain();
  expect(await readdir(world.uploads)).toEqual([`${importId}.csv.1`]);
  await world.start(importId);
  await world.drain();
  expect(await world.leads()).toMatchObject([{ firstName: "" }, { firstName: "Ban" }]);
});

test("of somebody else's row only the cell goes that names an erased person; the row comes in without it, and it is told", async () => {
  const world = await worldWithPerson();
  const { importId } = await world.upload(
    `First name,Email,Notes,Mark
Ban,ban@example.com,"a friend, ""${EMAIL}""",***
Quorra,${EMAIL},,
Quorra Vandersloot,another@example.com,was ${EMAIL},
,,see ${EMAIL},
Ilse,ilse@example.com,,
`,
  );
  expect((await world.erase()).counts).toMatchObject({ uploaded_rows: 4 });
  const kept = await world.kept();
  for (const word of [EMAIL, "Vandersloot", "friend"]) expect(kept).not.toContain(word);
  for (const word of ["ban@example.com", "Ilse", "***\n"]) expect(kept).toContain(word);
  await world.start(importId);
  await world.drain();
  expect(await world.leads()).toMatchObject([
    { firstName: "" },
    { firstName: "Ban", email: "ban@example.com", notes: null },
    { firstName: "Ilse" },
  ]);
  const told = await world.ctx.db
    .selectFrom("importRows")
    .select(["line", "column", "isFatal", "reason"])
    .orderBy("line")
    .execute();
  expect(told.map(({ line, isFatal }) => [line, isFatal])).toEqual([
    [2, false],
    [3, true],
    [4, true],
    [5, true],
  ]);
  expect(told[0]).toMatchObject({ column: "Notes", reason: expect.stringContaining("was erased") });
});

test("a row is theirs by a name that is written with a comma, or in another encoding than the one that its address is found in", async () => {
  const world = await importWorld();
  const person = { firstName: "Zo\u00eb", lastName: "Garc\u00eda", email: EMAIL };
  const { leadId } = await createLead(world.ctx, person);
  await world.upload(
    Buffer.from(
      `Name;Email;Notes\nZo\u00eb Garc\u00eda;home@example.com;${EMAIL}\n"Garc\u00eda, Zo\u00eb";work@example.com;${EMAIL}\nBan;ban@example.com;${EMAIL}\n`,
      "latin1",
    ),
  );
  await world.upload(`Name;Email;Notes\n"Garc\u00eda, Zo\u00eb";third@example.com;${EMAIL}\n`);
  await eraseLead(world.ctx, { leadId, reason: "They asked", confirm: EMAIL }, world.dataDir);
  const uploads = join(world.dataDir, "uploads");
  const kept = (
    await Promise.all((await readdir(uploads)).map((name) => readFile(join(uploads, name), "latin1")))
  ).join();
  for (const address of ["home@", "work@", "third@", EMAIL]) expect(kept).not.toContain(address);
  expect(kept).toContain("Ban;ban@example.com;****");
});

test("a row with an erased person's number is theirs where no e-mail address of somebody else stands, whatever else has an @", async () => {
  const world = await importWorld();
  const { leadId } = await createLead(world.ctx, { firstName: "Quorra", email: EMAIL, phone: "+12125550177" });
  await world.upload(`Name,Email,Phone,Notes
Quorra,,+1 212 555 0177,"mornings, @quorra, see mill.example"
Ban,ban@example.com,+1 212 555 0177,@ban
`);
  await eraseLead(world.ctx, { leadId, reason: "They asked", confirm: EMAIL }, world.dataDir);
  const uploads = join(world.dataDir, "uploads");
  const kept = (
    await Promise.all((await readdir(uploads)).map((name) => readFile(join(uploads, name), "utf8")))
  ).join();
  expect(kept.toLowerCase()).not.toContain("quorra");
  expect(kept).toContain("Ban,ban@example.com,+1 212 555 0177,@ban");
});

test("an import that has its file open goes on in the one that was written anew", async () => {
  const world = await worldWithPerson();
  const others = Array.from({ length: 1_500 }, (_, place) => `P${place},p${place}@example.com,"knows ${EMAIL}"\n`);
  const { importId } = await world.upload(`First name,Email,Notes\n${others.join("")}`);
  await world.start(importId);
  await runImports(world.runtime);
  expect(await world.show(importId)).toMatchObject({ status: "RUNNING", created: 1_000 });
  await world.erase();
  await world.drain();
  expect(await world.show(importId)).toMatchObject({ status: "COMPLETED", created: 1_500 });
  const last = (await world.leads()).slice(-500);
  expect(new Set(last.map(({ notes }) => notes))).toEqual(new Set([null]));
});
