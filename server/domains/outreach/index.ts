export { activateSequence } from "./commands/activate-sequence.ts";
export { createScript } from "./commands/create-script.ts";
export { createSequence } from "./commands/create-sequence.ts";
export { enrollLeads } from "./commands/enroll-leads.ts";
export { putSteps } from "./commands/put-steps.ts";
export * from "./messages.ts";
