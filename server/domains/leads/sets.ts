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

/** On what a message to a person may rest. */
export const CONSENT_BASES = ["CONSENT", "LEGITIMATE_INTEREST", "CONTRACT"] as const;
export type ConsentBasis = (typeof CONSENT_BASES)[number];

/** A record is never changed: what is taken back is a record of its own. */
export const CONSENT_KINDS = ["GIVEN", "WITHDRAWN"] as const;
export type ConsentKind = (typeof CONSENT_KINDS)[number];

export const CONSENT_CHANNELS = ["EMAIL", "SMS", "CALL"] as const;
export type ConsentChannel = (typeof CONSENT_CHANNELS)[number];

export const LEAD_SORTS = ["createdAt", "updatedAt", "name"] as const;
export type LeadSort = (typeof LEAD_SORTS)[number];
export const SORT_ORDERS = ["asc", "desc"] as const;
export type SortOrder = (typeof SORT_ORDERS)[number];

/** What became of what a form, an advertisement or a program gave. RECEIVED: it is not taken in yet. */
export const SUBMISSION_STATUSES = [
  "RECEIVED",
  "CREATED",
  "UPDATED",
  "UNCHANGED",
  "CONFLICT",
  "FAULTY",
  "FAILED",
  "SPAM",
] as const;
export type SubmissionStatus = (typeof SUBMISSION_STATUSES)[number];

/** A form that people fill in, or another program that gives leads. */
export const INTAKE_KINDS = ["form", "api"] as const;
export type IntakeKind = (typeof INTAKE_KINDS)[number];
