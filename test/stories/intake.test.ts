import { expect, test } from "vitest";
import { suppress } from "#domains/leads/index.ts";
import { sourceSettingsSchema, type SourceSettingsInput } from "#domains/leads/intake/source-settings.ts";
import { createIntakeSource } from "#domains/leads/commands/create-intake-source.ts";
import type { IntakeKind } from "#domains/leads/sets.ts";
import { createCampaign } from "#domains/outreach/commands/create-campaign.ts";
import { type World, testWorld } from "#test/world.ts";

const NOBODY = { remoteAddress: "203.0.113.7" };

async function sourceOf(
  world: World,
  {
    kind = "form" as IntakeKind,
    name = "Contact page",
    campaignId = null as string | null,
    ...settings
  }: SourceSettingsInput & {
    kind?: IntakeKind;
    name?: string;
    campaignId?: string | null;
  } = {},
) {
  return createIntakeSource(world.ctx, { kind, name, campaignId, settings: sourceSettingsSchema.parse(settings) });
}

type Sent = Record<string, unknown>;
const sendJson = (world: World, token: string, payload: Sent, headers: Record<string, string> = {}) =>
  world.app.server.inject({
    method: "POST",
    url: `/intake/${token}`,
    headers: { "content-type": "application/json", ...headers },
    payload: JSON.stringify(payload),
    ...NOBODY,
  });
const sendForm = (world: World, url: string, payload: Record<string, string>, headers: Record<string, string> = {}) =>
  world.app.server.inject({
    method: "POST",
    url,
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "text/html,*/*;q=0.8", ...headers },
    payload: new URLSearchParams(payload).toString(),
    ...NOBODY,
  });

const leadsOf = (world: World) =>
  world.ctx.db
    .selectFrom("leads")
    .select(["id", "email", "phone", "fullName", "company", "source", "sourceLabel", "meta"])
    .orderBy("createdAt")
    .execute();
const submissionsOf = (world: World) =>
  world.ctx.db.selectFrom("leadSubmissions").select(["status", "provider", "leadId", "detail"]).orderBy("id").execute();
const consentsOf = (world: World) =>
  world.ctx.db
    .selectFrom("consentRecords")
    .select(["channel", "basis", "kind", "source", "proofText", "proofUrl", "proofIp"])
    .orderBy("channel")
    .execute();

/** Opens the hosted page and reads the stamp that it gives out. */
async function openPage(world: World, token: string) {
  const { body } = await world.app.server.inject({ method: "GET", url: `/f/${token}` });
  return /name="_t" value="([^"]+)"/.exec(body)?.[1] ?? "";
}

test("one person by JSON, by a form in another page and by the hosted page is one lead with source API and the source's name", async () => {
  const world = await testWorld();
  const form = await sourceOf(world, { tags: ["website"] });
  const program = await sourceOf(world, { kind: "api", name: "Shop" });
  expect(
    (
      await sendJson(world, program.token, { email: " Ana.Banerjee@Example.COM ", "Company name": "Kestrel", size: 3 })
    ).json(),
  ).toEqual({ accepted: true });
  const posted = await sendForm(world, `/intake/${form.token}`, {
    "Your name": "Ana Banerjee",
    email: "ana.banerjee@example.com",
    message: "Call me",
  });
  expect([posted.statusCode, posted.headers.location]).toEqual([303, `/f/${form.token}?done`]);
  const stamp = await openPage(world, form.token);
  world.clock.advance(5_000);
  const hosted = await sendForm(world, `/f/${form.token}`, {
    fullName: "Ana Banerjee",
    email: "ana.banerjee@example.com",
    phone: "(212) 555-0142",
    _t: stamp,
  });
  expect(hosted.statusCode).toBe(303);

  expect(await leadsOf(world)).toMatchObject([
    {
      email: "ana.banerjee@example.com",
      fullName: "Ana Banerjee",
      phone: "+12125550142",
      company: "Kestrel",
      source: "API",
      sourceLabel: "Shop",
      meta: { answers: { size: "3" } },
    },
  ]);
  expect((await submissionsOf(world)).map(({ status }) => status)).toEqual(["CREATED", "UPDATED", "UPDATED"]);
  const tags = await world.ctx.db.selectFrom("tags").select("name").execute();
  expect(tags).toEqual([{ name: "website" }]);
});

