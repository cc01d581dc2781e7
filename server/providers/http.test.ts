import { describe, expect, onTestFinished, test } from "vitest";

import { outcomeOfStatus, outcomeWithoutAnswer, vendorHttp } from "./http.ts";
import type { Answer } from "./http.ts";
import { retryAfterSeconds } from "./outcome.ts";
import { AMPLE_MS, startHttpStub, whileItHangs } from "./test-stub.ts";

const NOW = new Date("2026-03-02T12:00:00Z");
const now = () => NOW;
const answer = (status: number, headers: Record<string, string> = {}): Answer => ({
  kind: "answered",
  status,
  headers,
  body: "",
});

async function open(timeoutMs = AMPLE_MS, connections?: number) {
  const stub = await startHttpStub();
  const http = vendorHttp(stub.baseUrl, timeoutMs, connections);
  onTestFinished(async () => {
    await http.close();
    await stub.stop();
  });
  return { stub, http };
}

describe("an exchange with a vendor", () => {
  test("keeps its connections for the messages that follow", async () => {
    const { stub, http } = await open();
    stub.answer(() => ({ status: 200, body: "ok" }));
    for (let i = 0; i < 20; i++) {
      expect(await http.post("/x", {}, "body")).toMatchObject({ kind: "answered", status: 200, body: "ok" });
    }
    // The next message may be on its way before the connection of the last one is free again: two at most.
    expect(stub.connections()).toBeLessThanOrEqual(2);
  });

  test("puts the path of the base URL before the vendor's own", async () => {
    const { stub } = await open();
    const http = vendorHttp(`${stub.baseUrl}/proxy/`, AMPLE_MS);
    stub.answer(() => ({ status: 200 }));
    await http.get("/v3/scopes", {});
    await http.close();
    expect(stub.requests[0]?.path).toBe("/proxy/v3/scopes");
  });

  test("a request that never got a connection in time was not sent, and is not sent later either", async () => {
    const found: { kinds: string[]; paths: string[] }[] = [];
    await whileItHangs(async (timeoutMs) => {
      const { stub, http } = await open(timeoutMs, 1);
      stub.answer((_request, index) => (index === 0 ? "hang" : { status: 200 }));
      const exchanges = await Promise.all([http.post("/1", {}, "a"), http.post("/2", {}, "b")]);
      // The connection that the first one leaves may still be in time for the second.
      const isInTime = stub.requests.length > 0 && exchanges[1].kind === "not_sent";
      const last = await http.post("/3", {}, "c");
      found.push({
        kinds: [...exchanges, last].map(({ kind }) => kind),
        paths: stub.requests.map(({ path }) => path),
      });
      return isInTime && last.kind === "answered";
    });
    expect(found.at(-1)).toEqual({ kinds: ["no_answer", "not_sent", "answered"], paths: ["/1", "/3"] });
  });

  test("a TLS handshake that fails was not sent", async () => {
    const { stub } = await open();
    const http = vendorHttp(stub.baseUrl.replace("http:", "https:"), AMPLE_MS);
    onTestFinished(() => http.close());
    expect((await http.post("/1", {}, "a")).kind).toBe("not_sent");
    expect(stub.requests).toEqual([]);
  });

  test("a name that does not resolve was not sent", async () => {
    const http = vendorHttp("http://vendor.invalid", AMPLE_MS);
    onTestFinished(() => http.close());
    expect((await http.post("/1", {}, "a")).kind).toBe("not_sent");
  });

  test("a header that cannot be sent is a failure, not an exception", async () => {
    const { http } = await open();
    expect((await http.post("/1", { authorization: "Bearer a\nb" }, "a")).kind).toBe("not_sent");
  });

  test("a status counts although the body breaks off after it", async () => {
    const { stub, http } = await open();
    stub.answer(() => "cut-off");
    expect(await http.post("/1", {}, "a")).toMatchObject({ kind: "answered", status: 201, body: "{" });
  });
});

describe("the outcome of a status", () => {
  test.each([429, 408, 500, 501, 503])("HTTP %i was not taken and may be asked again", (status) => {
    expect(outcomeOfStatus(answer(status), now)?.kind).toBe("failed");
  });

  test.each([502, 504])("HTTP %i of a gateway says nothing about the vendor behind it", (status) => {
    expect(outcomeOfStatus(answer(status), now)?.kind).toBe("unknown");
  });

  test.each([200, 202, 302, 400, 401, 404, 413, 422])("HTTP %i is for the vendor's adapter to read", (status) => {
    expect(outcomeOfStatus(answer(status), now)).toBeNull();
  });

  test("a busy vendor with a date is asked again at that date", () => {
    const outcome = outcomeOfStatus(answer(503, { "retry-after": "Mon, 02 Mar 2026 12:01:30 GMT" }), now);
    expect(outcome).toMatchObject({ kind: "failed", retryAfterSeconds: 90 });
  });

  test("without an answer, only whether it was written decides", () => {
    expect(outcomeWithoutAnswer({ kind: "not_sent", detail: "ECONNREFUSED" }).kind).toBe("failed");
    expect(outcomeWithoutAnswer({ kind: "no_answer", detail: "closed" }).kind).toBe("unknown");
  });
});

describe("Retry-After", () => {
  test.each([
    ["120", 120],
    [" 0 ", 0],
    ["Mon, 02 Mar 2026 12:02:00 GMT", 120],
    ["Mon, 02 Mar 2026 11:00:00 GMT", 0],
    ["soon", undefined],
    ["", undefined],
    ["-5000000000", undefined],
  ])("%j is %j seconds", (header, seconds) => {
    expect(retryAfterSeconds(header, now)).toBe(seconds);
  });

  test("an absent header asks for nothing", () => {
    expect(retryAfterSeconds(undefined, now)).toBeUndefined();
  });
});
