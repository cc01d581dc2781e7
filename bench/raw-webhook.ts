/**
 * The least that taking a vendor's webhook in takes: node:http, the signature by node:crypto, one insert by `pg`. No limits, no routes, no facts
 * read, no job. `node bench/raw-webhook.ts <Twilio's token> <SendGrid's key>`, for bench/webhook.ts.
 */
import { createHmac, createPublicKey, timingSafeEqual, verify } from "node:crypto";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import { systemClock } from "#platform/clock.ts";
import { readConfig } from "#platform/config.ts";
import { newId } from "#platform/ids.ts";
import { benchPool, undoneAtEnd } from "./setup.ts";

const [, , token = "", publicKey = ""] = process.argv;
const config = readConfig();
const pool = benchPool(config.databaseUrl ?? "", config.databasePool);
const key = createPublicKey({ key: Buffer.from(publicKey, "base64"), format: "der", type: "spki" });

const STORE = `
  insert into inbound_events (id, workspace_id, provider, external_id, fact, received_at)
  select r.id, $1, $2, r.external_id, r.fact, $3 from json_to_recordset($4::json) as r(id text, external_id text, fact jsonb)
  on conflict (workspace_id, provider, external_id) do nothing`;

type Told = { externalId: string; fact: unknown };

/** https://www.twilio.com/docs/usage/webhooks/webhooks-security */
function readTwilio({ url = "", headers }: IncomingMessage, body: Buffer): Told[] | null {
  const form = new URLSearchParams(body.toString("utf8"));
  const fields = [...form].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([name, value]) => name + value);
  const wanted = createHmac("sha1", token)
    .update(`${config.publicUrl}${url}${fields.join("")}`)
    .digest();
  const given = Buffer.from(String(headers["x-twilio-signature"]), "base64");
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
  return [{ externalId: `${form.get("MessageSid")}:${form.get("MessageStatus")}`, fact: Object.fromEntries(form) }];
}

/** https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features */
function readSendgrid({ headers }: IncomingMessage, body: Buffer): Told[] | null {
  const signed = Buffer.concat([Buffer.from(String(headers["x-twilio-email-event-webhook-timestamp"])), body]);
  const signature = Buffer.from(String(headers["x-twilio-email-event-webhook-signature"]), "base64");
  if (!verify("sha256", signed, key, signature)) return null;
  const events: { sg_event_id: string }[] = JSON.parse(body.toString("utf8"));
  return events.map((event) => ({ externalId: event.sg_event_id, fact: event }));
}

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const [, , workspace = "", provider = ""] = (request.url ?? "").split(/[/?]/);
  const told = (provider === "twilio" ? readTwilio : readSendgrid)(request, Buffer.concat(chunks));
  if (told) {
    const rows = told.map(({ externalId, fact }) => ({ id: newId("inb"), external_id: externalId, fact }));
    await pool.query(STORE, [workspace, provider, systemClock.now(), JSON.stringify(rows)]);
  }
  response.writeHead(told ? 200 : 401).end();
}

const server = createServer((request, response) => {
  if (request.method === "GET") response.end();
  else void take(request, response);
});
server.listen(config.port, config.host);
undoneAtEnd(async () => {
  server.close();
  await pool.end();
});
