import { createHash } from "node:crypto";

import PostalMime, { addressParser } from "postal-mime";
import type { Email } from "postal-mime";

import { instantIn, jsonObject } from "../json.ts";
import { readDeliveryReport } from "./delivery-report.ts";
import type { InboundFact, RawRequest, StatusFact } from "../webhook.ts";
import { parseMultipart } from "./multipart.ts";

/**
 * One mail from Inbound Parse (https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/inbound-email): either
 * "raw" (the whole MIME message in `email`) or "parsed" (headers, text and html apart, each in its own charset).
 */
export async function readInboundParse(request: RawRequest): Promise<(InboundFact | StatusFact)[]> {
  const fields = parseMultipart(request.headers["content-type"] ?? "", request.body);
  if (!fields) throw new Error("SendGrid's Inbound Parse posts multipart/form-data, and this is none");
  const raw = fields.get("email");
  // Undeliverable mail comes back to where answers do.
  const report = raw ? readDeliveryReport(raw, contentHash(fields)) : null;
  if (report) return report;
  const charsets = jsonObject(fields.get("charsets")?.toString("utf8") ?? "") ?? {};
  const text = (name: string): string | null => decode(fields.get(name), charsets[name]);

  // In parsed mode the header block is complete, so one MIME parser reads both modes; the bodies come from the form.
  const mail = await PostalMime.parse(raw ?? Buffer.concat([headerBlock(fields), Buffer.from("\r\n\r\n")]));
  const html = raw ? (mail.html ?? null) : text("html");
  const plain = raw ? mail.text : (text("text") ?? undefined);
  const envelope = jsonObject(text("envelope") ?? "") ?? {};

  return [
    {
      kind: "inbound",
      externalId: contentHash(fields),
      channel: "EMAIL",
      from: mail.from?.address ?? firstAddress(text("from")) ?? "",
      // The envelope names the address that was really written to, also when it is only in Bcc.
      to: firstString(envelope["to"]) ?? mail.to?.[0]?.address ?? firstAddress(text("to")) ?? "",
      subject: (raw ? mail.subject : text("subject")) ?? null,
      text: plain?.trim() ? plain : html ? await htmlToText(html) : "",
      html,
      vendorMessageId: mail.messageId ?? null,
      inReplyTo: messageIds(mail.inReplyTo)[0] ?? null,
      references: messageIds(mail.references),
      at: instantIn(mail.date),
      automatic: isAutomatic(mail),
    },
  ];
}

/** The `headers` field of parsed mode without its content headers: they speak of a body that is not there. */
function headerBlock(fields: ReadonlyMap<string, Buffer>): Buffer {
  const unfolded = (fields.get("headers") ?? Buffer.alloc(0)).toString("latin1").replace(/\r?\n[ \t]+/g, " ");
  const kept = unfolded.split(/\r?\n/).filter((line) => line && !/^content-/i.test(line));
  return Buffer.from(kept.join("\r\n"), "latin1");
}

/**
 * Inbound Parse has no event id. A hash of what the mail is made of is the same for each retry, and cannot be forged to
 * shadow another mail as a Message-ID can.
 */
function contentHash(fields: ReadonlyMap<string, Buffer>): string {
  const hash = createHash("sha256");
  for (const name of ["envelope", "email", "headers", "from", "to", "subject", "text", "html"]) {
    const value = fields.get(name);
    hash.update(`${name}:${value?.length ?? -1}\n`);
    if (value) hash.update(value);
  }
  return `inbound:${hash.digest("hex")}`;
}

function decode(value: Buffer | undefined, charset: unknown): string | null {
  if (!value) return null;
  try {
    return new TextDecoder(typeof charset === "string" ? charset : "utf-8").decode(value);
  } catch {
    // A charset that nobody knows: the text in UTF-8 with some wrong letters is better than none.
    return value.toString("utf8");
  }
}

/** Lets the MIME parser turn HTML into text, which it does for a message that has some of both. */
async function htmlToText(html: string): Promise<string> {
  // It drops scripts, but takes a style sheet in the body for words.
  const encoded = Buffer.from(html.replace(/<(\/?)style\b/gi, "<$1script")).toString("base64");
  const { text } = await PostalMime.parse(
    `MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=part\r\n\r\n--part\r\nContent-Type: text/plain\r\n\r\n\r\n` +
      `--part\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${encoded}\r\n--part--\r\n`,
  );
  return (text ?? "").trim();
}

/** Out-of-office answers and the like: RFC 3834, and what was in use before it. */
function isAutomatic(mail: Email): boolean {
  const header = (name: string) =>
    mail.headers
      .find(({ key }) => key === name)
      ?.value.trim()
      .toLowerCase() ?? "";
  const submitted = header("auto-submitted");
  return (
    (submitted !== "" && !submitted.startsWith("no")) ||
    header("x-autoreply") !== "" ||
    header("x-autorespond") !== "" ||
    header("precedence") === "auto_reply"
  );
}

function messageIds(header: string | undefined): string[] {
  return header?.match(/<[^<>\s]+>/g) ?? [];
}

function firstAddress(header: string | null): string | null {
  return header ? (addressParser(header, { flatten: true })[0]?.address ?? null) : null;
}

function firstString(value: unknown): string | null {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" ? first : null;
}
