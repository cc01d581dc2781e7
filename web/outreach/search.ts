import { CHANNELS } from "#domains/messaging/channels.ts";
import {
  CAMPAIGN_LEAD_STATUSES,
  CAMPAIGN_STATUSES,
  ENROLLMENT_STATUSES,
  SEQUENCE_STATUSES,
} from "#domains/outreach/states.ts";
import { choice, listParams, searchOf, text, type Search } from "#web/search.ts";

export const scriptsSearch = searchOf({ ...listParams, type: choice(CHANNELS) });
export type ScriptsSearch = Search<typeof scriptsSearch>;

/** `lead` is whom the preview is for. */
export const scriptSearch = searchOf({ lead: text });
export type ScriptSearch = Search<typeof scriptSearch>;

export const sequencesSearch = searchOf({ ...listParams, status: choice(SEQUENCE_STATUSES) });
export type SequencesSearch = Search<typeof sequencesSearch>;

export const campaignsSearch = searchOf({ ...listParams, status: choice(CAMPAIGN_STATUSES) });
export type CampaignsSearch = Search<typeof campaignsSearch>;

export const CAMPAIGN_TABS = ["leads", "sequences", "scripts"] as const;
export type CampaignTab = (typeof CAMPAIGN_TABS)[number];

/** `status` is that of its leads, `bulk` the bulk assignment that is open. */
export const campaignSearch = searchOf({
  tab: choice(CAMPAIGN_TABS),
  q: text,
  status: choice(CAMPAIGN_LEAD_STATUSES),
  bulk: text,
});
export type CampaignSearch = Search<typeof campaignSearch>;

/** `row` is the day that is open. */
export const calendarSearch = searchOf({ month: text, row: text });
export type CalendarSearch = Search<typeof calendarSearch>;

export const SEQUENCE_TABS = ["steps", "people", "versions", "settings"] as const;
export type SequenceTab = (typeof SEQUENCE_TABS)[number];

/**
 * `row` is the enrollment that is explained, `touch` the one of its touches that was asked about, `bulk` the bulk enrolment that is open.
 * `version` is that of the people who are listed; `from` and `to` are the versions that are compared.
 */
export const sequenceSearch = searchOf({
  tab: choice(SEQUENCE_TABS),
  q: text,
  status: choice(ENROLLMENT_STATUSES),
  row: text,
  touch: text,
  bulk: text,
  version: text,
  from: text,
  to: text,
});
export type SequenceSearch = Search<typeof sequenceSearch>;
