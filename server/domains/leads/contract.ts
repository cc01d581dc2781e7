import { bulkActionOperations } from "./contract/bulk-actions.ts";
import { consentOperations } from "./contract/consents.ts";
import { customFieldOperations } from "./contract/custom-fields.ts";
import { erasureOperations, personalDataOperations } from "./contract/erasures.ts";
import { importOperations, savedMappingOperations } from "./contract/imports.ts";
import { intakeSourceOperations, submissionOperations } from "./contract/intake.ts";
import { leadOperations } from "./contract/leads.ts";
import { proposalOperations, suppressionOperations, tagOperations } from "./contract/lists.ts";
import { mergeOperations } from "./contract/merges.ts";
import { leadScoreOperations, scoreRuleOperations } from "./contract/scores.ts";
import { savedFilterOperations } from "./contract/saved-filters.ts";

export type { BulkActionPreview, BulkActionView, NewBulkAction } from "./contract/bulk-actions.ts";
export type { ConsentView } from "./contract/consents.ts";
export type { CustomFieldView } from "./contract/custom-fields.ts";
export type { ErasureView } from "./contract/erasures.ts";
export type { ImportView, PreviewRowView } from "./contract/imports.ts";
export type { IntakeSourceView, SubmissionView } from "./contract/intake.ts";
export type { Deletion, Lead, LeadDetail, TimelineEntry, UpsertOutcome } from "./contract/leads.ts";
export type { MergeChoice, MergeField } from "./merge/plan.ts";
export type { MergeResultView, MergeView } from "./contract/merges.ts";
export type { ProposalView, SuppressionView, Tag } from "./contract/lists.ts";
export type { LeadScoreView, ScorePreviewView, ScoreSettingsView } from "./contract/scores.ts";
export type { ScoreRule, ScoreRules } from "./score/rules.ts";
export type { SavedFilterView } from "./contract/saved-filters.ts";
export { leadFieldsSchema, type LeadFields, type LeadPatch } from "./lead-fields.ts";

/** Leads, what they are tagged with, what they may not be sent, and how they come in. */
export const leadsContract = {
  ...leadOperations,
  ...personalDataOperations,
  ...leadScoreOperations,
  erasures: erasureOperations,
  consents: consentOperations,
  bulkActions: bulkActionOperations,
  customFields: customFieldOperations,
  savedFilters: savedFilterOperations,
  tags: tagOperations,
  suppressions: suppressionOperations,
  mergeProposals: proposalOperations,
  merges: mergeOperations,
  imports: importOperations,
  importMappings: savedMappingOperations,
  intakeSources: intakeSourceOperations,
  submissions: submissionOperations,
  scoreRules: scoreRuleOperations,
};
