import { expect, test } from "vitest";
import { eraseLead } from "#domains/leads/commands/erase-lead.ts";
import { z } from "zod";
import { problemSchema } from "#platform/problems.ts";
import { testWorld } from "#test/world.ts";

const versioned = z.looseObject({ updatedAt: z.string() });

test("an erased lead takes no tag: who puts one on it is told why, and nothing of it is written", async () => {
  const world = await testWorld();
  const email = "quorra@erasable.example";
  const { id: leadId } = await world.make.lead({ firstName: "Quorra", email, tags: ["warm"] });
  await eraseLead(world.ctx, { leadId, reason: "They asked", confirm: email }, world.runtime.config.dataDir);

  const reply = await world.request("POST", `/leads/${leadId}/tags`, { body: { names: ["Call Quorra"] } });
  expect(reply, reply.text).toMatchObject({ status: 409, body: { code: "lead-erased" } });
  expect(await world.ctx.db.selectFrom("leadTags").selectAll().execute()).toEqual([]);
  const [tag] = await world.ctx.db.selectFrom("tags").select("id").execute();
  expect(await world.request("DELETE", `/leads/${leadId}/tags/${tag?.id}`)).toMatchObject({ status: 200 });
});

test("whoever repeats an erasure by its key is given the certificate again", async () => {
  const world = await testWorld();
  const email = "quorra@erasable.example";
  const { id: leadId } = await world.make.lead({ firstName: "Quorra", email });
  const again = () =>
    world.request("POST", `/leads/${leadId}/erase`, {
      body: { reason: "They asked", confirm: email },
      headers: { "idempotency-key": "erase-once" },
    });
  const first = await again();
  expect(first, first.text).toMatchObject({ status: 200 });
  expect(await again()).toMatchObject({ status: 200, body: first.body });
});

test("who saves over a merge is told that it was the merge, and whose", async () => {
  const world = await testWorld();
  const { id: leadId } = await world.make.lead({ firstName: "Ana", email: "ana@here.example" });
  const other = await world.make.lead({ firstName: "Ana", email: "ana@there.example" });
  await world.request("PATCH", `/leads/${leadId}`, { body: { company: "One" } });
  world.clock.advance(3_600_000);
  const { updatedAt: expectedUpdatedAt } = versioned.parse((await world.request("GET", `/leads/${leadId}`)).body);
  const merged = await world.request("POST", `/leads/${leadId}/merge`, {
    body: { otherLeadId: other.id },
    as: "ADMIN",
  });
  expect(merged, merged.text).toMatchObject({ status: 200 });
  const reply = await world.request("PATCH", `/leads/${leadId}`, { body: { company: "Two", expectedUpdatedAt } });
  expect(reply, reply.text).toMatchObject({ status: 409, body: { code: "changed-elsewhere" } });
  expect(problemSchema.parse(reply.body).changed_at).toBe(world.clock.now().toISOString());
});
