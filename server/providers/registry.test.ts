import { expect, onTestFinished, test } from "vitest";

import { PROVIDERS, PROVIDER_TYPES, isProviderName } from "./registry.ts";
import type { ProviderDefinition, ProviderName } from "./registry.ts";
import { memorySandboxStore } from "./sandbox/store.ts";

const CONFIGS: Record<ProviderName, Record<string, unknown>> = {
  smtp: {
    host: "mail.acme.example",
    port: 465,
    secure: true,
    user: "ada",
    password: "x",
    fromEmail: "ada@acme.example",
  },
  sendgrid: { apiKey: "sg_test", fromEmail: "ada@acme.example" },
  twilio: { accountSid: "AC_test", authToken: "test", fromNumber: "+15559990000" },
  vapi: { apiKey: "vapi_test", phoneNumberId: "number-1" },
  "sandbox-email": { webhookSecret: "a-secret-of-some-length" },
  "sandbox-sms": { webhookSecret: "a-secret-of-some-length" },
  "sandbox-voice": { webhookSecret: "a-secret-of-some-length" },
  "meta-leads": { appSecret: "app", verifyToken: "a-word-of-ours", pageAccessToken: "page" },
  "sandbox-leads": { webhookSecret: "a-secret-of-some-length" },
};
const ENTRIES = Object.entries<ProviderDefinition>(PROVIDERS);
const options = { store: memorySandboxStore(), webhookUrl: "https://crm.example/hooks", now: () => new Date(0) };

test.each(ENTRIES)("%s opens under its own name from a stored configuration", async (name, definition) => {
  if (!isProviderName(name)) throw new Error(`${name} is not in the table`);
  const provider = definition.create(CONFIGS[name], options);
  onTestFinished(() => provider.close());
  expect(provider.name).toBe(name);
});

test.each(ENTRIES)("%s refuses a configuration with a field that nothing reads", (name, definition) => {
  if (!isProviderName(name)) throw new Error(`${name} is not in the table`);
  expect(() => definition.create({ ...CONFIGS[name], colour: "blue" }, options)).toThrow(/colour/);
  expect(() => definition.create({}, options)).toThrow();
});

test.each(ENTRIES)("%s names its secrets among its fields, and gives each field a title", (_name, definition) => {
  const fields = Object.entries(definition.credentials.shape);
  expect(fields.map(([field]) => field)).toEqual(expect.arrayContaining([...definition.secretFields]));
  expect(definition.secretFields.length).toBeGreaterThan(0);
  for (const [field, schema] of fields) expect([field, schema.meta()?.title]).toEqual([field, expect.any(String)]);
});

test("each channel, and each other thing that vendors do, has a vendor and a sandbox", () => {
  for (const type of PROVIDER_TYPES) {
    const sandboxes = ENTRIES.filter(([, definition]) => definition.type === type).map(([, { sandbox }]) => sandbox);
    expect(new Set(sandboxes)).toEqual(new Set([true, false]));
  }
});

test("a name from outside is only taken when it is in the table", () => {
  expect(isProviderName("twilio")).toBe(true);
  expect(isProviderName("toString")).toBe(false);
  expect(isProviderName("mailgun")).toBe(false);
});
