import { handleJob } from "#platform/jobs.ts";
import { changeNextLeads } from "./commands/change-leads.ts";
import { rewriteSearchTexts } from "./commands/refresh-search-texts.ts";
import { takeInAll } from "./commands/take-in-submissions.ts";
import { consentMergeHook } from "./merge/consents.ts";
import { registerMergeHook } from "./merge/hooks.ts";
import { submissionMergeHook } from "./merge/submissions.ts";
import { changeLeads, refreshSearchTexts, takeInSubmissions } from "./messages.ts";

/** Names the jobs and hooks of this domain, once per process. */
export function registerLeadJobs(): void {
  handleJob(changeLeads, changeNextLeads);
  handleJob(refreshSearchTexts, (ctx, { leadIds }) => rewriteSearchTexts(ctx, leadIds));
  handleJob(takeInSubmissions, takeInAll);
  registerMergeHook(consentMergeHook);
  registerMergeHook(submissionMergeHook);
}
