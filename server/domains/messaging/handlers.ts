import { handleJob } from "#platform/jobs.ts";
import { registerMergeHook, registerPersonalDataHook } from "#domains/leads/index.ts";
import { processInboundEvents } from "./commands/process-inbound.ts";
import { messagingMergeHook } from "./merge-hook.ts";
import { messagingPersonalData } from "./personal-data.ts";
import { processInbound } from "./messages.ts";

/** Names the jobs of this domain, once per process. */
export function registerMessagingJobs(): void {
  handleJob(processInbound, processInboundEvents);
  registerMergeHook(messagingMergeHook);
  registerPersonalDataHook(messagingPersonalData);
}
