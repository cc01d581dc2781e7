import { z } from "zod";
import { defineEvent } from "#platform/events.ts";
import { defineJob } from "#platform/jobs.ts";
import { IDENTITY_KINDS } from "./address.ts";
import {
  BULK_ACTION_STATUSES,
  BULK_KINDS,
  CONSENT_BASES,
  CONSENT_CHANNELS,
  CONSENT_KINDS,
  IMPORT_STATUSES,
  LEAD_SOURCES,
  SUBMISSION_STATUSES,
  SUPPRESSION_REASONS,
  SUPPRESSION_SCOPES,
  bulkChangeSchema,
} from "./rules.ts";
import { LEAD_HAPPENINGS, LEAD_STATUSES } from "./status.ts";

/** Events name leads and fields, never what the fields hold: a person's data can then be erased without rewriting history. */
export const leadCreated = defineEvent(
  "leads.lead-created",
  z.object({
    leadId: z.string(),
    source: z.enum(LEAD_SOURCES),
    sourceLabel: z.string().nullable(),
    importJobId: z.string().nullable(),
  }),
);

export const leadUpdated = defineEvent(
  "leads.lead-updated",
  z.object({ leadId: z.string(), changed: z.array(z.string()), importJobId: z.string().nullable() }),
);

/** The other lead is part of the survivor now. */
export const leadsMerged = defineEvent(
  "leads.leads-merged",
  z.object({ mergeId: z.string(), survivorId: z.string(), otherId: z.string(), changed: z.array(z.string()) }),
);

export const mergeUndone = defineEvent(
  "leads.merge-undone",
  z.object({ mergeId: z.string(), survivorId: z.string(), otherId: z.string() }),
);

/** A person gave a basis for messages over a channel, or took it back. */
export const consentRecorded = defineEvent(
  "leads.consent-recorded",
  z.object({
    consentId: z.string(),
    kind: z.enum(CONSENT_KINDS),
    channel: z.enum(CONSENT_CHANNELS),
    basis: z.enum(CONSENT_BASES),
  }),
);

/** Somebody took a copy of everything held about a person. */
export const leadExported = defineEvent("leads.lead-exported", z.object({ leadId: z.string() }));
/** A person's data was removed everywhere; the certificate says what was done. */
export const leadErased = defineEvent(
  "leads.lead-erased",
  z.object({ leadId: z.string(), erasureId: z.string(), counts: z.record(z.string(), z.int()) }),
);

export const leadDeleted = defineEvent("leads.lead-deleted", z.object({ leadId: z.string() }));

export const statusChanged = defineEvent(
  "leads.status-changed",
  z.object({
    leadId: z.string(),
    from: z.enum(LEAD_STATUSES),
    to: z.enum(LEAD_STATUSES),
    /** What moved it; a person's hand where it is not one of the happenings. */
    by: z.enum(["person", "upsert", ...LEAD_HAPPENINGS]),
  }),
);

/** By what changes of a lead's own row are told. */
export const LEAD_CHANGES = [leadUpdated, statusChanged, leadsMerged, mergeUndone] as const;

const suppression = z.object({
  suppressionId: z.string(),
  /** Null: nobody in the workspace has the address, which is suppressed all the same. */
  leadId: z.string().nullable(),
  kind: z.enum(IDENTITY_KINDS),
  reason: z.enum(SUPPRESSION_REASONS),
  scope: z.enum(SUPPRESSION_SCOPES),
});

/** One event for each lead that has the address. */
export const addressSuppressed = defineEvent("leads.address-suppressed", suppression);
export const suppressionLifted = defineEvent("leads.suppression-lifted", suppression.extend({ why: z.string() }));

export const proposalFiled = defineEvent(
  "leads.merge-proposed",
  z.object({ proposalId: z.string(), leadId: z.string(), otherLeadId: z.string(), kind: z.enum(IDENTITY_KINDS) }),
);

/** A batch of an import was applied: at most one for each thousand rows. */
export const importProgressed = defineEvent(
  "leads.import-progressed",
  z.object({ importId: z.string(), rowsRead: z.int(), bytesRead: z.int() }),
);

export const importFinished = defineEvent(
  "leads.import-finished",
  z.object({
    importId: z.string(),
    status: z.enum(IMPORT_STATUSES),
    created: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    faulty: z.int(),
  }),
);

export const leadsChanged = defineEvent(
  "leads.bulk-change-progressed",
  z.object({ bulkId: z.string(), changed: z.int(), done: z.boolean() }),
);

