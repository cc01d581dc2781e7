/*
 * The closed sets of this domain's words, by themselves: the address line of every page reads them, and must bring neither schemas nor
 * telephone numbers along.
 */

/** The kinds of address that tell who a lead is. */
export const IDENTITY_KINDS = ["EMAIL", "PHONE", "LINKEDIN"] as const;
export type IdentityKind = (typeof IDENTITY_KINDS)[number];

/** Where a lead came from. */
export const LEAD_SOURCES = ["MANUAL", "META", "API"] as const;
export type LeadSource = (typeof LEAD_SOURCES)[number];

/** Why nothing may be sent to an address. */
export const SUPPRESSION_REASONS = [
  "STOP_REPLY",
  "UNSUBSCRIBE",
  "COMPLAINT",
  "HARD_BOUNCE",
  "MANUAL",
  "ERASED",
] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

export const LEAD_SORTS = ["createdAt", "updatedAt", "name"] as const;
export type LeadSort = (typeof LEAD_SORTS)[number];
export const SORT_ORDERS = ["asc", "desc"] as const;
export type SortOrder = (typeof SORT_ORDERS)[number];
