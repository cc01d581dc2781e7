import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { systemDns } from "./dns.ts";

/** Types of records, by RFC 1035. */
const NS = 2;
const MX = 15;
const TXT = 16;

const name = (text: string): Buffer =>
  Buffer.concat([
    ...text.split(".").map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ]);

const texts = (...parts: string[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.concat([Buffer.from([part.length]), Buffer.from(part)])));

type Answer = Buffer[] | "no such name" | "no such record" | "failed" | "silence";

/** A name server on this machine. Answers its address. */
async function nameServer(answerOf: (asked: string, type: number) => Answer): Promise<string> {
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
      labels.push(query.toString("latin1", at + 1, at + 1 + length));
      at += length + 1;
    }
    const type = query.readUInt16BE(at + 1);
    const answer = answerOf(labels.join("."), type);
    if (answer === "silence") return;
    const question = query.subarray(12, at + 5);
    const records = typeof answer === "string" ? [] : answer;
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    const code = answer === "no such name" ? 3 : answer === "failed" ? 2 : 0;
    header.writeUInt16BE(0x8180 | code, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    const rows = records.map((data) => {
      const head = Buffer.alloc(12);
      head.writeUInt16BE(0xc00c, 0);
      head.writeUInt16BE(type, 2);
      head.writeUInt16BE(1, 4);
      head.writeUInt32BE(60, 6);
      head.writeUInt16BE(data.length, 10);
      return Buffer.concat([head, data]);
    });
    socket.send(Buffer.concat([header, question, ...rows]), port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  onTestFinished(() => void socket.close());
  return `127.0.0.1:${socket.address().port}`;
}

const dnsOf = async (answerOf: (asked: string, type: number) => Answer) =>
  systemDns({ servers: [await nameServer(answerOf)], timeoutMs: 300 });

test("records are read, the parts of a text put together; a name without them has none", async () => {
  const dns = await dnsOf((asked, type) => {
    if (asked === "com" && type === NS) return [name("a.gtld-servers.net")];
    if (asked !== "maple.example") return "no such name";
    if (type === TXT) return [texts("v=spf1 include:mail", ".example ~all"), texts("another")];
    return type === MX ? [Buffer.concat([Buffer.from([0, 10]), name("mx.maple.example")])] : "no such record";
  });
  expect(await dns.txt("maple.example")).toEqual({
    kind: "found",
    records: ["v=spf1 include:mail.example ~all", "another"],
  });
  expect(await dns.mx("maple.example")).toEqual({
    kind: "found",
    records: [{ exchange: "mx.maple.example", priority: 10 }],
  });
  expect(await dns.txt("_dmarc.maple.example")).toEqual({ kind: "none" });
});

test("a name server that fails, is silent, or knows nothing of the internet is no proof that a record is missing", async () => {
  const failing = await dnsOf(() => "failed");
  expect(await failing.txt("maple.example")).toEqual({ kind: "failed", detail: "the domain's name servers failed" });
  const silent = await dnsOf(() => "silence");
  expect(await silent.mx("maple.example")).toEqual({ kind: "failed", detail: "no answer in time" });
  const cutOff = await dnsOf(() => "no such name");
  expect(await cutOff.txt("maple.example")).toEqual({
    kind: "failed",
    detail: "this server's name server does not know the internet",
  });
});
