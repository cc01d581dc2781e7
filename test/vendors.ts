import { generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";
import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import { onTestFinished, vi } from "vitest";
import { connectIntegration } from "#platform/integrations/commands/connect.ts";
import { portOf } from "#providers/test-stub.ts";
import type { World } from "./world.ts";

/** What a vendor was given: our id of the message, the receiver, and the body as it came. */
export type Taken = { messageId: string; to: string; body: string };

/** `hang`: never answers. `hang-up`: takes the request and closes the connection. */
export type Answer = { status: number; headers?: Record<string, string>; body?: string } | "hang" | "hang-up";
type Answering = (taken: Taken, index: number) => Answer | Promise<Answer>;

/** What of a world a vendor has to do with. */
export type Place = Pick<World, "app" | "runtime" | "ctx" | "workspace" | "clock">;

export type Posted = { url: string; headers: Record<string, string>; payload: string };
export type Vendor = Awaited<ReturnType<typeof startVendor>>;

/** A vendor on the loopback interface that keeps what it takes, answers as it is told, and can be waited for. */
async function startVendor(read: (body: string) => Omit<Taken, "body">, accept: Answering) {
  const taken: Taken[] = [];
  const questions: string[] = [];
  let answering = accept;
  let telling: (path: string) => Answer = () => ({ status: 404, body: "{}" });
  let index = 0;
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (body += chunk));
    request.on("end", async () => {
      // What it is asked is no message.
      if (request.method === "GET") {
        questions.push(request.url ?? "");
        const told = telling(request.url ?? "");
        if (told === "hang" || told === "hang-up") return request.socket.destroy();
        response.writeHead(told.status, { "content-type": "application/json", ...told.headers });
        return response.end(told.body ?? "");
      }
      const one = { ...read(body), body };
      taken.push(one);
      const answer = await answering(one, index++);
      if (answer === "hang-up") request.socket.destroy();
      else if (answer !== "hang") {
        response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
        response.end(answer.body ?? "");
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(stop);
  return {
    taken,
    /** What it was asked: paths with their queries. */
    questions,
    /** What it says from now on when it is asked; at first that there is no such page. */
    tell: (next: (path: string) => Answer) => {
      telling = next;
    },
    baseUrl: `http://127.0.0.1:${portOf(server)}`,
    accept,
    /** From now on; the index counts from 0 again. */
    answer: (next: Answering) => {
      answering = next;
      index = 0;
    },
  };
}

/** Waits for what real work brings about, and looks often. That it takes no longer than half a minute is no promise, only an end. */
export const until = (holds: () => boolean | Promise<boolean>) =>
  vi.waitUntil(holds, { timeout: 30_000, interval: 10 });

/** Posts to the workspace's webhook route what a vendor made. */
export const post = async (world: Place, { url, headers, payload }: Posted) =>
  (
    await world.app.server.inject({
      method: "POST",
      url: new URL(url).pathname + new URL(url).search,
      headers,
      payload,
    })
  ).statusCode;

const webhookOf = (world: Place, provider: string) =>
  `${world.runtime.config.publicUrl}/webhooks/${world.workspace}/${provider}`;

export const TWILIO_TOKEN = "an auth token of twilio";
let sids = 0;

/** Connects Twilio to the workspace, with the vendor played on this machine. */
export async function connectTwilio(world: Place) {
  const vendor = await startVendor(
    (body) => {
      const form = new URLSearchParams(body);
      const callback = new URL(form.get("StatusCallback") ?? "http://none.invalid/");
      return { messageId: callback.searchParams.get("messageId") ?? "", to: form.get("To") ?? "" };
    },
    () => ({ status: 201, body: JSON.stringify({ sid: `SM${++sids}`, status: "queued", price: null }) }),
  );
  await connectIntegration(world.runtime, world.ctx, {
    provider: "twilio",
    credentials: {
      accountSid: `AC${"0".repeat(32)}`,
      authToken: TWILIO_TOKEN,
      fromNumber: "+12125550100",
      baseUrl: vendor.baseUrl,
    },
  });
  return vendor;
}

/** A text that was delivered, as Twilio lists it: of the number that `connectTwilio` connects. */
export const twilioListed = (text: { to: string; body: string }) => ({
  sid: "SM-found",
  from: "+12125550100",
  direction: "outbound-api",
  status: "delivered",
  date_created: "Mon, 02 Mar 2026 12:00:01 +0000",
  error_code: null,
  ...text,
});

/** What Twilio answers to the question what it has: a page of texts, and no other behind it. */
export const twilioListing = (messages: readonly Record<string, unknown>[]) => (): Answer => ({
  status: 200,
  body: JSON.stringify({ next_page_uri: null, messages }),
});

/** A request as Twilio signs it. */
export function twilioPost(
  world: Place,
  parameters: Record<string, string>,
  { messageId, token = TWILIO_TOKEN }: { messageId?: string; token?: string } = {},
): Posted {
  const url = `${webhookOf(world, "twilio")}${messageId ? `?messageId=${messageId}` : ""}`;
  const signature = getExpectedTwilioSignature(token, url, parameters);
  return {
    url,
    headers: { "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature },
    payload: new URLSearchParams(parameters).toString(),
  };
}

/** A text from a person, as Twilio passes it on. */
export const twilioText = (world: Place, text: { sid: string; from: string; body: string }, token?: string) =>
  twilioPost(
    world,
    { MessageSid: text.sid, SmsStatus: "received", From: text.from, To: "+12125550100", Body: text.body },
    { token },
  );

/** What became of a message, as Twilio reports it. */
export const twilioStatus = (world: Place, about: { sid: string; messageId: string; status: string }, token?: string) =>
  twilioPost(world, { MessageSid: about.sid, MessageStatus: about.status }, { messageId: about.messageId, token });

export function keyPair() {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  return { privateKey, publicKey: publicKey.export({ type: "spki", format: "der" }).toString("base64") };
}
const sendgridKey = keyPair();
export const INBOUND_TOKEN = "a token of inbound parse";

/** Connects SendGrid to the workspace, with the vendor played on this machine. */
export async function connectSendgrid(world: Place) {
  let ids = 0;
  const vendor = await startVendor(
    (body) => {
      const mail: { personalizations: { to: { email: string }[]; custom_args: { messageId: string } }[] } =
        JSON.parse(body);
      const [one] = mail.personalizations;
      return { messageId: one?.custom_args.messageId ?? "", to: one?.to[0]?.email ?? "" };
    },
    () => ({ status: 202, headers: { "x-message-id": `SG${++ids}` } }),
  );
  await connectIntegration(world.runtime, world.ctx, {
    provider: "sendgrid",
    credentials: {
      apiKey: "SG.a key",
      fromEmail: "hello@maple.example",
      eventPublicKey: sendgridKey.publicKey,
      inboundToken: INBOUND_TOKEN,
      baseUrl: vendor.baseUrl,
    },
  });
  return vendor;
}

/** Delivery events as SendGrid signs them, at the world's time. */
export function sendgridPost(world: Place, body: unknown, { privateKey } = sendgridKey): Posted {
  const payload = JSON.stringify(body);
  const timestamp = String(Math.floor(world.clock.now().getTime() / 1_000));
  return {
    url: webhookOf(world, "sendgrid"),
    headers: {
      "content-type": "application/json",
      "x-twilio-email-event-webhook-signature": sign("sha256", Buffer.from(timestamp + payload), privateKey).toString(
        "base64",
      ),
      "x-twilio-email-event-webhook-timestamp": timestamp,
    },
    payload,
  };
}

/** A mail from a person, as Inbound Parse posts it. */
export function sendgridMail(
  world: Place,
  mail: { from: string; subject: string; text: string },
  token: string,
): Posted {
  const fields = {
    headers: `From: ${mail.from}\nTo: hello@maple.example\nSubject: ${mail.subject}\n`,
    envelope: JSON.stringify({ to: ["hello@maple.example"], from: mail.from }),
    from: mail.from,
    to: "hello@maple.example",
    subject: mail.subject,
    text: mail.text,
    charsets: "{}",
  };
  const parts = Object.entries(fields).map(
    ([name, value]) => `--xYzZY\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return {
    url: `${webhookOf(world, "sendgrid")}?token=${encodeURIComponent(token)}`,
    headers: { "content-type": "multipart/form-data; boundary=xYzZY" },
    payload: `${parts.join("")}--xYzZY--\r\n`,
  };
}

export const VAPI_SECRET = "a webhook secret of vapi";

/** Connects Vapi to the workspace, with the vendor played on this machine. */
export async function connectVapi(world: Place) {
  let ids = 0;
  const vendor = await startVendor(
    (body) => {
      const call: { customer: { number: string }; assistant: { metadata: { messageId: string } } } = JSON.parse(body);
      return { messageId: call.assistant.metadata.messageId, to: call.customer.number };
    },
    () => ({ status: 201, body: JSON.stringify({ id: `call-${++ids}`, status: "queued" }) }),
  );
  await connectIntegration(world.runtime, world.ctx, {
    provider: "vapi",
    credentials: {
      apiKey: "a key",
      phoneNumberId: "number-1",
      webhookSecret: VAPI_SECRET,
      baseUrl: vendor.baseUrl,
    },
  });
  return vendor;
}

/** A server message as Vapi posts it, with its shared secret. */
export const vapiPost = (world: Place, message: Record<string, unknown>, secret = VAPI_SECRET): Posted => ({
  url: webhookOf(world, "vapi"),
  headers: { "content-type": "application/json", "x-vapi-secret": secret },
  payload: JSON.stringify({ message }),
});
