import { expect, test } from "vitest";
import { readDeliveryReport } from "./delivery-report.ts";

const ID = "msg_01h455vb4pex5vsknk084sn02q";

/** The example of RFC 3464, section E.1, about a message of ours. */
const report = (fields: string[], original = `Message-ID: <${ID}@acme.example>`) =>
  Buffer.from(
    [
      "From: Mail Delivery Subsystem <MAILER-DAEMON@mx.client.example>",
      "To: ada@acme.example",
      "Auto-Submitted: auto-replied",
      "Subject: Returned mail: Cannot send message",
      "MIME-Version: 1.0",
      "Content-Type: multipart/report; report-type=delivery-status;",
      '\tboundary="RAA14128.773615765/mx.client.example"',
      "",
      "--RAA14128.773615765/mx.client.example",
      "",
      "The original message could not be delivered.",
      "",
      "--RAA14128.773615765/mx.client.example",
      "Content-Type: message/delivery-status",
      "",
      "Reporting-MTA: dns; mx.client.example",
      "",
      "Final-Recipient: RFC822;lin@client.example",
      ...fields,
      "",
      "--RAA14128.773615765/mx.client.example",
      "Content-Type: message/rfc822",
      "",
      "From: ada@acme.example",
      original,
      "",
      "Hello",
      "--RAA14128.773615765/mx.client.example--",
      "",
    ].join("\r\n"),
  );

test("a report that a mailbox does not exist is a bounce that condemns the address, with the server's words", () => {
  const raw = report([
    "Action: failed",
    "Status: 5.1.1",
    "Diagnostic-Code: smtp; 550 5.1.1 <lin@client.example>:",
    "\tno such user here",
  ]);
  expect(readDeliveryReport(raw, "e1")).toEqual([
    {
      kind: "status",
      externalId: "e1",
      providerRef: null,
      messageId: ID,
      status: "bounced",
      hard: true,
      detail: "550 5.1.1 <lin@client.example>: no such user here",
      at: null,
    },
  ]);
});

test("a full mailbox or a policy is a bounce that says nothing against the address", () => {
  for (const status of ["5.2.2", "5.7.1", "4.4.7"])
    expect(readDeliveryReport(report(["Action: failed", `Status: ${status}`]), "e1")).toMatchObject([
      { status: "bounced", hard: false },
    ]);
});

test("a delay tells nothing yet, and a receipt that it arrived", () => {
  expect(readDeliveryReport(report(["Action: delayed", "Status: 4.4.1"]), "e1")).toEqual([]);
  expect(readDeliveryReport(report(["Action: delivered", "Status: 2.0.0"]), "e1")).toMatchObject([
    { status: "delivered", hard: false },
  ]);
});

test("a report about somebody else's message, and a person's mail that only speaks of one, are mails", () => {
  expect(readDeliveryReport(report(["Action: failed"], "Message-ID: <other@acme.example>"), "e1")).toBeNull();
  const words = `From: a@a.example\r\nContent-Type: text/plain\r\n\r\nAction: failed\r\nMessage-ID: <${ID}@acme.example>\r\n`;
  expect(readDeliveryReport(Buffer.from(words), "e1")).toBeNull();
});
