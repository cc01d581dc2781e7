import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { companyWords, organisationDomain, sameCompany } from "../organisation.ts";
import { searchedLeads } from "./filter.ts";
import { searchPatterns } from "../search-text.ts";

/** Leads that the index is asked for, by company and by domain each: an organisation of more is looked at no further. */
const MOST_COLLEAGUES = 1_000;

/**
 * Leads of the same organisation as these, themselves not among them: their company has the same name, or an e-mail address of theirs the same domain,
 * unless anybody may have one there. Found by the index of the search box, three statements at most.
 */
export async function listColleagues(ctx: Context, leadId: string): Promise<string[]> {
  const { rows: own } = await sql<{ company: string | null; emails: string[] }>`
    select l.company, array(select i.value from lead_identities i where i.lead_id = l.id and i.kind = 'EMAIL') as emails
    from leads l where l.workspace_id = ${ctx.workspace} and l.id = ${leadId}`.execute(ctx.db);
  const [lead] = own;
  if (!lead) return [];
  const found = new Set<string>();
  const words = lead.company === null ? null : companyWords(lead.company);
  if (words) {
    const { rows } = await sql<{ id: string; company: string | null }>`
      select l.id, l.company from ${searchedLeads(searchPatterns(words.join(" ")), MOST_COLLEAGUES)} s join leads l on l.id = s.id`.execute(
      ctx.db,
    );
    for (const { id, company } of rows) if (sameCompany(lead.company, company)) found.add(id);
  }
  const domains = [...new Set(lead.emails.flatMap((email) => organisationDomain(email) ?? []))];
  if (domains.length > 0) {
    const { rows } = await sql<{ leadId: string; value: string }>`
      select i.lead_id, i.value from ${searchedLeads([domains.map((domain) => `%@${escapeLike(domain)}%`)], MOST_COLLEAGUES)} s
      join lead_identities i on i.lead_id = s.id and i.kind = 'EMAIL'`.execute(ctx.db);
    for (const row of rows) if (domains.includes(organisationDomain(row.value) ?? "")) found.add(row.leadId);
  }
  found.delete(leadId);
  return [...found];
}

const escapeLike = (text: string) => text.replace(/[\\%_]/g, "\\$&");
