import { expect, test } from "vitest";
import { z } from "zod";
import { readyWorld, sequenceOf } from "#test/sequences.ts";
import type { Method, Reply } from "#test/world.ts";

const AT_ONCE = { channel: "SMS", value: 0, unit: "HOURS" } as const;
const idOf = ({ body }: Reply) => z.object({ id: z.string() }).parse(body).id;

test("an id of another workspace inside a body finds nothing there, and changes nothing", async () => {
  const other = await readyWorld();
  const own = await readyWorld();
  const lead = (await other.make.lead()).id;
  const mine = (await own.make.lead()).id;
  const campaignId = idOf(await other.request("POST", "/campaigns", { body: { name: "Theirs" } }));
  const scriptId = idOf(
    await other.request("POST", "/scripts", { body: { name: "Theirs", type: "SMS", content: "Hi" } }),
  );
  const tag = idOf(await other.request("POST", "/tags", { body: { name: "Theirs" } }));
  await other.request("POST", `/leads/${lead}/tags`, { body: { names: ["Theirs"] } });
  const campaign = idOf(await own.request("POST", "/campaigns", { body: { name: "Mine" } }));
  const script = idOf(await own.request("POST", "/scripts", { body: { name: "Mine", type: "SMS", content: "Hi" } }));
  const draft = idOf(await own.request("POST", "/sequences", { body: { name: "Mine", triggerType: "manual" } }));
  const active = await sequenceOf(own, [AT_ONCE]);

  const step = { channel: "SMS", scriptId, delayValue: 0, delayUnit: "HOURS" };
  const refused: [method: Method, path: string, body: unknown, status: number][] = [
    ["POST", "/scripts", { name: "X", type: "SMS", content: "x", campaignId }, 404],
    ["PATCH", `/scripts/${script}`, { campaignId }, 404],
    ["PUT", `/sequences/${draft}/steps`, { steps: [step] }, 422],
    ["POST", `/sequences/${active}/enrollments`, { leadIds: [mine], campaignId }, 404],
    ["POST", `/sequences/${active}/bulk-enrollments`, { filter: {}, campaignId }, 404],
    ["POST", `/leads/${mine}/merge`, { otherLeadId: lead }, 404],
    ["POST", "/scripts/preview", { type: "SMS", content: "{{ firstName }}", leadId: lead }, 404],
    ["POST", `/scripts/${script}/preview`, { leadId: lead }, 404],
    ["POST", `/scripts/${script}/test-send`, { to: "+12125550123", leadId: lead }, 404],
  ];
  for (const [method, path, body, status] of refused)
    expect([path, (await own.request(method, path, { body })).status]).toEqual([path, status]);

  // Lists of leads and filters find nobody of elsewhere.
  const assigned = await own.request("POST", `/campaigns/${campaign}/leads`, { body: { leadIds: [lead] } });
  expect(assigned.body).toEqual({ assigned: 0, leadIds: [], isFull: false, refusals: [] });
  const enrolled = await own.request("POST", `/sequences/${active}/enrollments`, { body: { leadIds: [lead] } });
  expect(enrolled.body).toMatchObject({ results: [{ kind: "refused", code: "lead_not_found" }] });
  for (const body of [{ leadIds: [lead] }, { filter: { tagsAny: [tag] } }]) {
    const bulk = await own.request("POST", `/sequences/${active}/bulk-enrollments`, { body });
    expect(bulk.body).toMatchObject({ total: 0 });
  }
  await own.drain();
  for (const table of ["campaignLeads", "sequenceEnrollments", "messages", "leadTags"] as const)
    expect(await own.ctx.db.selectFrom(table).select("leadId").where("leadId", "=", lead).execute()).toEqual([]);
});