test("a ticked box writes a consent with the words, the page and the address it came from; without the tick none is written", async () => {
  const world = await testWorld();
  const { token } = await sourceOf(world, {
    consentText: "You may write to me.",
    consentChannels: ["EMAIL", "SMS"],
  });
  const headers = { referer: "https://shop.example/contact" };
  await sendForm(world, `/intake/${token}`, { email: "leo@example.com", name: "Leo" }, headers);
  expect(await consentsOf(world)).toEqual([]);
  await sendForm(world, `/intake/${token}`, { email: "ana@example.com", name: "Ana", consent: "on" }, headers);
  const proof = {
    basis: "CONSENT",
    kind: "GIVEN",
    source: "Form: Contact page",
    proofText: "You may write to me.",
    proofUrl: "https://shop.example/contact",
    proofIp: "203.0.113.7",
  };
  expect(await consentsOf(world)).toEqual([
    { channel: "EMAIL", ...proof },
    { channel: "SMS", ...proof },
  ]);
  // The same again is a repeat: one submission, one consent for each channel.
  await sendForm(world, `/intake/${token}`, { email: "ana@example.com", name: "Ana", consent: "on" }, headers);
  expect(await consentsOf(world)).toHaveLength(2);
  expect(await submissionsOf(world)).toHaveLength(2);
});

test("the answer is the same whether a person was known, erased or closed, and a submission opens no address that was closed", async () => {
  const world = await testWorld();
  const { token } = await sourceOf(world, { kind: "api", consentText: "Yes", consentChannels: ["EMAIL"] });
  const known = await world.make.lead({ email: "known@example.com" });
  await suppress(world.ctx, {
    kind: "EMAIL",
    value: "closed@example.com",
    reason: "UNSUBSCRIBE",
    scope: "ALL",
    evidence: "a link",
  });
  const answers = [];
  for (const email of ["known@example.com", "new@example.com", "closed@example.com"]) {
    const { statusCode, body } = await sendJson(world, token, { email, consent: true });
    answers.push({ statusCode, body });
  }
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]).toEqual({ statusCode: 202, body: '{"accepted":true}' });
  expect((await submissionsOf(world))[0]).toMatchObject({ status: "UNCHANGED", leadId: known.id });
  const open = await world.ctx.db.selectFrom("suppressions").select(["value", "liftedAt"]).execute();
  expect(open).toEqual([{ value: "closed@example.com", liftedAt: null }]);
});

test("machines are thanked like people, and what they wrote makes nobody: the trap, and a page that comes back at once", async () => {
  const world = await testWorld();
  const { token } = await sourceOf(world);
  const trapped = await sendForm(world, `/intake/${token}`, { email: "bot@example.com", contact_me_by_fax: "1" });
  expect(trapped.statusCode).toBe(303);
  const stamp = await openPage(world, token);
  const fields = { fullName: "Bot", email: "bot@example.com", _t: stamp };
  expect((await sendForm(world, `/f/${token}`, fields)).statusCode).toBe(303);
  expect(await leadsOf(world)).toEqual([]);
  expect((await submissionsOf(world)).map(({ status }) => status)).toEqual(["SPAM", "SPAM"]);
  // A stamp that nobody gave out is no reason to lose what a person typed: the page asks again.
  const forged = await sendForm(world, `/f/${token}`, { ...fields, _t: `${stamp}x` });
  expect([forged.statusCode, forged.body.includes("send it again"), forged.body.includes('value="Bot"')]).toEqual([
    422,
    true,
    true,
  ]);
});

