import { subscribe, subscribeBatch } from "#platform/events.ts";
import { handleJob } from "#platform/jobs.ts";
import { settingsChanged } from "#domains/accounts/index.ts";
import { registerConversionHook } from "#domains/conversions/index.ts";
import {
  addressSuppressed,
  leadCreated,
  leadUpdated,
  registerMergeHook,
  registerPersonalDataHook,
  statusChanged,
  submissionTaken,
} from "#domains/leads/index.ts";
import {
  registerMessagingHooks,
  senderAdded,
  senderChanged,
  senderRemoved,
  senderResumed,
  vendorRecovered,
  vendorTriedAgain,
} from "#domains/messaging/index.ts";
import { assignSubmitted as takeSubmitted } from "./commands/assign-submitted.ts";
import { assignNextMatching, autoAssignLeads } from "./commands/auto-assign.ts";
import { endConverted as leaveConverted, leaveAsCustomers } from "./commands/end-converted.ts";
import { enrollAssignedLeads as takeAssignedLeads } from "./commands/enroll-assigned-leads.ts";
import { enrollNewLeads as takeNewLeads } from "./commands/enroll-new-leads.ts";
import { movesTouches, replanHeld as planHeld, replanWaiting as planAgain } from "./commands/replan-waiting.ts";
import { stopUnreachable as leaveUnreachable } from "./commands/stop-unreachable.ts";
import { outreachHooks } from "./engine/hooks.ts";
import { outreachMergeHook } from "./engine/merge-hook.ts";
import { outreachPersonalData } from "./engine/personal-data.ts";
import { isClosedByHand } from "./engine/stop-rules.ts";
import {
  askSendersAgain,
  assignMatching,
  assignSubmitted,
  autoAssign,
  endConverted,
  enrollAssignedLeads,
  enrollNewLeads,
  leadAssigned,
  replanHeld,
  replanWaiting,
  stopUnreachable,
} from "./messages.ts";

/** Names the jobs, subscriptions and hooks of this domain, once per process. */
export function registerOutreach(): void {
  handleJob(enrollNewLeads, takeNewLeads);
  subscribeBatch(leadCreated, enrollNewLeads);
  handleJob(enrollAssignedLeads, takeAssignedLeads);
  subscribeBatch(leadAssigned, enrollAssignedLeads);
  handleJob(autoAssign, autoAssignLeads);
  subscribeBatch(leadCreated, autoAssign);
  subscribeBatch(leadUpdated, autoAssign);
  // What a sender's own work moves (NEW to CONTACTED, by the thousand) brings nobody into a campaign.
  subscribeBatch(statusChanged, autoAssign, ({ by }) => by === "person");
  handleJob(assignMatching, assignNextMatching);
  handleJob(assignSubmitted, takeSubmitted);
  subscribeBatch(submissionTaken, assignSubmitted, ({ campaignId, leadId }) => campaignId !== null && leadId !== null);
  handleJob(endConverted, leaveConverted);
  subscribe(statusChanged, endConverted, ({ to }) => to === "CONVERTED");
  handleJob(stopUnreachable, leaveUnreachable);
  // Whoever says no themselves leaves every sequence in the same transaction (engine/hooks.ts).
  subscribe(addressSuppressed, stopUnreachable, (closed) => isClosedByHand(closed) && closed.leadId !== null);
  handleJob(replanWaiting, planAgain);
  subscribe(settingsChanged, replanWaiting, ({ changes }) => movesTouches(changes));
  // A sale that is recorded ends them in its own transaction; a status that is set, here above.
  registerConversionHook({ name: "outreach", converted: leaveAsCustomers });
  handleJob(replanHeld, planHeld);
  for (const eased of [vendorRecovered, vendorTriedAgain]) subscribe(eased, replanHeld);
  handleJob(askSendersAgain, planAgain);
  for (const event of [senderAdded, senderChanged, senderResumed, senderRemoved]) subscribe(event, askSendersAgain);
  registerMessagingHooks(outreachHooks);
  registerMergeHook(outreachMergeHook);
  registerPersonalDataHook(outreachPersonalData);
}
