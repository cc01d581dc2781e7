import { expect, test } from "vitest";
import { callsOf, threadsOf } from "#web/messaging/deliveries.ts";

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

test("Each end belongs to the latest call with that number before it, and a call without an end still rings", () => {
  const calls = callsOf([
    out("6", "+15550111"),
    back("5", "+15550111"),
    out("4", "+15550111"),
    out("3", "+15550122"),
    back("2", "+15550111"),
    out("1", "+15550111"),
  ]);
  expect(calls.map(({ call, end }) => [call.id, end?.id])).toEqual([
    ["6", undefined],
    ["4", "5"],
    ["3", undefined],
    ["1", "2"],
  ]);
});

test("An end whose call is not loaded is no call of its own", () => {
  expect(callsOf([back("2", "+15550111")])).toEqual([]);
});
