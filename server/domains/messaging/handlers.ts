import { subscribe } from "#platform/events.ts";
import {
  integrationConnected,
  integrationEnabled,
  integrationRemoved,
  integrationUpdated,
} from "#platform/integrations/messages.ts";
import { handleJob } from "#platform/jobs.ts";
import { registerMergeHook, registerPersonalDataHook } from "#domains/leads/index.ts";
import { checkAddedSender } from "./commands/check-sender-domain.ts";
import { processInboundEvents } from "./commands/process-inbound.ts";
import { heedChangedVendor as heedVendor } from "./commands/try-vendor-again.ts";
import { messagingMergeHook } from "./merge-hook.ts";
import { messagingPersonalData } from "./personal-data.ts";
import { checkSenderDomain, heedChangedVendor, processInbound } from "./messages.ts";

/** Names the jobs of this domain, once per process. */
export function registerMessagingJobs(): void {
  handleJob(processInbound, processInboundEvents);
  handleJob(heedChangedVendor, heedVendor);
  for (const changed of [integrationConnected, integrationEnabled, integrationRemoved])
    subscribe(changed, heedChangedVendor);
  subscribe(integrationUpdated, heedChangedVendor);
  handleJob(checkSenderDomain, checkAddedSender);
  registerMergeHook(messagingMergeHook);
  registerPersonalDataHook(messagingPersonalData);
}