test("the hosted page tells each fault at its field, keeps what was typed, and stores nothing", async () => {
  const world = await testWorld();
  const { token } = await sourceOf(world, {
    consentText: "I agree",
    consentChannels: ["EMAIL"],
    isConsentRequired: true,
  });
  const stamp = await openPage(world, token);
  world.clock.advance(5_000);
  const refused = await sendForm(world, `/f/${token}`, { fullName: "<b>Ana</b>", email: "not an address", _t: stamp });
  expect(refused.statusCode).toBe(422);
  // Whoever mends one field is quick: with a new stamp they would be taken for a machine.
  expect(refused.body).toContain(`name="_t" value="${stamp}"`);
  expect(refused.body).toContain("Tick the box");
  expect(refused.body).toContain("&lt;b&gt;Ana&lt;/b&gt;");
  const ticked = await sendForm(world, `/f/${token}`, {
    fullName: "Ana",
    email: "not an address",
    consent: "yes",
    _t: stamp,
  });
  expect(ticked.statusCode).toBe(422);
  expect(ticked.body).toMatch(/aria-invalid="true" aria-describedby="f1e"/);
  expect(await submissionsOf(world)).toEqual([]);
  expect(ticked.headers["content-security-policy"]).toContain("frame-ancestors *");
});

test("a program is told what is wrong as a problem document, and nothing of it is kept", async () => {
  const world = await testWorld();
  const { token } = await sourceOf(world, { kind: "api" });
  const faulty = await sendJson(world, token, { email: "not an address" });
  expect([faulty.statusCode, faulty.json()]).toMatchObject([
    422,
    { code: "invalid-request", errors: [{ pointer: "/email" }] },
  ]);
  expect((await sendJson(world, token, { size: 3 })).statusCode).toBe(422);
  expect((await sendJson(world, token, { email: "a@example.com", notes: "x".repeat(6_000) })).statusCode).toBe(422);
  expect((await sendJson(world, token, { email: "a@example.com", notes: "x".repeat(70_000) })).statusCode).toBe(413);
  const list = await world.app.server.inject({
    method: "POST",
    url: `/intake/${token}`,
    headers: { "content-type": "application/json" },
    payload: "[1]",
  });
  expect(list.statusCode).toBe(400);
  expect((await sendJson(world, "no-such-token-at-all", { email: "a@example.com" })).statusCode).toBe(404);
  expect(await submissionsOf(world)).toEqual([]);
  // Of two addresses one is enough; what is wrong with the other is told among the submissions.
  expect((await sendJson(world, token, { email: "not an address", phone: "+12125550142" })).statusCode).toBe(202);
  expect(await leadsOf(world)).toMatchObject([{ email: null, phone: "+12125550142" }]);
});

test("a repeat under the same key is one submission, whatever it holds, and multipart forms are read too", async () => {
  const world = await testWorld();
  const { token } = await sourceOf(world, { kind: "api" });
  const headers = { "idempotency-key": "order-7" };
  await sendJson(world, token, { email: "ana@example.com" }, headers);
  await sendJson(world, token, { email: "ana@example.com", company: "Kestrel" }, headers);
  expect(await submissionsOf(world)).toHaveLength(1);
  const part = (name: string, value: string, extra = "") =>
    `--b\r\ncontent-disposition: form-data; name="${name}"${extra}\r\n\r\n${value}\r\n`;
  const multipart = (body: string) =>
    world.app.server.inject({
      method: "POST",
      url: `/intake/${token}`,
      headers: { "content-type": "multipart/form-data; boundary=b" },
      payload: `${body}--b--\r\n`,
    });
  expect((await multipart(part("email", "leo@example.com") + part("first_name", "Leo"))).statusCode).toBe(202);
  expect((await multipart(part("cv", "%PDF", '; filename="cv.pdf"'))).statusCode).toBe(422);
  expect((await leadsOf(world)).map(({ email }) => email)).toEqual(["ana@example.com", "leo@example.com"]);
});

test("browsers may send from the pages that the source names and from no other; programs say no page", async () => {
  const world = await testWorld();
  const { token } = await sourceOf(world, { allowedOrigins: ["https://shop.example/contact"] });
  const preflight = (origin: string) =>
    world.app.server.inject({ method: "OPTIONS", url: `/intake/${token}`, headers: { origin } });
  const allowed = await preflight("https://shop.example");
  expect([allowed.statusCode, allowed.headers["access-control-allow-origin"]]).toEqual([204, "https://shop.example"]);
  expect((await preflight("https://evil.example")).statusCode).toBe(403);
  const from = (origin: string) => sendJson(world, token, { email: "ana@example.com" }, { origin });
  expect((await from("https://evil.example")).statusCode).toBe(403);
  expect(await leadsOf(world)).toEqual([]);
  expect((await from("https://shop.example")).statusCode).toBe(202);
  const page = await world.app.server.inject({ method: "GET", url: `/f/${token}` });
  expect(page.headers["content-security-policy"]).toContain("frame-ancestors 'self' https://shop.example");
  expect(page.headers["x-frame-options"]).toBeUndefined();
});

