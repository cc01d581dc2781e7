import { expect, test } from "vitest";
import { callsOf, deviceInUse, threadsOf } from "#web/messaging/deliveries.ts";

const out = (id: string, to: string) => ({ id, direction: "outbound" as const, from: "+15550100", to });
const back = (id: string, from: string) => ({ id, direction: "inbound" as const, from, to: "+15550100" });

test("Messages and answers of one number are one thread, oldest first, and the liveliest thread stands first", () => {
  const threads = threadsOf([
    back("4", "+15550111"),
    out("3", "+15550122"),
    out("2", "+15550111"),
    out("1", "+15550122"),
  ]);
  expect(threads.map(({ number, entries }) => [number, entries.map(({ id }) => id)])).toEqual([
    ["+15550111", ["2", "4"]],
    ["+15550122", ["1", "3"]],
  ]);
  expect(threads[0]?.latest.id).toBe("4");
});

const call = (id: string, messageId: string | null) => ({ id, direction: "outbound" as const, messageId });
const end = (id: string, messageId: string) => ({ id, direction: "inbound" as const, messageId });

test("Each end belongs to the call that it names, in whatever order calls end, and a call without an end still rings", () => {
  const calls = callsOf([
    end("5", "first"),
    end("4", "third"),
    call("3", "third"),
    call("2", "second"),
    call("1", "first"),
  ]);
  expect(calls.map((entry) => [entry.call.id, entry.end?.id])).toEqual([
    ["3", "4"],
    ["2", undefined],
    ["1", "5"],
  ]);
});

test("An end whose call is not loaded is no call of its own", () => {
  expect(callsOf([end("2", "elsewhere")])).toEqual([]);
});

test("A screen for one device begins with the first that anything has come to", () => {
  expect(deviceInUse({ phone: [], mailbox: ["mail"], calls: ["call"] })).toBe("mailbox");
  expect(deviceInUse({ phone: ["text"], mailbox: ["mail"], calls: [] })).toBe("phone");
  expect(deviceInUse({ phone: [], mailbox: [], calls: [] })).toBeUndefined();
});
