import { handleJob } from "#platform/jobs.ts";
import { changeNextLeads } from "./commands/change-leads.ts";
import { rewriteSearchTexts } from "./commands/refresh-search-texts.ts";
import { consentMergeHook } from "./merge/consents.ts";
import { registerMergeHook } from "./merge/hooks.ts";
import { changeLeads, refreshSearchTexts } from "./messages.ts";

/** Names the jobs and hooks of this domain, once per process. */
export function registerLeadJobs(): void {
  handleJob(changeLeads, changeNextLeads);
  handleJob(refreshSearchTexts, (ctx, { leadIds }) => rewriteSearchTexts(ctx, leadIds));
  registerMergeHook(consentMergeHook);
}
