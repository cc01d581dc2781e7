import { expect, test } from "vitest";
import { z } from "zod";
import { createScript } from "./commands/create-script.ts";
import { deleteScript } from "./commands/delete-script.ts";
import { duplicateScript } from "./commands/duplicate-script.ts";
import { enrollLeads } from "./commands/enroll-leads.ts";
import { pauseSequence } from "./commands/pause-sequence.ts";
import { restoreVersion } from "./commands/restore-version.ts";
import { setDefaultScript } from "./commands/set-default-script.ts";
import { updateScript } from "./commands/update-script.ts";
import { findScript } from "./queries/script-rows.ts";
import { listVersions } from "./queries/script-versions.ts";
import { HOUR, activeSequence, sendingWorld } from "./test-sequences.ts";

const versions = z.object({
  data: z.array(z.object({ id: z.string(), number: z.int(), by: z.object({ name: z.string() }) })),
});

test("each change of a script's words is its next version, with who made it; a change of its name or default is none", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const id = await createScript(ctx, { name: "Text", type: "SMS", content: "One" });
  await updateScript(ctx, id, { content: "Two" });
  await updateScript(ctx, id, { content: "Two", name: "Renamed" });
  await setDefaultScript(ctx, id);
  await updateScript(ctx, id, { content: "Three" });
  const reply = await world.request("GET", `/scripts/${id}/versions`);
  expect(versions.parse(reply.body).data).toMatchObject([
    { number: 3, by: { name: "Olive Owner" } },
    { number: 2 },
    { number: 1 },
  ]);
  const [latest] = await listVersions(ctx, id, { limit: 1 });
  expect((await findScript(ctx, id))?.versionId).toBe(latest?.id);
  const copy = await duplicateScript(ctx, id);
  expect(await listVersions(ctx, copy, { limit: 10 })).toMatchObject([{ number: 1 }]);
});

test("twenty who change a script at once make twenty versions, numbered without a gap", async () => {
  const { ctx } = await sendingWorld();
  const id = await createScript(ctx, { name: "Text", type: "SMS", content: "One" });
  await Promise.all(Array.from({ length: 20 }, (_, place) => updateScript(ctx, id, { content: `Text ${place}` })));
  const rows = await listVersions(ctx, id, { limit: 50 });
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 21 }, (_, place) => 21 - place));
});

test("two versions are compared word by word, part by part", async () => {
  const world = await sendingWorld();
  const id = await createScript(world.ctx, {
    name: "Mail",
    type: "EMAIL",
    subject: "Hi there",
    content: "See you soon",
  });
  await updateScript(world.ctx, id, { content: "See you on Monday" });
  const { body } = await world.request("GET", `/scripts/${id}/compare?from=1&to=2`);
  expect(body).toMatchObject({
    from: { number: 1 },
    to: { number: 2 },
    changes: [
      {
        part: "content",
        diff: [
          { kind: "same", text: "See you " },
          { kind: "removed", text: "soon" },
          { kind: "added", text: "on Monday" },
        ],
      },
    ],
  });
  const missing = await world.request("GET", `/scripts/${id}/compare?from=1&to=9`);
  expect(missing).toMatchObject({ status: 404, body: { code: "script-version-not-found" } });
});

test("an earlier version is put back as a new one, and not where an active sequence could not send it", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const sequenceId = await activeSequence(ctx, [{}]);
  const { scriptId } = await ctx.db
    .selectFrom("sequenceSteps")
    .select("scriptId")
    .where("sequenceId", "=", sequenceId)
    .executeTakeFirstOrThrow();
  const id = scriptId ?? "";
  await updateScript(ctx, id, { content: "Other words" });
  const reply = await world.request("POST", `/scripts/${id}/versions/1/restore`);
  expect(reply.body).toMatchObject({ content: "Hi {{ firstName }}" });
  expect((await listVersions(ctx, id, { limit: 1 }))[0]).toMatchObject({ number: 3, restoredFrom: 1 });
  await restoreVersion(ctx, id, 3);
  expect((await listVersions(ctx, id, { limit: 1 }))[0]).toMatchObject({ number: 3 });

  await pauseSequence(ctx, sequenceId);
  await updateScript(ctx, id, { content: "Hi {{ nobody }}" });
  await updateScript(ctx, id, { content: "Hello" });
  await world.request("POST", `/sequences/${sequenceId}/resume`);
  await expect(restoreVersion(ctx, id, 4)).rejects.toMatchObject({ definition: { code: "script-breaks-sequence" } });
});

test("a sent touch points at the exact version of what was sent, and its explanation names it, also after the script has changed and gone", async () => {
  const world = await sendingWorld();
  const { ctx } = world;
  const sequenceId = await activeSequence(ctx, [{}, { delayValue: 24, delayUnit: "HOURS" }]);
  const lead = await world.make.lead({ country: "DE" });
  const [outcome] = await enrollLeads(ctx, { sequenceId, leadIds: [lead.id], by: "person" });
  await world.advance(1);
  const { scriptId } = await ctx.db
    .selectFrom("messages")
    .select("scriptId")
    .where("leadId", "=", lead.id)
    .executeTakeFirstOrThrow();
  await updateScript(ctx, scriptId ?? "", { content: "Second words" });
  await world.advance({ to: new Date(ctx.now().getTime() + 25 * HOUR) });

  const sent = await ctx.db
    .selectFrom("messages as m")
    .innerJoin("scriptVersions as v", "v.id", "m.scriptVersionId")
    .innerJoin("contactAttempts as a", "a.id", "m.contactAttemptId")
    .select(["m.text", "v.number", "v.content", "v.id", "a.scriptVersionId"])
    .where("m.leadId", "=", lead.id)
    .orderBy("m.createdAt")
    .execute();
  expect(sent).toMatchObject([{ number: 1 }, { number: 2, text: "Second words", content: "Second words" }]);
  expect(sent.map(({ scriptVersionId }) => scriptVersionId)).toEqual(sent.map(({ id }) => id));
  const explained = await world.request("GET", `/enrollments/${outcome?.enrollmentId}/explain`);
  expect(explained.body).toMatchObject({
    steps: [{ message: { scriptVersion: 1 } }, { message: { scriptVersion: 2, scriptVersionId: sent[1]?.id } }],
  });

  await world.request("POST", `/sequences/${sequenceId}/archive`);
  await deleteScript(ctx, scriptId ?? "");
  const kept = await world.request("GET", `/script-versions/${sent[0]?.id}`);
  expect(kept).toMatchObject({
    status: 200,
    body: { number: 1, scriptId: null, name: "Text", content: "Hi {{ firstName }}" },
  });
});

test("a version is not changed and not taken back, not even by the server itself", async () => {
  const { ctx } = await sendingWorld();
  const id = await createScript(ctx, { name: "Text", type: "SMS", content: "One" });
  const ofScript = { content: "Forged" };
  await expect(ctx.db.updateTable("scriptVersions").set(ofScript).where("scriptId", "=", id).execute()).rejects.toThrow(
    /permission denied/,
  );
  await expect(ctx.db.deleteFrom("scriptVersions").where("scriptId", "=", id).execute()).rejects.toThrow(
    /permission denied/,
  );
});
