import { z } from "zod";
import { updateSettings } from "#domains/accounts/index.ts";
import type { World } from "#test/world.ts";
import type { Sample } from "./addresses.ts";

const withId = z.object({ id: z.string() });
const ids = z.object({ data: z.array(withId) });

export type Method = "POST" | "PUT" | "PATCH";

/** Calls the API as the owner and refuses to go on after a refusal. */
export async function call(world: World, method: Method, path: string, body: unknown = {}): Promise<unknown> {
  const { status, text, body: answer } = await world.request(method, path, { body });
  if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${text}`);
  return answer;
}

/** Calls the API and answers the id of what was made. */
export const make = async (world: World, path: string, body: unknown): Promise<string> =>
  withId.parse(await call(world, "POST", path, body)).id;

/** The ids that a list of the API gives, in its order. */
export async function idsOf(world: World, path: string): Promise<string[]> {
  const { body } = await world.request("GET", path);
  return ids.parse(body).data.map(({ id }) => id);
}

/** What must be known of a sender before anything may go out, and hours that let everything through. */
export const prepareSender = (world: World) =>
  updateSettings(world.ctx, {
    senderName: "Maple Studio",
    senderEmail: "hello@maple.example",
    postalAddress: "1 Main Street, Springfield",
  });

export const ANY_HOUR = { days: [1, 2, 3, 4, 5, 6, 7], start: "00:00", end: "24:00" };

/** A script of each channel. */
export async function makeScripts(world: World) {
  const email = await make(world, "/scripts", {
    name: "Welcome mail",
    type: "EMAIL",
    subject: "{{ firstName }}, a first idea",
    preheader: "Two minutes to read",
    content: "Hi {{ firstName }},\n\nwe have **one idea** that we would like to show you.\n\n{{ sender.name }}",
  });
  const sms = await make(world, "/scripts", {
    name: "Short text",
    type: "SMS",
    content: "Hi {{ firstName }}, did my mail reach you? Reply STOP to opt out.",
  });
  const call = await make(world, "/scripts", {
    name: "First call",
    type: "CALL",
    vapiConfig: {
      firstMessage: "Hello {{ firstName }}, is this a good moment?",
      instructions: "Be friendly and brief.",
    },
  });
  return { email, sms, call };
}

/** A sequence that runs: a mail at once, a text after 12 hours, a call after 2 days. */
export async function makeSequence(world: World, scripts: Awaited<ReturnType<typeof makeScripts>>): Promise<string> {
  const sequence = await make(world, "/sequences", {
    name: "Welcome",
    description: "A mail at once, a text half a day later, a call after two days.",
    triggerType: "manual",
    settings: { sendWindow: ANY_HOUR },
  });
  await call(world, "PUT", `/sequences/${sequence}/steps`, {
    steps: [
      { channel: "EMAIL", scriptId: scripts.email, delayValue: 0, delayUnit: "HOURS" },
      { channel: "SMS", scriptId: scripts.sms, delayValue: 12, delayUnit: "HOURS" },
      { channel: "CALL", scriptId: scripts.call, delayValue: 2, delayUnit: "DAYS" },
    ],
  });
  await call(world, "POST", `/sequences/${sequence}/activate`);
  return sequence;
}

/** Uploads a file and imports it as proposed. The work is done when the world is drained. */
export async function importFile(world: World, name: string, text: string): Promise<string> {
  const boundary = "----throughline-sample";
  const answer = await world.app.server.inject({
    method: "POST",
    url: "/api/v1/imports",
    headers: { cookie: await world.cookieOf("OWNER"), "content-type": `multipart/form-data; boundary=${boundary}` },
    payload: `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: text/csv\r\n\r\n${text}\r\n--${boundary}--\r\n`,
  });
  const { id, columns } = withId.extend({ columns: z.array(z.unknown()) }).parse(answer.json());
  await call(world, "PUT", `/imports/${id}/mapping`, { columns: columns.map((column) => keptOf.parse(column)) });
  await call(world, "POST", `/imports/${id}/start`);
  return id;
}

const keptOf = z.object({
  column: z.int(),
  header: z.string(),
  field: z.string(),
  metaKey: z.string().optional(),
  dateOrder: z.string().optional(),
});

const PEOPLE_FILE = `First name,Last name,E-mail,Phone
Ida,Sample,ida@sample.example,+12125550131
Otto,Sample,not an address,+12125550132
`;

const PEOPLE = [
  ["Ines", "Hallström", "Birch & Co"],
  ["Tobias", "Okonjo", "Riverline Fitness"],
  ["Marisol", "Vega", "Vega Studio"],
  ["Harriet", "Lindqvist", "Oakhouse Dental"],
  ["Kofi", "Mensah", "Mensah Roofing"],
  ["Yuki", "Tanabe", "Tanabe Coaching"],
  ["Priya", "Raman", "Raman Labs"],
  ["Bram", "de Wit", "De Wit Bikes"],
  ["Noor", "Haddad", "Haddad Law"],
  ["Elena", "Sorokina", "Sorokina Yoga"],
] as const;

/** A workspace in the middle of its work: something stands on every page of the product. */
export async function fillWorkspace(world: World): Promise<Sample> {
  await prepareSender(world);
  const leads: string[] = [];
  for (const [firstName, lastName, company] of PEOPLE)
    leads.push((await world.make.lead({ firstName, lastName, company })).id);
  const [lead = "", other = ""] = leads;
  await call(world, "POST", `/leads/${lead}/tags`, { names: ["Warm"] });
  await call(world, "POST", "/suppressions", { kind: "EMAIL", address: "nobody@sample.example" });
  const scripts = await makeScripts(world);
  const sequence = await makeSequence(world, scripts);
  await call(world, "POST", `/sequences/${sequence}/enrollments`, { leadIds: leads.slice(0, 8) });
  const simulation = await make(world, `/sequences/${sequence}/simulate`, { filter: {}, days: 7, seed: 7 });
  const draft = await make(world, "/sequences", { name: "Win back", triggerType: "manual" });
  const campaign = await make(world, "/campaigns", { name: "Spring intake", description: "Gyms in the north" });
  await call(world, "POST", `/campaigns/${campaign}/leads`, { leadIds: [lead, other] });
  const importId = await importFile(world, "people.csv", PEOPLE_FILE);
  const waiting = await importFile(world, "people-again.csv", PEOPLE_FILE);
  await call(world, "POST", "/invitations", { email: "newcomer@sample.example", role: "MEMBER" });
  await call(world, "POST", "/api-keys", { name: "Reporting", scopes: ["leads:read"] });
  await world.advance(60 * 13);
  const [text = ""] = await idsOf(world, "/sandbox/deliveries?channel=SMS");
  await call(world, "POST", `/sandbox/deliveries/${text}/reply`, { text: "Sounds good, call me" });
  await world.drain();
  const sender = await make(world, "/senders", {
    channel: "EMAIL",
    address: "ada@maple.example",
    displayName: "Ada Maple",
  });
  await make(world, "/senders", { channel: "SMS", address: "+1 212 555 0177", hasRamp: false });
  await world.drain();
  const [enrollment = ""] = await idsOf(world, `/leads/${lead}/enrollments`);
  return { lead, enrollment, scripts, sequence, draft, simulation, campaign, importId, waiting, sender };
}
