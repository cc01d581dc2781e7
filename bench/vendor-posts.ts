/** What Twilio and SendGrid post, with true signatures, about a workspace that has messages under way. */
import { type KeyObject, createHmac, generateKeyPairSync, sign } from "node:crypto";
import type { Client } from "pg";
import { seedLeads } from "#domains/leads/test-volume.ts";
import type { Post } from "./open-loop.ts";

export const NUMBER = "+12125550100";
const EVENTS_IN_BATCH = 10;

/** An SMS and an e-mail to each lead, as they stand once their vendors have taken them. */
const MESSAGES = `
  with due as (
    select l.id, 'SMS' as channel, 'twilio' as provider, 'SM' || substr(l.id, 6) as ref, l.phone as "to", 'a' as letter from leads l where l.phone is not null
    union all select l.id, 'EMAIL', 'sendgrid', substr(l.id, 6), l.email, 'b' from leads l
  ), attempts as (
    insert into contact_attempts (id, workspace_id, lead_id, channel, provider, provider_ref, status, is_touch, started_at, handed_at)
    select 'att_' || letter || substr(id, 6), $1, id, channel, provider, ref, 'IN_PROGRESS', true, $2, $2 from due
  )
  insert into messages (id, workspace_id, lead_id, direction, channel, status, purpose, "from", "to", subject, text, provider, provider_ref,
    contact_attempt_id, tries, handed_at, created_at, sent_at)
  select 'msg_' || letter || substr(id, 7), $1, id, 'outbound', channel, 'sent', 'sequence', '${NUMBER}', "to", 'Hello', 'Hello, it is us.', provider, ref,
    'att_' || letter || substr(id, 6), 1, $2, $2, $2 from due`;

/** Leads with messages that wait for their receipts, made directly in the tables. */
export async function seedMessages(client: Client, workspace: string, leads: number, at: Date): Promise<void> {
  await seedLeads(client, { workspace, leads });
  await client.query(MESSAGES, [workspace, at]);
  await client.query("vacuum analyze messages, contact_attempts");
  // As where work has gone on for a while: files of the log are used again. A new one, 16 MB of zeros, holds up all commits for tens of milliseconds.
  await client.query("checkpoint");
}

export type VendorKeys = { token: string; publicKey: string; privateKey: KeyObject };

export function makeVendorKeys(): VendorKeys {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  return {
    token: "0123456789abcdef0123456789abcdef",
    publicKey: publicKey.export({ format: "der", type: "spki" }).toString("base64"),
    privateKey,
  };
}

type Sent = { id: string; ref: string; to: string };

/** `count` posts: of ten, six are callbacks of texts, three are answers of people, one is a batch of ten events of mails. */
export async function makePosts(
  client: Client,
  options: { workspace: string; url: string; keys: VendorKeys; count: number; at: Date; run: string },
): Promise<Post[]> {
  const { workspace, count } = options;
  const sent = async (channel: string, wanted: number) => {
    const { rows } = await client.query<Sent>(
      `select id, provider_ref as ref, "to" from messages
       where workspace_id = $1 and channel = $2 and direction = 'outbound' order by md5($4 || id) limit $3`,
      [workspace, channel, wanted, options.run],
    );
    return rows;
  };
  const texts = await sent("SMS", Math.ceil(count * 0.3) + 1);
  const mails = await sent("EMAIL", Math.ceil(count / 2) + 1);
  const of = (list: readonly Sent[], place: number): Sent => {
    const found = list[Math.floor(place) % list.length];
    if (!found) throw new Error("No message stands for the vendor to speak about.");
    return found;
  };
  let callbacks = 0;
  let answers = 0;
  let batches = 0;
  return Array.from({ length: count }, (_, place) => {
    const kind = place % 10;
    if (kind === 9) return batch(options, (event) => of(mails, (batches * EVENTS_IN_BATCH + event) / 2), batches++);
    if (kind % 3 === 2) return answer(options, of(texts, answers), answers++);
    const status = callbacks % 2 === 0 ? "sent" : "delivered";
    return callback(options, of(texts, callbacks++ / 2), status);
  });
}

type Signing = { workspace: string; url: string; keys: VendorKeys; at: Date; run: string };

/** https://www.twilio.com/docs/usage/webhooks/webhooks-security */
function twilioPost({ url, keys, workspace }: Signing, query: string, form: Record<string, string>): Post {
  const path = `/webhooks/${workspace}/twilio${query}`;
  const names = Object.keys(form).toSorted();
  const signature = createHmac("sha1", keys.token)
    .update(`${url}${path}${names.map((name) => `${name}${form[name]}`).join("")}`)
    .digest("base64");
  const headers = { "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature };
  return { path, headers, body: new URLSearchParams(form).toString() };
}

const ACCOUNT = { AccountSid: `AC${"0".repeat(32)}`, ApiVersion: "2010-04-01" };

function callback(signing: Signing, { id, ref, to }: Sent, status: string): Post {
  const form = {
    ...ACCOUNT,
    MessageSid: ref,
    SmsSid: ref,
    MessageStatus: status,
    SmsStatus: status,
    To: to,
    From: NUMBER,
  };
  return twilioPost(signing, `?messageId=${id}`, form);
}

function answer(signing: Signing, { to }: Sent, place: number): Post {
  const sid = `SM${signing.run}${place}`;
  const about = { MessageSid: sid, SmsSid: sid, SmsStatus: "received", NumMedia: "0", NumSegments: "1" };
  return twilioPost(signing, "", { ...ACCOUNT, ...about, From: to, To: NUMBER, Body: "Yes, tell me more please" });
}

/** https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event */
function batch({ workspace, keys, at, run }: Signing, mailOf: (event: number) => Sent, place: number): Post {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const events = Array.from({ length: EVENTS_IN_BATCH }, (_, event) => {
    const { id, ref, to } = mailOf(event);
    return {
      email: to,
      timestamp: Number(timestamp),
      event: event % 2 === 0 ? "processed" : "delivered",
      sg_event_id: `${run}-${place}-${event}`,
      sg_message_id: `${ref}.filter-7`,
      messageId: id,
    };
  });
  const body = JSON.stringify(events);
  return {
    path: `/webhooks/${workspace}/sendgrid`,
    headers: {
      "content-type": "application/json",
      "x-twilio-email-event-webhook-timestamp": timestamp,
      "x-twilio-email-event-webhook-signature": sign("sha256", Buffer.from(timestamp + body), keys.privateKey).toString(
        "base64",
      ),
    },
    body,
  };
}