const bulkCounts = { kind: z.enum(BULK_KINDS), total: z.int(), changed: z.int(), unchanged: z.int(), refused: z.int() };
/** A batch of a bulk action was done: at most one for each thousand leads. */
export const bulkActionProgressed = defineEvent(
  "leads.bulk-action-progressed",
  z.object({ bulkActionId: z.string(), ...bulkCounts }),
);
export const bulkActionFinished = defineEvent(
  "leads.bulk-action-finished",
  z.object({ bulkActionId: z.string(), ...bulkCounts, status: z.enum(BULK_ACTION_STATUSES) }),
);

/** The tags there are have changed; those on leads are told by the leads. */
export const tagChanged = defineEvent(
  "leads.tag-changed",
  z.object({ tagId: z.string(), what: z.enum(["created", "renamed", "deleted"]) }),
);

/** The rules of the score are others; every lead is scored by them behind that. */
export const scoreRulesChanged = defineEvent("leads.score-rules-changed", z.object({ version: z.int() }));

/** The ways in for forms and programs have changed. */
export const intakeSourceChanged = defineEvent(
  "leads.intake-source-changed",
  z.object({ sourceId: z.string(), what: z.enum(["created", "changed", "deleted"]) }),
);

/** A form, an advertisement or a program gave a lead, and this is what came of it. */
export const submissionTaken = defineEvent(
  "leads.submission-taken",
  z.object({
    submissionId: z.string(),
    /** Null: the lead came from an advertisement. */
    sourceId: z.string().nullable(),
    /** The form's name. */
    label: z.string().nullable(),
    leadId: z.string().nullable(),
    outcome: z.enum(SUBMISSION_STATUSES),
    /** The campaign that leads of this source are put into. */
    campaignId: z.string().nullable(),
  }),
);

/** A person says that it is no machine's: it is taken in after all. */
export const submissionCleared = defineEvent(
  "leads.submission-cleared",
  z.object({ submissionId: z.string(), sourceId: z.string().nullable(), label: z.string().nullable() }),
);

/** New rules for scores were applied to so many leads more. */
export const scoresApplied = defineEvent("leads.scores-applied", z.object({ version: z.int(), done: z.boolean() }));

/** The workspace's own fields have changed; their values on leads are told by the leads. */
export const customFieldChanged = defineEvent(
  "leads.custom-field-changed",
  z.object({
    customFieldId: z.string(),
    key: z.string(),
    what: z.enum(["created", "changed", "archived", "restored", "ordered"]),
  }),
);

/** The saved filters there are have changed. */
export const savedFilterChanged = defineEvent(
  "leads.saved-filter-changed",
  z.object({ savedFilterId: z.string(), what: z.enum(["created", "changed", "deleted"]) }),
);

export const proposalDismissed = defineEvent("leads.merge-proposal-dismissed", z.object({ proposalId: z.string() }));

export const changeLeads = defineJob(
  "leads.change-leads",
  z.object({
    bulkId: z.string(),
    change: bulkChangeSchema,
    /** The person who asked: the events of the change name them. */
    actor: z.object({ kind: z.enum(["user", "api_key"]), id: z.string(), name: z.string() }),
    after: z.string().nullable(),
    changed: z.int(),
  }),
);

/** A tag was renamed or deleted: the search texts of its leads follow. */
export const refreshSearchTexts = defineJob(
  "leads.refresh-search-texts",
  z.object({ leadIds: z.array(z.string()).max(1_000) }),
);

/** Takes in what is due of the workspace: asked for as soon as something came; what failed is found by a loop when its time has come. */
export const takeInSubmissions = defineJob("leads.take-in-submissions", z.object({}));

/** Leads that were made or changed, or that did something: their scores follow. */
export const scoreLeads = defineJob(
  "leads.score-leads",
  z.object({ items: z.array(z.object({ leadId: z.string() })) }),
);

/** An import has ended: the scores of its leads follow, a page of its events at a time. */
export const scoreImported = defineJob("leads.score-imported", importFinished.payload);
export const scoreImportedBehind = defineJob(
  "leads.score-imported-behind",
  z.object({ importId: z.string(), after: z.object({ at: z.iso.datetime(), id: z.string() }) }),
);

/** The rules have changed: the scores of all leads follow, behind one of them. */
export const scoreAll = defineJob("leads.score-all", z.object({ version: z.int(), after: z.string() }));
