import { subscribe, subscribeBatch } from "#platform/events.ts";
import { handleJob } from "#platform/jobs.ts";
import { changeNextLeads } from "./commands/change-leads.ts";
import { rewriteSearchTexts } from "./commands/refresh-search-texts.ts";
import { scoreImport, scoreNext, scoreThese } from "./commands/score-leads.ts";
import { takeInAll } from "./commands/take-in-submissions.ts";
import { consentMergeHook } from "./merge/consents.ts";
import { registerMergeHook } from "./merge/hooks.ts";
import { scoreMergeHook } from "./merge/scores.ts";
import { submissionMergeHook } from "./merge/submissions.ts";
import {
  changeLeads,
  importFinished,
  leadCreated,
  leadUpdated,
  refreshSearchTexts,
  scoreAll,
  scoreImported,
  scoreImportedBehind,
  scoreLeads,
  takeInSubmissions,
} from "./messages.ts";

/** Names the jobs and hooks of this domain, once per process. */
export function registerLeadJobs(): void {
  handleJob(changeLeads, changeNextLeads);
  // The tag that was renamed or deleted may have given them points.
  handleJob(refreshSearchTexts, async (ctx, { leadIds }) => {
    await rewriteSearchTexts(ctx, leadIds);
    await scoreThese(ctx, { items: leadIds.map((leadId) => ({ leadId })) });
  });
  handleJob(scoreLeads, scoreThese);
  subscribeBatch(leadCreated, scoreLeads, ({ importJobId }) => importJobId === null);
  subscribeBatch(leadUpdated, scoreLeads, ({ importJobId }) => importJobId === null);
  handleJob(scoreImported, (ctx, { importId }) => scoreImport(ctx, { importId, after: null }));
  handleJob(scoreImportedBehind, scoreImport);
  subscribe(importFinished, scoreImported);
  handleJob(scoreAll, scoreNext);
  handleJob(takeInSubmissions, takeInAll);
  registerMergeHook(consentMergeHook);
  registerMergeHook(submissionMergeHook);
  registerMergeHook(scoreMergeHook);
}
