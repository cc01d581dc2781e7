import { implement } from "@orpc/server";
import type { RequestContext } from "#platform/http/request-context.ts";
import { leadsContract } from "./contract.ts";
import { bulkActionHandlers } from "./routes/bulk-actions.ts";
import { consentHandlers } from "./routes/consents.ts";
import { customFieldHandlers } from "./routes/custom-fields.ts";
import { erasureHandlers, personalDataHandlers } from "./routes/erasures.ts";
import { importHandlers, mappingHandlers } from "./routes/imports.ts";
import { intakeSourceHandlers, submissionHandlers } from "./routes/intake.ts";
import { leadHandlers } from "./routes/leads.ts";
import { mergeHandlers } from "./routes/merges.ts";
import { leadScoreHandlers, scoreRuleHandlers } from "./routes/scores.ts";
import { savedFilterHandlers } from "./routes/saved-filters.ts";
import { proposalHandlers, suppressionHandlers, tagHandlers } from "./routes/lists.ts";

export const leadsRouter = implement(leadsContract)
  .$context<RequestContext>()
  .router({
    ...leadHandlers,
    ...personalDataHandlers,
    ...leadScoreHandlers,
    erasures: erasureHandlers,
    consents: consentHandlers,
    bulkActions: bulkActionHandlers,
    customFields: customFieldHandlers,
    savedFilters: savedFilterHandlers,
    tags: tagHandlers,
    suppressions: suppressionHandlers,
    mergeProposals: proposalHandlers,
    merges: mergeHandlers,
    imports: importHandlers,
    importMappings: mappingHandlers,
    intakeSources: intakeSourceHandlers,
    submissions: submissionHandlers,
    scoreRules: scoreRuleHandlers,
  });
