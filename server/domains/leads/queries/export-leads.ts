import type { Context } from "#platform/context.ts";
import type { LeadFilter } from "../rules.ts";
import { findLeads, nextLeadIds, type LeadView } from "./leads.ts";

const PAGE = 1_000;

export const EXPORT_HEADER = [
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

const toCells = (lead: LeadView): unknown[] =>
  EXPORT_HEADER.map((field) => {
    if (field === "tags") return lead.tags.map(({ name }) => name).join("; ");
    const value = lead[field];
    return value instanceof Date ? value.toISOString() : value;
  });

/** All leads of a filter, the oldest first, page by page. Each page is a read of its own: an export holds no lock and no snapshot. */
export async function* exportPages(ctx: Context, filter: LeadFilter): AsyncGenerator<unknown[][], undefined> {
  for (let after: string | null = null; ;) {
    const ids: string[] = await nextLeadIds(ctx, filter, after, PAGE);
    if (ids.length === 0) return undefined;
    const leads = new Map((await findLeads(ctx, ids)).map((lead) => [lead.id, lead]));
    yield ids.flatMap((id) => {
      const lead = leads.get(id);
      return lead ? [toCells(lead)] : [];
    });
    after = ids.at(-1) ?? null;
  }
}
