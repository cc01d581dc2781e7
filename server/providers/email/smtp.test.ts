import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";
import { describe, expect, onTestFinished, test } from "vitest";

import { BEHAVIOURS, describeSending } from "../conformance.ts";
import type { Behaviour } from "../conformance.ts";
import { AMPLE_MS, portOf } from "../test-stub.ts";
import type { OutboundEmail } from "./port.ts";
import { smtpOutcome } from "./smtp-outcome.ts";
import { createSmtp, smtpCredentials } from "./smtp.ts";

function smtpError(responseCode: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode });
}

/** A mail server on the loopback interface that keeps what it receives and behaves as it is told. */
async function startMailServer() {
  const mails: { raw: Buffer; from: string; to: string[] }[] = [];
  let behaviour: Behaviour = "accept";
  let logins = 0;
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    logger: false,
    onAuth(auth, _session, done) {
      logins += 1;
      const known = behaviour !== "refuse-login" && auth.password === "s3cret";
      if (known) done(null, { user: auth.username ?? "" });
      else done(smtpError(535, "5.7.8 Authentication credentials invalid"));
    },
    onRcptTo(_address, _session, done) {
      if (behaviour === "rate-limit") done(smtpError(451, "4.7.1 Too many messages, slow down"));
      else if (behaviour === "refuse-address") done(smtpError(550, "5.1.1 No such user here"));
      else done();
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          raw: Buffer.concat(chunks),
          from: mailFrom ? mailFrom.address : "",
          to: rcptTo.map(({ address }) => address),
        });
        if (behaviour === "hang" || (behaviour === "hang-first" && mails.length === 1)) return;
        if (behaviour === "hang-up") for (const connection of server.connections) connection.close();
        else if (behaviour === "broken") done(smtpError(451, "4.3.0 Local error in processing"));
        else done(null, "queued as 4A7");
      });
    },
  });
  server.on("error", () => {
    // A client that gives up on a hanging server resets the connection: that is what is being played.
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: portOf(server.server),
    mails,
    logins: () => logins,
    play(next: Behaviour) {
      behaviour = next;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        for (const connection of server.connections) connection.close();
        server.close(() => resolve());
      }),
  };
}

function credentialsFor(port: number) {
  return { host: "127.0.0.1", port, secure: false, user: "ada", password: "s3cret", fromEmail: "ada@acme.example" };
}

function email(messageId: string, text: string): OutboundEmail {
  return {
    messageId,
    from: { email: "ada@acme.example", name: "Ada Löve" },
    replyTo: { email: "replies@acme.example" },
    to: { email: "lin@client.example", name: "Lin" },
    subject: "Grüße",
    text,
    html: `<p>Hello <a href="https://acme.example/u/1">unsubscribe</a></p>`,
    headers: {
      "Message-ID": `<${messageId}@acme.example>`,
      "List-Unsubscribe": `<mailto:unsubscribe@acme.example?subject=${messageId}>, <https://acme.example/u/${messageId}>`,
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
      "In-Reply-To": "<msg_0@acme.example>",
      References: "<msg_0@acme.example>",
    },
  };
}

describeSending<OutboundEmail>({
  name: "SMTP",
  behaviours: BEHAVIOURS,
  async start(timeoutMs) {
    const server = await startMailServer();
    const provider = createSmtp(credentialsFor(server.port), { timeoutMs });
    let stopped = false;
    const stop = async () => {
      if (!stopped) await server.stop();
      stopped = true;
    };
    return {
      provider,
      message: email,
      async play(behaviour) {
        if (behaviour === "down") await stop();
        else server.play(behaviour);
      },
      handOvers: () => server.mails.length,
      async expectRequest(id, text) {
        const mail = server.mails.at(-1);
        expect(mail).toMatchObject({ from: "ada@acme.example", to: ["lin@client.example"] });
        const read = await PostalMime.parse(mail?.raw ?? "");
        const header = (name: string) => read.headers.find(({ key }) => key === name)?.value;
        expect(read.messageId).toBe(`<${id}@acme.example>`);
        expect(header("list-unsubscribe")).toBe(email(id, text).headers["List-Unsubscribe"]);
        expect(header("list-unsubscribe-post")).toBe("List-Unsubscribe=One-Click");
        expect(read.inReplyTo).toBe("<msg_0@acme.example>");
        expect(read.references).toBe("<msg_0@acme.example>");
        expect(read.from).toEqual({ address: "ada@acme.example", name: "Ada Löve" });
        expect(read.replyTo).toEqual([{ address: "replies@acme.example", name: "" }]);
        expect(read.to).toEqual([{ address: "lin@client.example", name: "Lin" }]);
        expect(read.subject).toBe("Grüße");
        expect(read.text?.trim()).toBe(text);
        expect(read.html?.trim()).toBe(email(id, text).html);
      },
      stop,
    };
  },
});

async function start() {
  const server = await startMailServer();
  const provider = createSmtp(credentialsFor(server.port), { timeoutMs: AMPLE_MS });
  onTestFinished(async () => {
    await provider.close();
    await server.stop();
  });
  return { server, provider };
}

