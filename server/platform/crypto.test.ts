import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decrypt, deriveSecret, encrypt, isSameText, isSigned, sign } from "./crypto.ts";

const key = Buffer.alloc(32, 7);

test("what was encrypted comes back, whatever it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (plain, row) => {
      expect(decrypt(key, encrypt(key, plain, row), row)).toBe(plain.toWellFormed());
    }),
  );
});

test("the same text never looks the same twice, and never shows itself", () => {
  const [one, two] = [encrypt(key, "AC-secret-token", "int_1"), encrypt(key, "AC-secret-token", "int_1")];
  expect(one).not.toBe(two);
  expect(one).not.toContain(Buffer.from("AC-secret-token").toString("base64"));
});

test("another key, another row or one changed bit makes it unreadable", () => {
  const sealed = encrypt(key, "token", "int_1");
  expect(() => decrypt(randomBytes(32), sealed, "int_1")).toThrow();
  expect(() => decrypt(key, sealed, "int_2")).toThrow();
  const [version = "", iv = "", tag = "", body = ""] = sealed.split(".");
  const flip = (text: string) => {
    const bytes = Buffer.from(text, "base64");
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    return bytes.toString("base64");
  };
  for (const broken of [
    [version, flip(iv), tag, body],
    [version, iv, flip(tag), body],
    [version, iv, tag, flip(body)],
    ["v2", iv, tag, body],
    [version, iv, tag],
  ]) {
    expect(() => decrypt(key, broken.join("."), "int_1")).toThrow();
  }
});

test("a signature holds for its text, its use and its key alone", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, other) => {
      const signature = sign(key, "unsubscribe", text);
      expect(isSigned(key, "unsubscribe", text, signature)).toBe(true);
      expect(isSigned(key, "unsubscribe", other, signature)).toBe(other === text);
      expect(isSigned(key, "invitation", text, signature)).toBe(false);
    }),
  );
  expect(isSigned(key, "unsubscribe", "x", "")).toBe(false);
  expect(isSigned(randomBytes(32), "unsubscribe", "x", sign(key, "unsubscribe", "x"))).toBe(false);
});

test("secrets for different uses differ, and are the same each time", () => {
  expect(deriveSecret(key, "a")).toBe(deriveSecret(key, "a"));
  expect(deriveSecret(key, "a")).not.toBe(deriveSecret(key, "b"));
});

test("texts are compared whatever their lengths", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(isSameText(a, b)).toBe(a === b);
    }),
  );
});
