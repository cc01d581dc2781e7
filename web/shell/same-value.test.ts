import { expect, test } from "vitest";
import { isSame, tellValue } from "#web/shell/same-value.ts";

test("the order of keys and the ways of saying nothing make no difference", () => {
  expect(isSame({ a: 1, b: null }, { b: undefined, a: 1 })).toBe(true);
  expect(isSame("", null)).toBe(true);
  expect(isSame([1, 2], [2, 1])).toBe(false);
  expect(isSame({ a: { b: "x" } }, { a: { b: "y" } })).toBe(false);
});

test("texts are told as they are, records one line a part", () => {
  expect(tellValue("Hello\nthere")).toBe("Hello\nthere");
  expect(tellValue(null)).toBe("Empty");
  expect(tellValue({ sendWindow: { days: [1, 2], start: "09:00" }, stopOnReply: true })).toBe(
    "Send window, Days: 1, 2\nSend window, Start: 09:00\nStop on reply: Yes",
  );
});