test("a source takes so many a minute, and one address no more than its share of a form", async () => {
  const world = await testWorld();
  const { token } = await sourceOf(world, { kind: "api", ratePerMinute: 3 });
  const form = await sourceOf(world, { name: "Form" });
  const codes = [];
  for (let place = 0; place < 4; place++)
    codes.push((await sendJson(world, token, { email: `a${place}@example.com` })).statusCode);
  expect(codes).toEqual([202, 202, 202, 429]);
  for (let place = 0; place < 20; place++) await sendJson(world, form.token, { email: "b@example.com" });
  const over = await sendJson(world, form.token, { email: "b@example.com" });
  expect([over.statusCode, Number(over.headers["retry-after"])]).toEqual([429, 3]);
});

test("a source that is switched off, renewed or deleted takes nothing at its old address, and its leads stay", async () => {
  const world = await testWorld();
  const { id, token } = await sourceOf(world);
  const made = await world.request("GET", `/intake-sources/${id}`, { as: "VIEWER" });
  expect(made.body).toMatchObject({ submitUrl: expect.stringMatching(new RegExp(`/intake/${token}$`)), submitted: 0 });
  const program = await sourceOf(world, { kind: "api", name: "Shop" });
  for (const as of ["VIEWER", "MEMBER"] as const)
    expect((await world.request("GET", `/intake-sources/${program.id}`, { as })).text).not.toContain(program.token);
  expect((await world.request("GET", `/intake-sources/${program.id}`)).text).toContain(program.token);
  await sendJson(world, token, { email: "ana@example.com", name: "Ana" });
  expect((await world.request("GET", `/intake-sources/${id}`)).body).toMatchObject({ submitted: 1, created: 1 });
  expect(
    (await world.request("PATCH", `/intake-sources/${id}`, { body: { isActive: false }, as: "MEMBER" })).status,
  ).toBe(403);
  await world.request("PATCH", `/intake-sources/${id}`, { body: { isActive: false } });
  expect((await sendJson(world, token, { email: "b@example.com" })).statusCode).toBe(404);
  await world.request("PATCH", `/intake-sources/${id}`, { body: { isActive: true } });
  await world.request("POST", `/intake-sources/${id}/renew-token`, { body: {} });
  expect((await sendJson(world, token, { email: "b@example.com" })).statusCode).toBe(404);
  expect((await world.request("DELETE", `/intake-sources/${id}`)).status).toBe(204);
  expect(await leadsOf(world)).toHaveLength(1);
  expect(await submissionsOf(world)).toMatchObject([{ status: "CREATED" }]);
});

test("whoever fills in a form is put into the campaign that its source names", async () => {
  const world = await testWorld();
  const campaignId = await createCampaign(world.ctx, { name: "Spring", channels: ["EMAIL"] });
  const { token } = await sourceOf(world, { campaignId });
  await sendJson(world, token, { email: "ana@example.com", name: "Ana" });
  await world.drain();
  const [lead] = await leadsOf(world);
  const members = await world.ctx.db.selectFrom("campaignLeads").select(["campaignId", "leadId"]).execute();
  expect(members).toEqual([{ campaignId, leadId: lead?.id }]);
});