function answered(responseCode: number, command: string, text: string, code = "EENVELOPE") {
  const failure = { message: "failed", code, responseCode, command, response: `${responseCode} ${text}` };
  return smtpOutcome(failure, command === "DATA");
}

describe("SMTP", () => {
  test("the reference is the Message-ID, minted from our id when none is given", async () => {
    const { server, provider } = await start();
    const outcome = await provider.send({ ...email("msg_1", "Hi"), headers: {} });
    expect(outcome).toEqual({ kind: "accepted", providerRef: "<msg_1@acme.example>" });
    expect((await PostalMime.parse(server.mails[0]?.raw ?? "")).messageId).toBe("<msg_1@acme.example>");
  });

  test("a line break in a subject or header adds no header", async () => {
    const { server, provider } = await start();
    const sly = email("msg_1", "Hi");
    await provider.send({
      ...sly,
      subject: "Hello\r\nBcc: victim@other.example",
      headers: { ...sly.headers, "X-Campaign": "a\r\nX-Injected: yes" },
    });
    const read = await PostalMime.parse(server.mails[0]?.raw ?? "");
    expect(read.headers.map(({ key }) => key)).not.toContain("x-injected");
    expect(read.bcc).toBeUndefined();
    expect(server.mails[0]?.to).toEqual(["lin@client.example"]);
  });

  test("an address with a line break reaches nobody", async () => {
    const { server, provider } = await start();
    const to = { email: "lin@client.example>\r\nRCPT TO:<victim@other.example" };
    expect(await provider.send({ ...email("msg_1", "Hi"), to })).toMatchObject({
      kind: "rejected",
      reason: "invalid_address",
    });
    expect(server.mails).toEqual([]);
  });

  test("closing waits for the mail that is under way", async () => {
    const { server, provider } = await start();
    const sending = provider.send(email("msg_1", "Hi"));
    await provider.close();
    expect((await sending).kind).toBe("accepted");
    expect(server.mails).toHaveLength(1);
  });

  test("a message too large for the server is refused for its content", () => {
    expect(smtpOutcome({ message: "Message size larger than allowed 10", code: "EMESSAGE" }, false)).toMatchObject({
      kind: "rejected",
      reason: "content_refused",
    });
  });

  test.each([
    [550, "RCPT TO", "5.1.1 <lin@client.example>: unknown", "invalid_address", true],
    [550, "RCPT TO", "5.1.10 RESOLVER.ADR.RecipientNotFound", "invalid_address", true],
    [550, "RCPT TO", "5.2.1 The account is disabled", "invalid_address", true],
    [550, "RCPT TO", "No such user here", "invalid_address", true],
    [550, "DATA", "5.1.1 User unknown", "invalid_address", true],
    [550, "RCPT TO", "5.7.1 Blocked by policy", "content_refused", false],
    [552, "RCPT TO", "5.2.2 Mailbox full", "invalid_address", false],
    [550, "RCPT TO", "Relaying denied", "invalid_address", false],
    [553, "MAIL FROM", "5.7.1 Sender address rejected", "unverified_sender", false],
    [554, "DATA", "5.7.1 Message looks like spam", "content_refused", false],
    [530, "MAIL FROM", "5.7.0 Must issue a STARTTLS command first", "auth", false],
  ] as const)("%i after %s: %s is a rejection: %s, suppress %s", (code, command, text, reason, suppress) => {
    expect(answered(code, command, text)).toMatchObject({ kind: "rejected", reason, suppress });
  });

  test.each([
    [421, "RCPT TO", "4.7.0 Try again later"],
    [451, "DATA", "4.3.0 Local error"],
    [452, "RCPT TO", "4.2.2 Over quota"],
    [503, "DATA", "5.5.1 Bad sequence of commands"],
    [554, "CONN", "No SMTP service here"],
  ])("%i after %s: %s may be asked again, also when the content had gone out", (code, command, text) => {
    expect(answered(code, command, text).kind).toBe("failed");
  });

  test("a refused login that may pass is no rejection", () => {
    expect(answered(454, "AUTH PLAIN", "4.7.0 Temporary authentication failure", "EAUTH").kind).toBe("failed");
    expect(answered(535, "AUTH PLAIN", "5.7.8 Bad password", "EAUTH")).toMatchObject({ reason: "auth" });
  });

  test("a server without TLS never sees the password, unless it is on this machine", async () => {
    const { server } = await start();
    // It reaches this machine, and is not known to be loopback.
    const provider = createSmtp({ ...credentialsFor(server.port), host: "0.0.0.0" }, { timeoutMs: AMPLE_MS });
    onTestFinished(() => provider.close());
    expect((await provider.send(email("msg_1", "Hi"))).kind).toBe("failed");
    expect(server.logins()).toBe(0);
  });

  test("its credentials have the defaults of a submission port", () => {
    expect(smtpCredentials.parse({ host: "mail.acme.example", fromEmail: "ada@acme.example" })).toEqual({
      host: "mail.acme.example",
      port: 587,
      secure: false,
      fromEmail: "ada@acme.example",
    });
  });
});
