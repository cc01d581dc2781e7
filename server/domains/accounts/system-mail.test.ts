import { once } from "node:events";
import { SMTPServer } from "smtp-server";
import { expect, onTestFinished, test } from "vitest";
import { testWorld } from "#test/world.ts";
import { invitationMail } from "./mails.ts";
import { sendSystemMail } from "./system-mail.ts";

const mail = invitationMail({
  email: "ada@invited.example",
  workspaceName: `Tom & "Jerry" <script>alert(1)</script>`,
  inviterName: "Olive Owner",
  link: "https://line.example/invitations/inv_1.a-b_c",
});

/** A mail server on this machine that keeps what it is given. */
async function mailServer() {
  const received: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        received.push(Buffer.concat(chunks).toString("utf8"));
        done();
      });
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  onTestFinished(() => new Promise<void>((done) => server.close(() => done())));
  const address = server.server.address();
  if (typeof address !== "object" || !address) throw new Error("the mail server does not listen");
  return { url: `smtp://127.0.0.1:${address.port}`, received };
}

test("with SMTP_URL the mail server gets it, and the sandbox does not", async () => {
  const { url, received } = await mailServer();
  const world = await testWorld({ env: { SMTP_URL: url, MAIL_FROM: "line@northwind.example" } });
  expect(await sendSystemMail(world.runtime, world.workspace, mail)).toBe("mailed");
  expect(received).toHaveLength(1);
  expect(received[0]).toContain("From: line@northwind.example");
  expect(received[0]).toContain("To: ada@invited.example");
  expect(await world.sandbox.sent()).toEqual([]);
});

test("without SMTP_URL it waits in the workspace's sandbox mailbox, its names harmless in the HTML", async () => {
  const world = await testWorld();
  expect(await sendSystemMail(world.runtime, world.workspace, mail)).toBe("sandbox");
  const row = await world.ctx.db.selectFrom("sandboxDeliveries").selectAll().executeTakeFirstOrThrow();
  expect(row).toMatchObject({ channel: "EMAIL", to: "ada@invited.example", messageId: null, at: world.ctx.now() });
  expect(row.text).toContain("https://line.example/invitations/inv_1.a-b_c");
  expect(row.html).toContain("Tom &amp; &quot;Jerry&quot; &lt;script&gt;");
  expect(row.html).not.toContain("<script>");
});

test("a mail server that is not there, and no way to send at all, are told and do no harm", async () => {
  const dead = await testWorld({ env: { SMTP_URL: "smtp://127.0.0.1:9", MAIL_FROM: "line@northwind.example" } });
  expect(await sendSystemMail(dead.runtime, dead.workspace, mail)).toBe("failed");
  const mute = await testWorld({ env: { SANDBOX: "off" } });
  expect(await sendSystemMail(mute.runtime, mute.workspace, mail)).toBe("failed");
  const invited = await mute.request("POST", "/invitations", {
    body: { email: "ada@invited.example", role: "MEMBER" },
  });
  expect(invited).toMatchObject({ status: 201, body: { delivery: "failed" } });
  expect(invited.text).toContain("/invitations/inv_");
});
