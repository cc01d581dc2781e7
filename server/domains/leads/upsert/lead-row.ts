import type { LeadInput } from "../csv/row.ts";

/** A lead as one row of a batch describes it, normalised: what every way into the system (API, form, import, webhook) hands to upsert. */
export type LeadRow = Omit<LeadInput, "meta"> & {
  meta: Record<string, unknown>;
};

/** A field of a row that could not be used. */
export type FieldFault = { field: string; value: string; reason: string };
