export { dayStart } from "./day-starts.ts";
export { type BudgetLease, openLease } from "./budget.ts";
export { CHANNELS, type Channel } from "./channels.ts";
export { handOver, type Outgoing } from "./commands/hand-over.ts";
export { endSandboxCall, replyFromSandbox, reportFromSandbox } from "./commands/play-sandbox.ts";
export { resumeSender } from "./commands/move-sender.ts";
export { createSender } from "./commands/create-sender.ts";
export { type Draft, type Preparation, type RenderedMessage, prepareMessages } from "./commands/prepare-messages.ts";
export { sendTest } from "./commands/send-test.ts";
export { settleMessage } from "./commands/settle-message.ts";
export { daysFrom, lastDays } from "./day-starts.ts";
export { legalFloor } from "./floors.ts";
export { type Check, type Override, type Verdict, STATUSES_LEFT_ALONE } from "./gate.ts";
export {
  type DeliveryFact,
  type EngagementFact,
  type ExtraRulings,
  type InboundNotice,
  type MessagingHooks,
  type OptOutNotice,
  type SendTerms,
  registerMessagingHooks,
} from "./hooks.ts";
export { type Surroundings, loadSurroundings } from "./judge.ts";
export * from "./messages.ts";
export {
  type LastContacts,
  firstContactAfter,
  leadsInContact,
  listEngagement,
  listLastContacts,
  wasInContactAfter,
} from "./queries/contacts.ts";
export { type DeliveryRow, listDeliveries } from "./queries/list.ts";
export { cancelQueued, type NewMessage } from "./queries/outbound.ts";
export { LEASE_MS, releaseQueued } from "./queries/release.ts";
export { sumSends } from "./queries/overview.ts";
export { BLANK_VERDICT } from "./queries/personal-data.ts";
export { type PoolStanding, describeSenders } from "./senders/standing.ts";
export { countSegments, type SegmentCount } from "./segments.ts";
export { type SendWindow, nextOpen } from "./window.ts";
export { takeWebhook } from "./webhooks.ts";
