import { FileText, Megaphone, Workflow } from "lucide-react";
import { api } from "#web/api.ts";
import { campaignLook } from "#web/outreach/campaign-words.ts";
import { sequenceLook } from "#web/outreach/words.ts";
import type { Finder, Found } from "#web/shell/commands.ts";
import { channelLook } from "#web/ui/channel-icon.tsx";

const MOST = 4;

/** Sequences by a part of the name, newest first. */
async function findSequences(search: string, signal: AbortSignal): Promise<Found[]> {
  const { data } = await api.outreach.sequences.list.call({ search, limit: MOST }, { signal });
  return data.map(({ id, name, status }) => ({
    id,
    label: name,
    hint: sequenceLook[status].label,
    link: { to: "/sequences/$sequenceId", params: { sequenceId: id } },
  }));
}

/** Campaigns by a part of the name, newest first. */
async function findCampaigns(search: string, signal: AbortSignal): Promise<Found[]> {
  const { data } = await api.outreach.campaigns.list.call({ search, limit: MOST }, { signal });
  return data.map(({ id, name, status }) => ({
    id,
    label: name,
    hint: campaignLook[status].label,
    link: { to: "/campaigns/$campaignId", params: { campaignId: id } },
  }));
}

/** Scripts by a part of the name, newest first. */
async function findScripts(search: string, signal: AbortSignal): Promise<Found[]> {
  const { data } = await api.outreach.scripts.list.call({ search, limit: MOST }, { signal });
  return data.map(({ id, name, type }) => ({
    id,
    label: name,
    hint: channelLook[type].name,
    link: { to: "/scripts/$scriptId", params: { scriptId: id } },
  }));
}

export const finders: readonly Finder[] = [
  { heading: "Sequences", icon: Workflow, permission: "outreach:read", find: findSequences },
  { heading: "Campaigns", icon: Megaphone, permission: "outreach:read", find: findCampaigns },
  { heading: "Scripts", icon: FileText, permission: "outreach:read", find: findScripts },
];
