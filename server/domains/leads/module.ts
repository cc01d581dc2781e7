import type { Module } from "#platform/module.ts";
import { forgetBulkActions, runBulkActions } from "./commands/run-bulk-actions.ts";
import { forgetMerges } from "./commands/forget-merges.ts";
import { sweepUploads } from "./commands/redact-uploads.ts";
import { runImports } from "./commands/run-imports.ts";
import { refreshScores } from "./commands/score-leads.ts";
import { retrySubmissions } from "./commands/take-in-submissions.ts";
import { registerLeadJobs } from "./handlers.ts";
import { leadAdWebhooks, takesUpLeadWebhooks } from "./intake/ad-webhooks.ts";
import { publicForms } from "./intake/public-forms.ts";
import { leadsRouter } from "./routes.ts";

export const leadsModule: Module = {
  name: "leads",
  router: leadsRouter,
  register: registerLeadJobs,
  takesUp: takesUpLeadWebhooks,
  http: (server, runtime) => {
    leadAdWebhooks(server, runtime);
    publicForms(server, runtime);
  },
  loops: [
    { name: "leads.run-imports", everyMs: 1_000, turn: runImports },
    { name: "leads.retry-submissions", everyMs: 5_000, turn: retrySubmissions },
    { name: "leads.run-bulk-actions", everyMs: 1_000, turn: runBulkActions },
    { name: "leads.forget-bulk-actions", everyMs: 3_600_000, turn: forgetBulkActions },
    { name: "leads.refresh-scores", everyMs: 30_000, turn: refreshScores },
    { name: "leads.sweep-uploads", everyMs: 60_000, turn: sweepUploads },
    { name: "leads.forget-merges", everyMs: 3_600_000, turn: forgetMerges },
  ],
};