test("the sandbox's form of an advertisement comes in by the signed webhook, and what it plays as failing can be tried again", async () => {
  const world = await testWorld();
  const play = (body: Sent) => world.request("POST", "/sandbox/leads", { body, as: "MEMBER" });
  expect((await play({ fullName: "Ana Silva", email: "ana@example.com", answer: "Kites" })).status).toBe(204);
  expect((await play({ email: "bounce@example.com" })).status).toBe(204);
  expect((await play({})).status).toBe(422);
  await world.drain();
  expect(await leadsOf(world)).toMatchObject([
    { source: "META", sourceLabel: "Sandbox form", email: "ana@example.com" },
  ]);
  const listed = await world.request("GET", "/lead-submissions?status=FAILED");
  expect(listed.body).toMatchObject({
    data: [{ provider: "sandbox-leads", detail: expect.stringContaining("deleted") }],
  });
  const [, failed] = await world.ctx.db.selectFrom("leadSubmissions").select("id").orderBy("id").execute();
  expect((await world.request("POST", `/lead-submissions/${failed?.id}/retry`, { body: {} })).status).toBe(204);
  await world.drain();
  expect((await submissionsOf(world)).map(({ status }) => status)).toEqual(["CREATED", "FAILED"]);
});

test("what was taken for a machine's and is a person's becomes a lead as if it had come in well, once, however often and from however many tabs that is said", async () => {
  const world = await testWorld();
  const campaignId = await createCampaign(world.ctx, { name: "Spring", channels: ["EMAIL"] });
  const { id: sourceId, token } = await sourceOf(world, {
    campaignId,
    consentText: "Write to me",
    consentChannels: ["EMAIL"],
  });
  const stamp = await openPage(world, token);
  const fields = { fullName: "Ana Silva", email: "ana@example.com", consent: "on", _t: stamp };
  expect((await sendForm(world, `/f/${token}`, fields)).statusCode).toBe(303);
  await world.drain();
  expect(await leadsOf(world)).toEqual([]);
  const { id } = await world.ctx.db.selectFrom("leadSubmissions").select("id").executeTakeFirstOrThrow();
  const clear = (as?: "VIEWER") =>
    world.request("POST", `/lead-submissions/${id}/not-spam`, { body: {}, ...(as && { as }) });
  expect((await clear("VIEWER")).status).toBe(403);
  const said = await Promise.all([clear(), clear(), clear()]);
  expect(said.map(({ status }) => status)).toEqual([204, 204, 204]);
  await world.drain();
  expect((await clear()).status).toBe(204);
  await world.drain();

  const [lead, ...others] = await leadsOf(world);
  expect(others).toEqual([]);
  expect(lead).toMatchObject({ email: "ana@example.com", source: "API", sourceLabel: "Contact page" });
  expect(await submissionsOf(world)).toEqual([{ status: "CREATED", provider: "form", leadId: lead?.id, detail: null }]);
  expect(await consentsOf(world)).toMatchObject([{ channel: "EMAIL", kind: "GIVEN", proofText: "Write to me" }]);
  expect(await world.ctx.db.selectFrom("campaignLeads").select("leadId").execute()).toEqual([{ leadId: lead?.id }]);
  const counted = await world.request("GET", `/intake-sources/${sourceId}`);
  expect(counted.body).toMatchObject({ submitted: 1, created: 1 });
  const types = (await world.ctx.db.selectFrom("events").select("type").where("type", "like", "leads.%").execute()).map(
    ({ type }) => type,
  );
  const times = (name: string) => types.filter((type) => type === name).length;
  expect([times("leads.submission-cleared"), times("leads.submission-taken"), times("leads.lead-created")]).toEqual([
    1, 1, 1,
  ]);
});

test("a machine's submission whose words were erased cannot be taken in, and one that is not there is not found", async () => {
  const world = await testWorld();
  const { token } = await sourceOf(world);
  await sendForm(world, `/intake/${token}`, { email: "ana@example.com", contact_me_by_fax: "1" });
  const { id } = await world.ctx.db.selectFrom("leadSubmissions").select("id").executeTakeFirstOrThrow();
  const lead = await world.make.lead({ email: "ana@example.com" });
  expect(
    (await world.request("POST", `/leads/${lead.id}/erase`, { body: { reason: "asked", confirm: "ana@example.com" } }))
      .status,
  ).toBeLessThan(300);
  await world.drain();
  expect((await world.request("POST", `/lead-submissions/${id}/not-spam`, { body: {} })).status).toBe(409);
  expect((await world.request("POST", "/lead-submissions/sbm_none/not-spam", { body: {} })).status).toBe(404);
  expect(await submissionsOf(world)).toMatchObject([{ status: "SPAM", leadId: null }]);
});
