import { z } from "zod";
import { readCondition } from "./custom-fields.ts";
import { SCORE_LABELS } from "./score/sets.ts";
import {
  type BulkActionStatus,
  type BulkKind,
  type IdentityKind,
  LEAD_SOURCES,
  type LeadSort,
  type SortOrder,
} from "./sets.ts";
import { LEAD_STATUSES } from "./status.ts";

export * from "./score/sets.ts";
export * from "./sets.ts";
export { LEAD_STATUSES, type LeadHappening, type LeadStatus } from "./status.ts";
export { TIME_ZONE_SOURCES, type TimeZoneSource } from "./time-zone.ts";

export const SUPPRESSION_SCOPES = ["ALL", "EMAIL", "SMS", "CALL"] as const;
export type SuppressionScope = (typeof SUPPRESSION_SCOPES)[number];

/** The channels that an address of each kind is reached by: a suppression's scope is one of them or all. */
export const SCOPES_OF: Record<IdentityKind, readonly SuppressionScope[]> = {
  EMAIL: ["ALL", "EMAIL"],
  PHONE: ["ALL", "SMS", "CALL"],
  LINKEDIN: ["ALL"],
};

export const PROPOSAL_STATUSES = ["OPEN", "MERGED", "DISMISSED"] as const;
export type ProposalStatus = (typeof PROPOSAL_STATUSES)[number];

/** How long a merge can be undone. */
export const MERGE_UNDO_DAYS = 90;

export const IMPORT_STATUSES = ["UPLOADED", "MAPPED", "RUNNING", "COMPLETED", "FAILED", "CANCELLED"] as const;
export type ImportStatus = (typeof IMPORT_STATUSES)[number];

/** What can be done to an import, and in which states: the server refuses the rest, the browser greys it out. */
export const IMPORT_ACTIONS = {
  map: ["UPLOADED", "MAPPED"],
  preview: ["UPLOADED", "MAPPED"],
  start: ["UPLOADED", "MAPPED", "FAILED"],
  cancel: ["UPLOADED", "MAPPED", "RUNNING"],
} as const satisfies Record<string, readonly ImportStatus[]>;
export type ImportAction = keyof typeof IMPORT_ACTIONS;

export const mayImport = (status: ImportStatus, action: ImportAction) =>
  IMPORT_ACTIONS[action].some((allowed) => allowed === status);

/** `fill` writes only where the lead has nothing; `overwrite` also replaces the fields that are named. */
export const UPDATE_POLICIES = ["fill", "overwrite"] as const;
export type UpdatePolicy = (typeof UPDATE_POLICIES)[number];

/** The fields that an `overwrite` may name. Addresses that are not overwritten are added beside the others. */
export const OVERWRITABLE_FIELDS = [
  "externalId",
  "firstName",
  "lastName",
  "fullName",
  "email",
  "phone",
  "linkedin",
  "company",
  "jobTitle",
  "website",
  "sourceLabel",
  "status",
  "timeZone",
  "region",
  "country",
  "notes",
  "meta",
  "custom",
] as const;
export type OverwritableField = (typeof OVERWRITABLE_FIELDS)[number];

/** Dates are read newest first, scores highest first, names from A. */
export const usualOrder = (sort: LeadSort): SortOrder => (sort === "name" ? "asc" : "desc");

/** One value or several: query strings repeat a key, and a key that stands once is no list there. */
const listOf = <T extends z.ZodType>(item: T, max: number) =>
  z.union([z.array(item).max(max), item.transform((one) => [one])]).optional();
/** Query strings know words only. */
const flag = z.union([z.boolean(), z.stringbool({ truthy: ["true"], falsy: ["false"] })]).optional();
const id = z.string().max(60);

/**
 * Which leads: the same object in the list, its count, the export, bulk changes and bulk enrolment. What is left out does not
 * restrict; of a list, any one value must fit, save where the name says otherwise.
 */
