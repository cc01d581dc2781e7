import { describe, expect, test } from "vitest";
import type { Dns, DnsAnswer, MxRecord } from "#platform/dns.ts";
import { checkDomain, domainStatusOf } from "./domain-records.ts";
import { mailServiceOf } from "./mail-hosts.ts";

type Zone = { txt?: Record<string, string[]>; mx?: Record<string, MxRecord[]>; failing?: readonly string[] };

/** A domain name system with these records and no others. */
function dnsOf({ txt = {}, mx = {}, failing = [] }: Zone): Dns {
  const answer = <Found>(name: string, records: Found[] | undefined): DnsAnswer<Found> => {
    if (failing.includes(name)) return { kind: "failed", detail: "no answer in time" };
    return records ? { kind: "found", records } : { kind: "none" };
  };
  return {
    txt: async (name) => answer(name, txt[name]),
    mx: async (name) => answer(name, mx[name]),
    cname: async () => ({ kind: "none" }),
  };
}

const READY: Zone = {
  txt: {
    "maple.example": ["some-other-text", "v=spf1 include:sendgrid.net ~all"],
    "s1._domainkey.maple.example": ["k=rsa; p=MIGfMA0"],
    "_dmarc.maple.example": ["v=DMARC1; p=quarantine"],
  },
  mx: { "maple.example": [{ exchange: "mx.maple.example", priority: 10 }] },
};
const sendgrid = mailServiceOf("sendgrid", null);
const look = (zone: Zone, domain = "maple.example", selector: string | null = null, service = sendgrid) =>
  checkDomain(dnsOf(zone), { domain, service, selector });
const states = async (...asked: Parameters<typeof look>) =>
  Object.fromEntries((await look(...asked)).map(({ record, state }) => [record, state]));
const toPublish = async (record: string, ...asked: Parameters<typeof look>) =>
  (await look(...asked)).find((one) => one.record === record)?.publish;

describe("the records of a sender's domain", () => {
  test("a domain with all four is ready", async () => {
    const checks = await look(READY);
    expect(checks.map(({ state }) => state)).toEqual(["ok", "ok", "ok", "ok"]);
    expect(domainStatusOf(checks)).toBe("ready");
  });

  test("of each that is missing the exact record to publish is given, as far as anybody but the mail service knows it", async () => {
    const checks = await look({});
    expect(domainStatusOf(checks)).toBe("incomplete");
    expect(checks.map(({ publish }) => publish)).toEqual([
      { type: "TXT", name: "maple.example", value: "v=spf1 mx include:sendgrid.net ~all" },
      { type: "TXT", name: "s1._domainkey.maple.example", value: null },
      { type: "TXT", name: "_dmarc.maple.example", value: "v=DMARC1; p=none" },
      { type: "MX", name: "maple.example", value: "10 mx.sendgrid.net" },
    ]);
    expect(await toPublish("SPF", {}, "maple.example", null, mailServiceOf("smtp", "mail.host.example"))).toMatchObject(
      {
        value: "v=spf1 mx a:mail.host.example ~all",
      },
    );
  });

  test("what could not be looked up is never said to be missing", async () => {
    const failing = ["maple.example", "s1._domainkey.maple.example", "_dmarc.maple.example"];
    const checks = await look({ failing });
    expect(checks.map(({ state, publish }) => [state, publish])).toEqual([
      ["failed", null],
      ["failed", null],
      ["failed", null],
      ["failed", null],
    ]);
    expect(checks[0]?.detail).toBe("maple.example could not be looked up: no answer in time");
    expect(domainStatusOf(checks)).toBe("unknown");
  });

  test("the selector that a person wrote is looked up, the service's own otherwise; without any nobody knows where to look", async () => {
    const own = { ...READY, txt: { ...READY.txt, "k7._domainkey.maple.example": ["v=DKIM1; p=MIGf"] } };
    expect(await states(own, "maple.example", "k7")).toMatchObject({ DKIM: "ok" });
    expect(await states(READY, "maple.example", "k7")).toMatchObject({ DKIM: "missing" });
    const unknown = mailServiceOf("smtp", "mail.host.example");
    expect(await states(READY, "maple.example", null, unknown)).toMatchObject({ DKIM: "unasked" });
    expect(domainStatusOf(await look(READY, "maple.example", null, unknown))).toBe("unknown");
  });

  test("a record that is there and does nothing is faulty: several, one for everybody, a revoked key, no policy, a domain that takes no mail", async () => {
    const txt = {
      "maple.example": ["v=spf1 mx +all"],
      "s1._domainkey.maple.example": ["v=DKIM1; p="],
      "_dmarc.maple.example": ["v=DMARC1; rua=mailto:a@maple.example"],
    };
    const zone = { txt, mx: { "maple.example": [{ exchange: "", priority: 0 }] } };
    expect(await states(zone)).toEqual({ SPF: "faulty", DKIM: "faulty", DMARC: "faulty", MX: "faulty" });
    expect(await toPublish("SPF", zone)).toMatchObject({ value: "v=spf1 mx ~all" });
    const two = { txt: { "maple.example": ["v=spf1 mx ~all", "v=spf1 a ~all"] } };
    expect(await states(two)).toMatchObject({ SPF: "faulty" });
  });

  test("an SPF record that does not name the service passes with the record that would", async () => {
    const zone = { txt: { ...READY.txt, "maple.example": ["v=spf1 mx -all"] }, mx: READY.mx };
    expect(await states(zone)).toMatchObject({ SPF: "ok" });
    expect(await toPublish("SPF", zone)).toMatchObject({ value: "v=spf1 mx include:sendgrid.net -all" });
  });

  test("a domain below another is under the policy of the one above", async () => {
    expect(await states(READY, "mail.maple.example")).toMatchObject({ DMARC: "ok", SPF: "missing" });
  });
});
