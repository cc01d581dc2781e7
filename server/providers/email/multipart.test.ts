import * as fc from "fast-check";
import { expect, test } from "vitest";

import { parseMultipart } from "./multipart.ts";

function form(boundary: string, parts: [disposition: string, value: Buffer][]): Buffer {
  const chunks = parts.flatMap(([disposition, value]) => [
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`),
    value,
    Buffer.from("\r\n"),
  ]);
  return Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]);
}

test("fields come out byte for byte, whatever they hold but the delimiter itself", () => {
  const boundary = "xYzZY";
  const value = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 6 }), (values) => {
      fc.pre(values.every((bytes) => !bytes.includes(`\r\n--${boundary}`)));
      const parts = values.map((bytes, index): [string, Buffer] => [`name="field${index}"`, bytes]);
      const parsed = parseMultipart(`multipart/form-data; boundary=${boundary}`, form(boundary, parts));
      expect([...(parsed ?? [])]).toEqual(values.map((bytes, index) => [`field${index}`, bytes]));
    }),
  );
});

test("a mail that mentions the vendor's constant boundary is not cut there", () => {
  const text = Buffer.from("Your boundary is xYzZY.\n--xYzZY is how a part begins\r\nxYzZY--");
  const parsed = parseMultipart("multipart/form-data; boundary=xYzZY", form("xYzZY", [['name="text"', text]]));
  expect(parsed?.get("text")?.toString()).toBe(text.toString());
});

test("files are left out", () => {
  const body = form("b-1", [
    ['name="text"', Buffer.from("Hello")],
    ['name="attachment1"; filename="a.png"', Buffer.from([0, 255, 13, 10])],
  ]);
  const parsed = parseMultipart('multipart/form-data; boundary="b-1"', body);
  expect([...(parsed?.keys() ?? [])]).toEqual(["text"]);
});

test("a body without boundary, or cut off before its end, is none of this format", () => {
  const body = form("b", [['name="text"', Buffer.from("Hello")]]);
  expect(parseMultipart("multipart/form-data", body)).toBeNull();
  expect(parseMultipart("multipart/form-data; boundary=c", body)).toBeNull();
  expect(parseMultipart("multipart/form-data; boundary=b", body.subarray(0, -8))).toBeNull();
});
