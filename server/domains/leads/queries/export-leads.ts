import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { type CustomField, customText } from "../custom-fields.ts";
import type { LeadFilter } from "../rules.ts";
import { findLeads, type LeadView } from "./leads.ts";
import { nextMatching } from "./next-leads.ts";

const PAGE = 1_000;

const EXPORT_HEADER = [
  "id",
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
  "status",
  "source",
  "sourceLabel",
  "tags",
  "region",
  "country",
  "timeZone",
  "notes",
  "createdAt",
  "updatedAt",
] as const;

/** The columns of an export: those of every lead, then the workspace's own fields by their names. */
export const exportHeader = (fields: readonly CustomField[]): string[] => [
  ...EXPORT_HEADER,
  ...fields.map(({ label }) => label),
];

const toCells = (lead: LeadView, fields: readonly CustomField[]): unknown[] => [
  ...EXPORT_HEADER.map((field) => {
    if (field === "tags") return lead.tags.map(({ name }) => name).join("; ");
    const value = lead[field];
    return value instanceof Date ? value.toISOString() : value;
  }),
  ...fields.map(({ key }) => customText(lead.custom[key])),
];

/**
 * All leads of a filter, the oldest first, page by page. Each page is a read of its own, of a bounded number of leads: an export holds no lock and no
 * snapshot, and of a filter that few meet a page may have nobody.
 */
export async function* exportPages(
  ctx: Context,
  filter: LeadFilter,
  fields: readonly CustomField[],
): AsyncGenerator<unknown[][], undefined> {
  let after: Cursor | null = null;
  do {
    const { ids, next }: Awaited<ReturnType<typeof nextMatching>> = await nextMatching(ctx, filter, after, PAGE);
    const leads = new Map((await findLeads(ctx, ids)).map((lead) => [lead.id, lead]));
    yield ids.flatMap((id) => {
      const lead = leads.get(id);
      return lead ? [toCells(lead, fields)] : [];
    });
    after = next;
  } while (after !== null);
}
