import { CONVERSION_STATUSES } from "#domains/conversions/rules.ts";
import type { LeadFilter, LeadFilterInput } from "#domains/leads/rules.ts";
import {
  IDENTITY_KINDS,
  LEAD_SORTS,
  LEAD_SOURCES,
  type LeadSort,
  type SortOrder,
  SUBMISSION_STATUSES,
  SUPPRESSION_REASONS,
} from "#domains/leads/sets.ts";
import { SCORE_LABELS } from "#domains/leads/score/sets.ts";
import { LEAD_STATUSES } from "#domains/leads/status.ts";
import { choice, choices, list, listParams, searchOf, text, type Param, type Search } from "#web/search.ts";

const YES_NO = ["true", "false"] as const;

export const leadsSearch = searchOf({
  ...listParams,
  status: choices(LEAD_STATUSES),
  source: choices(LEAD_SOURCES),
  tagsAny: list,
  tagsAll: list,
  tagsNone: list,
  country: list,
  /** Conditions on own fields: `plan:is:Gold`. */
  custom: list,
  createdFrom: text,
  createdBefore: text,
  /** The saved filter that the list was opened from. */
  view: text,
  scoreLabel: choices(SCORE_LABELS),
  hasEmail: choice(YES_NO),
  hasPhone: choice(YES_NO),
  suppressed: choice(YES_NO),
});
export type LeadsSearch = Search<typeof leadsSearch>;
export type WantedLeads = Omit<LeadsSearch, "row">;

/** `why`: the enrollment whose touches are explained; `touch`: the one of them that was asked about; `message`: any other message. */
export const leadSearch = searchOf({ why: text, touch: text, message: text });

/** The part of the URL that names leads: the same filter in list, count, export and bulk changes. */
export function leadFilterOf({ sort: _sort, view: _view, q, country, ...filter }: WantedLeads): LeadFilterInput {
  return {
    ...filter,
    country: country?.filter((code) => /^[A-Z]{2}$/.test(code)),
    search: q,
  };
}

/** A kept filter as the URL of the list has it. */
export const searchOfFilter = ({ search, ...filter }: LeadFilter): LeadsSearch =>
  leadsSearch({
    ...Object.fromEntries(
      Object.entries(filter).map(([name, value]) => [name, typeof value === "boolean" ? String(value) : value]),
    ),
    q: search,
  });

/** `-createdAt` as the API takes it. */
export function leadOrderOf(sort: string | undefined): { sort?: LeadSort; order?: SortOrder } {
  const field = LEAD_SORTS.find((candidate) => candidate === sort?.replace(/^-/, ""));
  return field ? { sort: field, order: sort?.startsWith("-") ? "desc" : "asc" } : {};
}

/** A calendar day of the workspace's zone. */
const day: Param<string> = (raw) => (typeof raw === "string" && /^\d{4}-\d{2}-\d{2}$/.test(raw) ? raw : undefined);

export const conversionsSearch = searchOf({
  q: text,
  status: choice(CONVERSION_STATUSES),
  source: text,
  since: day,
});
export type ConversionsSearch = Search<typeof conversionsSearch>;

export const suppressionsSearch = searchOf({
  ...listParams,
  kind: choice(IDENTITY_KINDS),
  reason: choice(SUPPRESSION_REASONS),
  active: choice(YES_NO),
});
export type SuppressionsSearch = Search<typeof suppressionsSearch>;

export const IMPORT_STEPS = ["map", "preview", "run"] as const;
export type ImportStep = (typeof IMPORT_STEPS)[number];
export const importSearch = searchOf({ step: choice(IMPORT_STEPS) });

/** `pair`: the two leads that are compared. */
export const duplicatesSearch = searchOf({ tab: choice(["open", "merged"]), pair: list });
export type DuplicatesSearch = Search<typeof duplicatesSearch>;

/** `source`: whose submissions are shown. */
export const intakeSearch = searchOf({
  tab: choice(["sources", "submissions"]),
  status: choice(SUBMISSION_STATUSES),
  source: text,
  row: text,
});
export type IntakeSearch = Search<typeof intakeSearch>;
