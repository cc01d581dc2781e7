import { describe, expect, test } from "vitest";

import {
  TRIGGER_CONFIG_SCHEMAS,
  delaySchema,
  sequenceSettingsSchema,
  triggerSchema,
  vapiConfigSchema,
} from "./trigger-config.ts";

const accepts = (schema: { safeParse: (value: unknown) => { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success;

describe("a trigger's configuration", () => {
  test("takes the document's examples as they stand", () => {
    const newLead = { sources: ["META", "API"], campaigns: ["campaign_id_1", "campaign_id_2"] };
    const noConversion = { minDaysSinceLastContact: 7, excludeStatus: ["CONVERTED", "LOST"] };
    expect(TRIGGER_CONFIG_SCHEMAS.new_lead.parse(newLead)).toEqual(newLead);
    expect(TRIGGER_CONFIG_SCHEMAS.no_conversion.parse(noConversion)).toEqual(noConversion);
    expect(TRIGGER_CONFIG_SCHEMAS.manual.parse({})).toEqual({});
  });

  test("fills in what is left out", () => {
    expect(TRIGGER_CONFIG_SCHEMAS.new_lead.parse({})).toEqual({ sources: [], campaigns: [] });
    expect(triggerSchema.parse({ triggerType: "no_conversion" }).triggerConfig).toEqual({
      minDaysSinceLastContact: 7,
      excludeStatus: ["CONVERTED", "LOST"],
    });
  });

  test.each([
    ["manual", { sources: [] }],
    ["new_lead", { source: ["META"] }],
    ["new_lead", { sources: ["FACEBOOK"] }],
    ["new_lead", { sources: ["META", "META"] }],
    ["no_conversion", { minDaysSinceLastContact: 0 }],
    ["no_conversion", { minDaysSinceLastContact: 7.5 }],
    ["no_conversion", { excludeStatus: ["GONE"] }],
    ["no_conversion", { minDays: 7 }],
  ] as const)("of %s refuses %j", (triggerType, triggerConfig) => {
    expect(accepts(TRIGGER_CONFIG_SCHEMAS[triggerType], triggerConfig)).toBe(false);
    expect(accepts(triggerSchema, { triggerType, triggerConfig })).toBe(false);
  });
});

describe("a voice agent's configuration", () => {
  const said = { firstMessage: "Hello!", instructions: "You are Alex." };

  test("takes the document's example, and its defaults for what is left out", () => {
    const example = { model: "gpt-4o", voice: "alloy", temperature: 0.7, ...said };
    expect(vapiConfigSchema.parse(example)).toEqual(example);
    expect(vapiConfigSchema.parse(said)).toEqual(example);
  });

  test.each([
    { ...said, temperature: 2.1 },
    { ...said, temperature: -1 },
    { ...said, volume: 11 },
    { ...said, firstMessage: " " },
    {},
  ])("refuses %j", (config) => {
    expect(accepts(vapiConfigSchema, config)).toBe(false);
  });
});

describe("a sequence's settings", () => {
  test("have defaults for everything", () => {
    expect(sequenceSettingsSchema.parse({})).toEqual({
      stopOnReply: true,
      sameCompany: false,
      onFailure: "continue",
      priority: 0,
      reentry: { rule: "never" },
    });
  });

  test("take a window, statuses and a re-entry rule", () => {
    const settings = {
      stopOnReply: false,
      sameCompany: true,
      sendWindow: { days: [6, 7], start: "22:00", end: "06:00" },
      allowStatuses: ["CONVERTED"],
      onFailure: "stop",
      priority: 10,
      reentry: { rule: "after_days", days: 90 },
    };
    expect(sequenceSettingsSchema.parse(settings)).toEqual(settings);
  });

  test.each([
    { stopOnreply: false },
    { sendWindow: { days: [8], start: "09:00", end: "18:00" } },
    { allowStatuses: [] },
    { onFailure: "retry" },
    { priority: 0.5 },
    { reentry: { rule: "after_days" } },
    { reentry: { rule: "never", days: 3 } },
  ])("refuse %j", (settings) => {
    expect(accepts(sequenceSettingsSchema, settings)).toBe(false);
  });
});

test("a delay is a whole number of hours, days or weeks, up to ten years", () => {
  expect(accepts(delaySchema, { value: 0, unit: "HOURS" })).toBe(true);
  expect(accepts(delaySchema, { value: 521, unit: "WEEKS" })).toBe(true);
  expect(accepts(delaySchema, { value: 522, unit: "WEEKS" })).toBe(false);
  expect(accepts(delaySchema, { value: 1.5, unit: "DAYS" })).toBe(false);
  expect(accepts(delaySchema, { value: -1, unit: "DAYS" })).toBe(false);
  expect(accepts(delaySchema, { value: 1, unit: "MONTHS" })).toBe(false);
});
