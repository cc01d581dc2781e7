import { describe, expect, test } from "vitest";
import type { Vendor } from "#platform/integrations/contract.ts";
import { credentialsOf, credentialsSchema, startValues } from "#web/accounts/credentials.ts";

const field = (name: string, more: Partial<Vendor["fields"][number]> = {}): Vendor["fields"][number] => ({
  name,
  title: name,
  description: null,
  kind: "text",
  isSecret: false,
  isRequired: true,
  default: null,
  ...more,
});

const fields = [
  field("host"),
  field("port", { kind: "number", default: 587 }),
  field("secure", { kind: "boolean", isRequired: false, default: true }),
  field("password", { isSecret: true }),
  field("replyTo", { isRequired: false }),
];
const known = { config: { host: "mail.example.com", port: 25, replyTo: "a@example.com" }, secretsSet: ["password"] };

describe("the form of a vendor's credentials", () => {
  test("begins with the vendor's defaults", () => {
    expect(startValues(fields)).toEqual({ host: "", port: "587", secure: true, password: "", replyTo: "" });
  });

  test("begins with what was saved, except secrets", () => {
    expect(startValues(fields, known)).toMatchObject({ host: "mail.example.com", port: "25", password: "" });
  });

  test("asks for every required field of a new connection", () => {
    const typed = { host: " ", port: "x", secure: false, password: "", replyTo: "" };
    const issues = credentialsSchema(fields)
      .safeParse(typed)
      .error?.issues.map(({ path }) => path[0]);
    expect(issues).toEqual(["host", "port", "password"]);
  });

  test("does not ask again for a secret that is stored, and does not send it", () => {
    const typed = { host: "mail.example.com", port: "25", secure: false, password: "", replyTo: "a@example.com" };
    expect(credentialsSchema(fields, known).safeParse(typed).success).toBe(true);
    expect(credentialsOf(fields, typed, known)).not.toHaveProperty("password");
  });

  test("sends numbers as numbers and takes away what was emptied", () => {
    const typed = { host: "mail.example.com", port: "2525", secure: true, password: " s ", replyTo: "" };
    expect(credentialsOf(fields, typed, known)).toEqual({
      host: "mail.example.com",
      port: 2525,
      secure: true,
      password: "s",
      replyTo: null,
    });
  });
});
