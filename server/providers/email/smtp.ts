import { createTransport } from "nodemailer";
import type { SMTPPoolSentMessageInfo, SendMailOptions } from "nodemailer";
import type { Readable } from "node:stream";
import { z } from "zod";

import type { ProviderOptions } from "../options.ts";
import { clip } from "../outcome.ts";
import type { SendOutcome } from "../outcome.ts";
import type { EmailAddress, EmailProvider, OutboundEmail } from "./port.ts";
import { smtpOutcome } from "./smtp-outcome.ts";
import type { SmtpFailure } from "./smtp-outcome.ts";

export const smtpCredentials = z.strictObject({
  host: z.string().trim().min(1).max(253).meta({ title: "Host" }),
  port: z.int().min(1).max(65_535).default(587).meta({ title: "Port" }),
  secure: z.boolean().default(false).meta({ title: "TLS from the start", description: "On for port 465" }),
  user: z.string().trim().min(1).optional().meta({ title: "User" }),
  password: z.string().min(1).optional().meta({ title: "Password" }),
  fromEmail: z.email().meta({ title: "From address" }),
  fromName: z.string().trim().max(200).optional().meta({ title: "From name" }),
});
export const smtpSecretFields = ["password"] as const;
export type SmtpCredentials = z.infer<typeof smtpCredentials>;

/** What mail servers tolerate from one client without complaint. */
const CONNECTIONS = 5;

/** How far a message went: nodemailer reads its content only once the server answered DATA with 354. */
interface HandOver {
  content: Readable | null;
}

/**
 * E-mail by any SMTP server, through a small pool of connections. SMTP reports nothing later, so there is no webhook;
 * the Message-ID is the providerRef, and our id on the wire.
 */
export function createSmtp(credentials: SmtpCredentials, options: Pick<ProviderOptions, "timeoutMs">): EmailProvider {
  const timeoutMs = options.timeoutMs ?? 10_000;
  const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/i.test(credentials.host);
  const transport = createTransport({
    pool: true,
    host: credentials.host,
    port: credentials.port,
    secure: credentials.secure,
    auth: credentials.user ? { user: credentials.user, pass: credentials.password ?? "" } : undefined,
    // A password goes over the network only encrypted. Over loopback there is nobody to impersonate the server, and
    // local mail servers rarely have a certificate.
    requireTLS: !credentials.secure && !loopback && credentials.user !== undefined,
    tls: { rejectUnauthorized: !loopback },
    maxConnections: CONNECTIONS,
    // One more try when an idle connection turns out to be dead, and only while not a byte of the content went out.
    maxRequeues: 1,
    dnsTimeout: timeoutMs,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  // A message is known to the plugin by its deadline's signal, the one object of ours that nodemailer passes through.
  const handOvers = new WeakMap<AbortSignal, HandOver>();
  transport.use("stream", (mail, done) => {
    const handOver = mail.data.signal && handOvers.get(mail.data.signal);
    const create = mail.message.createReadStream.bind(mail.message);
    mail.message.createReadStream = (streamOptions) => {
      const content = create(streamOptions);
      if (handOver) handOver.content = content;
      return content;
    };
    done();
  });

  const underWay = new Set<Promise<SendOutcome>>();

  async function send(email: OutboundEmail): Promise<SendOutcome> {
    const deadline = AbortSignal.timeout(timeoutMs);
    const handOver: HandOver = { content: null };
    handOvers.set(deadline, handOver);
    try {
      const info: SMTPPoolSentMessageInfo = await transport.sendMail({ ...message(email), signal: deadline });
      return { kind: "accepted", providerRef: info.messageId };
    } catch (error) {
      const failure = smtpFailure(error);
      const late = deadline.aborted && failure.responseCode === undefined;
      const told = late ? { message: `no answer within ${timeoutMs} ms` } : failure;
      return smtpOutcome(told, handOver.content?.readableDidRead === true);
    }
  }

  return {
    name: "smtp",
    concurrency: CONNECTIONS,
    send(email) {
      const sending = send(email).finally(() => underWay.delete(sending));
      underWay.add(sending);
      return sending;
    },
    async test() {
      try {
        await transport.verify();
        return {
          kind: "ok",
          detail: `${credentials.host} accepts the connection${credentials.user ? " and the login" : ""}`,
        };
      } catch (error) {
        const failure = smtpFailure(error);
        return { kind: "failed", detail: clip(failure.response ?? failure.message) };
      }
    },
    webhook: null,
    async close() {
      await Promise.allSettled(underWay);
      transport.close();
    },
  };
}

function message(email: OutboundEmail): SendMailOptions {
  const given = Object.keys(email.headers).some((name) => name.toLowerCase() === "message-id");
  return {
    from: address(email.from),
    replyTo: email.replyTo && address(email.replyTo),
    to: address(email.to),
    subject: email.subject,
    text: email.text,
    html: email.html,
    headers: email.headers,
    messageId: given ? undefined : `<${email.messageId}@${email.from.email.split("@")[1] ?? "localhost"}>`,
  };
}

function address({ email, name }: EmailAddress) {
  return { address: email, name: name ?? "" };
}

function smtpFailure(error: unknown): SmtpFailure {
  return error instanceof Error ? error : { message: String(error) };
}
