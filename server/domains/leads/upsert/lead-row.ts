import type { LeadInput } from "../csv/row.ts";
import type { LeadSource } from "../rules.ts";

/** A lead as one row of a batch describes it, normalised: what every way into the system (API, form, import, webhook) hands to upsert. */
export type LeadRow = Omit<LeadInput, "source" | "meta"> & {
  source: LeadSource;
  /** Which form, key or file of that source. */
  sourceLabel?: string;
  meta: Record<string, unknown>;
};

/** A field of a row that could not be used. */
export type FieldFault = { field: string; value: string; reason: string };
