import { expect, test } from "vitest";
import { testConfig } from "#test/world.ts";
import { guardedLookup, isPublicAddress, lookupFor, whyNotCall } from "./ssrf.ts";

const production = testConfig("postgresql://localhost/x", { NODE_ENV: "production" });

test("addresses of this machine, of private networks and of clouds' metadata are not public, in whichever form", () => {
  const hidden = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "203.0.113.7",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "64:ff9b::a00:1",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "::ffff:10.0.0.1",
    "not an address",
    "",
    "1",
    "127.1",
    "0x7f.0.0.1",
  ];
  expect(hidden.filter(isPublicAddress)).toEqual([]);
  const open = ["8.8.8.8", "172.15.0.1", "172.32.0.1", "192.169.0.1", "2606:4700::1111", "::ffff:8.8.8.8"];
  expect(open.filter((address) => !isPublicAddress(address))).toEqual([]);
});

test("in production a URL that leads inside is refused, however the host is written", async () => {
  const urls = [
    "http://127.0.0.1/",
    "http://localhost:3000/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://[::1]/",
    "http://[::ffff:169.254.169.254]/latest/meta-data",
    "http://169.254.169.254/latest/meta-data",
    "https://10.0.0.5/",
  ];
  for (const url of urls)
    expect(await whyNotCall(production, url), url).toBe("This address is not on the public internet.");
  expect(await whyNotCall(production, "https://8.8.8.8/")).toBeNull();
  expect(await whyNotCall(production, "https://no-such-host.invalid/")).toBe(
    "The name no-such-host.invalid is not known.",
  );
});

test("a URL of another kind, or with a password in it, is refused everywhere", async () => {
  const development = testConfig("postgresql://localhost/x", { NODE_ENV: "development" });
  for (const url of ["file:///etc/passwd", "gopher://example.com", "http://user:pass@example.com/", "no url"]) {
    expect(await whyNotCall(development, url), url).not.toBeNull();
  }
  expect(await whyNotCall(development, "http://127.0.0.1:4010/stub")).toBeNull();
});

const ask = (all: boolean) =>
  new Promise<unknown>((done) => {
    guardedLookup("localhost", { all }, (error, address) => done(error ? { code: error.code } : address));
  });

test("a connection to a name that resolves inside fails, whatever the name resolved to when it was typed", async () => {
  expect(await ask(true)).toEqual({ code: "ENOTPUBLIC" });
  expect(await ask(false)).toEqual({ code: "ENOTPUBLIC" });
  expect(lookupFor(production)).toBe(guardedLookup);
  expect(lookupFor(testConfig("postgresql://localhost/x"))).toBeUndefined();
});
