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

export const LEAD_SORTS = ["createdAt", "updatedAt", "name", "score"] as const;
export type LeadSort = (typeof LEAD_SORTS)[number];
export const SORT_ORDERS = ["asc", "desc"] as const;
export type SortOrder = (typeof SORT_ORDERS)[number];
/** An order of the list as a saved filter keeps it: a minus turns it round. */
export const VIEW_SORTS = LEAD_SORTS.flatMap((sort) => [sort, `-${sort}`] as const);
export type ViewSort = (typeof VIEW_SORTS)[number];

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

/** What a workspace's own field may hold. */
export const FIELD_TYPES = ["text", "number", "boolean", "date", "select", "multi_select", "url"] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** How a filter asks for a field's value. */
export const FIELD_OPERATORS = ["is", "not", "has", "before", "after", "below", "above", "set", "unset"] as const;
export type FieldOperator = (typeof FIELD_OPERATORS)[number];

/** What can be asked of each type; whether there is a value, of all. */
export const OPERATORS_OF: Record<FieldType, readonly FieldOperator[]> = {
  text: ["is", "not", "has", "set", "unset"],
  url: ["is", "not", "has", "set", "unset"],
  number: ["is", "not", "above", "below", "set", "unset"],
  date: ["is", "before", "after", "set", "unset"],
  boolean: ["is", "set", "unset"],
  select: ["is", "not", "set", "unset"],
  multi_select: ["is", "not", "set", "unset"],
};

/** Changes to many leads at once. `undo` takes another one back. */
export const BULK_KINDS = ["tags", "status", "field", "suppress", "delete", "undo"] as const;
export type BulkKind = (typeof BULK_KINDS)[number];
export const BULK_ACTION_STATUSES = ["QUEUED", "RUNNING", "COMPLETED", "CANCELLED", "FAILED"] as const;
export type BulkActionStatus = (typeof BULK_ACTION_STATUSES)[number];
