import { Users } from "lucide-react";
import { api } from "#web/api.ts";
import { readUntilFound } from "#web/leads/read-until-found.ts";
import { leadName } from "#web/leads/words.ts";
import type { Finder, Found } from "#web/shell/commands.ts";

const MOST = 6;

/** Leads by name, e-mail address, phone number or company, as the list of leads finds them. */
async function findLeads(text: string, signal: AbortSignal): Promise<Found[]> {
  const found = await readUntilFound((cursor) =>
    api.leads.list.call({ search: text, limit: MOST, cursor }, { signal }),
  );
  return found.map((lead) => ({
    id: lead.id,
    label: leadName(lead),
    hint: [lead.company, lead.email ?? lead.phone].filter(Boolean).join(", "),
    link: { to: "/leads/$leadId", params: { leadId: lead.id } },
  }));
}

export const finders: readonly Finder[] = [
  { heading: "Leads", icon: Users, permission: "leads:read", find: findLeads },
];
