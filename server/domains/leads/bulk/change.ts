import { z } from "zod";
import type { CustomValue } from "../custom-fields.ts";
import { customValueSchema } from "../custom-fields.ts";
import { CONSENT_CHANNELS } from "../sets.ts";
import { LEAD_STATUSES } from "../status.ts";

const tagName = z.string().trim().min(1).max(60);
const kindOf = <const Kind extends string>(kind: Kind) => ({ kind: z.literal(kind) });

/** What a bulk action does to each of its leads. */
export const bulkDoingSchema = z.discriminatedUnion("kind", [
  z.object({
    ...kindOf("tags"),
    addTags: z.array(tagName).max(20).default([]),
    removeTags: z.array(tagName).max(20).default([]),
  }),
  z.object({ ...kindOf("status"), status: z.enum(LEAD_STATUSES) }),
  z.object({
    ...kindOf("field"),
    /** The key of one of the workspace's own fields. */
    key: z.string().max(60),
    /** Null clears. */
    value: customValueSchema.nullable(),
  }),
  z.object({
    ...kindOf("suppress"),
    scope: z.enum(["ALL", ...CONSENT_CHANNELS]).default("ALL"),
    /** Why, in the person's words. */
    evidence: z.string().trim().max(500).nullable().default(null),
  }),
  z.object(kindOf("delete")),
]);
export type BulkDoing = z.infer<typeof bulkDoingSchema>;

/** What a lead had before, of what was changed. */
export const beforeSchema = z.object({
  status: z.enum(LEAD_STATUSES).optional(),
  added: z.array(z.string()).optional(),
  removed: z.array(z.string()).optional(),
  value: customValueSchema.nullable().optional(),
});
export type Before = z.infer<typeof beforeSchema>;

/** What is written to one lead. */
export type LeadChange = {
  leadId: string;
  status?: (typeof LEAD_STATUSES)[number];
  add?: string[];
  remove?: string[];
  field?: { key: string; value: CustomValue | null };
};

/** What becomes of one lead of a bulk action. */
export type LeadVerdict =
  | { leadId: string; kind: "changed"; before: Before; change: LeadChange }
  | { leadId: string; kind: "unchanged" }
  | { leadId: string; kind: "refused"; reason: string };
