import { expect, test } from "vitest";
import { ProblemError } from "#web/problem.ts";
import { type Decision, askedNow } from "#web/shell/collisions.ts";
import { saveOnto } from "#web/shell/save-onto.ts";
import { TOOK_THEIRS } from "#web/ui/took-theirs.ts";

type Script = { updatedAt: string; name: string; format: "markdown" | "html"; content: string };

const BASE: Script = { updatedAt: "2026-03-02T12:00:00.000Z", name: "Hello", format: "markdown", content: "**Hi**" };

/** A script that somebody else has changed since `BASE`, and what reaches it of a change that was made from `BASE`. */
async function saveBeside(theirs: Partial<Script>, mine: Partial<Script>, decision?: Decision) {
  const now: Script = { ...BASE, ...theirs, updatedAt: "2026-03-02T12:00:01.000Z" };
  const written: Partial<Script>[] = [];
  const { updatedAt: _updatedAt, ...words } = { ...BASE, ...mine };
  const saved = saveOnto({
    base: BASE,
    patch: words,
    fields: { content: { label: "Text" }, format: { label: "Written as" } },
    together: ["format", "content"],
    read: async () => now,
    send: async (some, expectedUpdatedAt) => {
      if (expectedUpdatedAt !== now.updatedAt)
        throw new ProblemError({ type: "", title: "", status: 409, code: "changed-elsewhere" });
      written.push(some);
      return { ...now, ...some };
    },
  });
  await new Promise((done) => setImmediate(done));
  const asked = askedNow();
  if (decision) asked?.decide(decision);
  return { saved: await saved, written, differing: asked?.collision.differing.map(({ label }) => label) };
}

test("changes of different fields both stand, and nobody is asked", async () => {
  expect(await saveBeside({ content: "Hi" }, { name: "Welcome" })).toMatchObject({
    written: [{ name: "Welcome" }],
    differing: undefined,
  });
});

test("fields that say something only together are one: who changed one of them decides where somebody else changed another", async () => {
  const words = { content: "**Hi** you" };
  expect(await saveBeside({ format: "html" }, words, "theirs")).toEqual({
    saved: TOOK_THEIRS,
    written: [],
    differing: ["Written as"],
  });
  expect(await saveBeside({ format: "html" }, words, "overwrite")).toMatchObject({
    written: [{ ...words, format: "markdown" }],
  });
});

test("who goes back to their words is not told by name who changed the same: it may have been themselves", async () => {
  const back = saveBeside({ name: "Theirs" }, { name: "Mine" }, "back");
  await expect(back).rejects.toMatchObject({
    problem: { title: "Not saved yet", detail: expect.stringMatching(/^The same was changed meanwhile/) },
  });
});
