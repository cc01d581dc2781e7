import { describe, expect, test } from "vitest";
import { sequenceSettingsSchema } from "#domains/outreach/trigger-config.ts";
import { otherTriggerKeys, sequenceFormSchema, typedSequence } from "#web/outreach/sequence-form.ts";

const plain = {
  name: "Welcome",
  description: null,
  triggerType: "manual" as const,
  triggerConfig: {},
  settings: sequenceSettingsSchema.parse({}),
};

describe("the settings of a sequence", () => {
  test("go back to the server as they came", () => {
    const settings = sequenceSettingsSchema.parse({
      stopOnReply: false,
      sameCompany: true,
      sendWindow: { days: [2, 4], start: "10:00", end: "16:30", zone: "Europe/Berlin" },
      allowStatuses: ["NEW"],
      onFailure: "stop",
      priority: -5,
      reentry: { rule: "after_days", days: 90 },
    });
    const triggerConfig = { sources: ["META"], campaigns: ["camp_1"] };
    const sequence = { ...plain, triggerType: "new_lead" as const, triggerConfig, settings };
    expect(sequenceFormSchema.parse(typedSequence(sequence))).toEqual(sequence);
    expect(sequenceFormSchema.parse(typedSequence(plain))).toEqual(plain);
  });

  test("say nothing of a window or of statuses that nobody chose", () => {
    const { settings } = sequenceFormSchema.parse(typedSequence(plain));
    expect(settings).not.toHaveProperty("sendWindow");
    expect(settings).not.toHaveProperty("allowStatuses");
  });

  test("are faulted on the field that is asked for, and only while it is", () => {
    const typed = typedSequence(plain);
    const broken = {
      ...typed,
      settings: { ...typed.settings, reentry: { rule: "after_days" as const, days: "soon" } },
    };
    expect(sequenceFormSchema.safeParse(broken).error?.issues[0]?.path).toEqual(["settings", "reentry", "days"]);
    const unasked = { ...typed, settings: { ...typed.settings, reentry: { rule: "never" as const, days: "soon" } } };
    expect(sequenceFormSchema.safeParse(unasked).success).toBe(true);
  });

  test("keep what the page has no field for, as long as the trigger stays", () => {
    const stored = { triggerType: "new_lead" as const, triggerConfig: { sources: [], filter: { hasEmail: true } } };
    expect(otherTriggerKeys(stored, "new_lead")).toEqual({ filter: { hasEmail: true } });
    expect(otherTriggerKeys(stored, "manual")).toEqual({});
  });
});
