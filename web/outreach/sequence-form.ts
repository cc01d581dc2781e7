import { z } from "zod";
import { LEAD_SOURCES } from "#domains/leads/sets.ts";
import { LEAD_STATUSES } from "#domains/leads/status.ts";
import type { SequenceDetail } from "#domains/outreach/contract/sequences.ts";
import { TRIGGER_TYPES } from "#domains/outreach/states.ts";
import { newLeadTriggerSchema, noConversionTriggerSchema } from "#domains/outreach/trigger-config.ts";

export const REENTRY_RULES = ["never", "after_days", "always"] as const;
export const FAILURE_RULES = ["continue", "stop"] as const;

const whole = /^-?[0-9]{1,6}$/;
/** As the server has it: at most ten years. */
const isDays = (text: string) => whole.test(text) && Number(text) >= 1 && Number(text) <= 3_650;

/*
 * What the screen holds: every field of every trigger and rule at once, so that choosing another one and coming back loses
 * nothing; numbers as the texts that are typed. The names are those of the API, so that its faults find their fields.
 */
const typedSchema = z.object({
  name: z.string().trim().min(1, "Give it a name").max(200, "At most 200 characters"),
  description: z.string().trim().max(2_000, "At most 2,000 characters"),
  triggerType: z.enum(TRIGGER_TYPES),
  triggerConfig: z.object({
    sources: z.array(z.enum(LEAD_SOURCES)),
    campaigns: z.array(z.string()),
    minDaysSinceLastContact: z.string().trim(),
    excludeStatus: z.array(z.enum(LEAD_STATUSES)),
  }),
  settings: z.object({
    stopOnReply: z.boolean(),
    sameCompany: z.boolean(),
    hasWindow: z.boolean(),
    sendWindow: z.object({
      days: z.array(z.int()),
      start: z.string().trim(),
      end: z.string().trim(),
      zone: z.string().optional(),
    }),
    allowStatuses: z.array(z.enum(LEAD_STATUSES)),
    onFailure: z.enum(FAILURE_RULES),
    priority: z
      .string()
      .trim()
      .refine((text) => whole.test(text) && Math.abs(Number(text)) <= 1_000, "A whole number from −1,000 to 1,000"),
    reentry: z.object({ rule: z.enum(REENTRY_RULES), days: z.string().trim() }),
  }),
});

export type SequenceTyped = z.input<typeof typedSchema>;

/** Checks what only this choice asks for; the server's own schema has the last word. */
export const sequenceFormSchema = typedSchema
  .superRefine(({ triggerType, triggerConfig, settings }, issues) => {
    const fault = (path: string[], message: string) => issues.addIssue({ code: "custom", path, message });
    if (triggerType === "no_conversion" && !isDays(triggerConfig.minDaysSinceLastContact))
      fault(["triggerConfig", "minDaysSinceLastContact"], "A whole number of days, 1 to 3,650");
    if (settings.reentry.rule === "after_days" && !isDays(settings.reentry.days))
      fault(["settings", "reentry", "days"], "A whole number of days, 1 to 3,650");
    if (settings.hasWindow && settings.sendWindow.days.length === 0)
      fault(["settings", "sendWindow", "days"], "Choose at least one day");
  })
  .transform(patchOf);
export type SequenceChecked = z.output<typeof sequenceFormSchema>;

function patchOf({ name, description, triggerType, triggerConfig, settings }: z.output<typeof typedSchema>) {
  const { stopOnReply, sameCompany, hasWindow, sendWindow, allowStatuses, onFailure, priority, reentry } = settings;
  return {
    name,
    description: description === "" ? null : description,
    triggerType,
    triggerConfig: triggerOf(triggerType, triggerConfig),
    settings: {
      stopOnReply,
      sameCompany,
      onFailure,
      priority: Number(priority),
      reentry:
        reentry.rule === "after_days" ? { rule: reentry.rule, days: Number(reentry.days) } : { rule: reentry.rule },
      ...(hasWindow ? { sendWindow } : {}),
      // No choice means the rule of the house: everybody but those who are customers or lost.
      ...(allowStatuses.length > 0 ? { allowStatuses } : {}),
    },
  };
}

function triggerOf(
  type: SequenceTyped["triggerType"],
  { sources, campaigns, minDaysSinceLastContact, excludeStatus }: z.output<typeof typedSchema>["triggerConfig"],
): Record<string, unknown> {
  if (type === "manual") return {};
  if (type === "new_lead") return { sources, campaigns };
  return { minDaysSinceLastContact: Number(minDaysSinceLastContact), excludeStatus };
}

const KNOWN_KEYS = new Set(Object.keys(typedSchema.shape.triggerConfig.shape));

/** Parts of a stored trigger that this page has no field for: saved as they are, as long as the trigger stays. */
export function otherTriggerKeys(
  { triggerType, triggerConfig }: Pick<SequenceDetail, "triggerType" | "triggerConfig">,
  next: SequenceTyped["triggerType"],
): Record<string, unknown> {
  if (triggerType !== next) return {};
  return Object.fromEntries(Object.entries(triggerConfig).filter(([key]) => !KNOWN_KEYS.has(key)));
}

/** What the form begins with. */
export function typedSequence(
  sequence: Pick<SequenceDetail, "name" | "description" | "triggerType" | "triggerConfig" | "settings">,
): SequenceTyped {
  const { name, description, triggerType, triggerConfig, settings } = sequence;
  const newLead = newLeadTriggerSchema.safeParse(triggerConfig).data;
  const noConversion = noConversionTriggerSchema.safeParse(triggerConfig).data ?? noConversionTriggerSchema.parse({});
  const { sendWindow, reentry } = settings;
  return {
    name,
    description: description ?? "",
    triggerType,
    triggerConfig: {
      sources: newLead?.sources ?? [],
      campaigns: newLead?.campaigns ?? [],
      minDaysSinceLastContact: String(noConversion.minDaysSinceLastContact),
      excludeStatus: noConversion.excludeStatus,
    },
    settings: {
      stopOnReply: settings.stopOnReply,
      sameCompany: settings.sameCompany,
      hasWindow: sendWindow !== undefined,
      sendWindow: {
        days: sendWindow?.days ?? [1, 2, 3, 4, 5],
        start: sendWindow?.start ?? "09:00",
        end: sendWindow?.end ?? "18:00",
        zone: sendWindow?.zone,
      },
      allowStatuses: settings.allowStatuses ?? [],
      onFailure: settings.onFailure,
      priority: String(settings.priority),
      reentry: { rule: reentry.rule, days: reentry.rule === "after_days" ? String(reentry.days) : "30" },
    },
  };
}