export const leadFilterSchema = z.object({
  status: listOf(z.enum(LEAD_STATUSES), LEAD_STATUSES.length),
  source: listOf(z.enum(LEAD_SOURCES), LEAD_SOURCES.length),
  /** ISO 3166 alpha-2. */
  country: listOf(z.string().regex(/^[A-Z]{2}$/, "Write the country as two capital letters"), 50),
  /** Ids of tags. */
  tagsAny: listOf(id, 20),
  tagsAll: listOf(id, 20),
  tagsNone: listOf(id, 20),
  /**
   * Of the workspace's own fields: `plan:is:gold`, `renews_on:before:2026-03-02`, `budget:set`. Several values of one field with `is`: any. A
   * field that is archived or unknown finds nobody.
   */
  custom: listOf(
    z
      .string()
      .max(280)
      .refine((text) => readCondition(text) !== undefined, "Write it as plan:is:gold or budget:set"),
    20,
  ),
  /** By score; a lead that was not scored yet has none. */
  scoreLabel: listOf(z.enum(SCORE_LABELS), SCORE_LABELS.length),
  hasEmail: flag,
  hasPhone: flag,
  /** True: some channel to some address of the lead is closed. */
  suppressed: flag,
  createdFrom: z.iso.datetime({ offset: true }).optional(),
  /** The first instant that is too late. */
  createdBefore: z.iso.datetime({ offset: true }).optional(),
  /** Name, e-mail, part of a phone number, company, tag or note. */
  search: z.string().max(200).optional(),
});
export type LeadFilter = z.infer<typeof leadFilterSchema>;
export type LeadFilterInput = z.input<typeof leadFilterSchema>;

/** How long bulk actions and bulk assignments can be undone, and whom an action refused is kept. */
export const BULK_UNDO_DAYS = 30;

/** What of a bulk work says whether it can be taken back; its statuses are those of a bulk action. */
export type Undoable = {
  status: BulkActionStatus;
  changedCount: number;
  undoneAt: Date | null;
  finishedAt: Date | null;
};

/** Why a bulk work cannot be taken back at this time, or null. */
export function whyNotTakeBack({ status, changedCount, undoneAt, finishedAt }: Undoable, now: Date): string | null {
  if (status === "QUEUED" || status === "RUNNING") return "It is still under way: stop it first.";
  if (undoneAt) return "It was undone before.";
  if (changedCount === 0) return "It changed nothing.";
  const endedAt = finishedAt ?? now;
  return now.getTime() - endedAt.getTime() > BULK_UNDO_DAYS * 86_400_000
    ? `It ended more than ${BULK_UNDO_DAYS} days ago.`
    : null;
}

/** What a filter looks for once the person was erased whom it looked for. */
export const ERASED_SEARCH = "[erased]";

export const isErasedSearch = ({ search }: { search?: string | undefined }): boolean =>
  search?.startsWith(ERASED_SEARCH) === true;

/** Why work over all leads of such a filter ends: for whom it was asked, beside the person, nobody knows any more. */
export const SEARCH_ERASED =
  "It looked for somebody whose data was erased meanwhile, so it ended here. What was done before stays. Ask again for the others, in other words.";

/** Why a bulk action cannot be taken back, or null. */
export function whyNotUndo(action: Undoable & { kind: BulkKind }, now: Date): string | null {
  if (action.kind === "undo" || action.kind === "delete" || action.kind === "suppress")
    return "Only tags, statuses and values are put back.";
  return whyNotTakeBack(action, now);
}

/** Above this many leads a bulk change runs as a job. */
export const BULK_AT_ONCE = 1_000;

const tagName = z.string().trim().min(1).max(60);

/** A change to many leads at once: to those named, or to all that a filter finds at the moment they are changed. */
export const bulkChangeSchema = z
  .object({
    leadIds: z.array(id).max(10_000).optional(),
    filter: leadFilterSchema.optional(),
    status: z.enum(LEAD_STATUSES).optional(),
    addTags: z.array(tagName).max(20).optional(),
    removeTags: z.array(tagName).max(20).optional(),
  })
  .refine(({ leadIds, filter }) => (leadIds === undefined) !== (filter === undefined), {
    path: ["leadIds"],
    error: "Name the leads or give a filter, one of the two",
  })
  .refine((change) => change.status || change.addTags?.length || change.removeTags?.length, {
    path: ["status"],
    error: "Say what to change: a status, tags to add or tags to remove",
  });
export type BulkChange = z.infer<typeof bulkChangeSchema>;
