import type { Context } from "#platform/context.ts";
import type { Runtime } from "#platform/runtime.ts";
import { createWorkspaceWithOwner, listWorkspaceIds, updateSettings } from "#domains/accounts/index.ts";
import { createLead } from "#domains/leads/index.ts";
import { activateSequence, createScript, createSequence, enrollLeads, putSteps } from "#domains/outreach/index.ts";
import { DEMO_PEOPLE } from "./people.ts";

const LOGIN = { email: "demo@throughline.example", password: "throughline-demo" };
const ANY_HOUR = { days: [1, 2, 3, 4, 5, 6, 7], start: "00:00", end: "24:00" };

/**
 * Fills an empty database with a workspace to look at, through the same commands that people use: leads, scripts, and sequences whose first
 * touches go out to the sandbox as soon as the worker runs. Answers the login, or null when there is a workspace already.
 */
export async function seedDemo(runtime: Runtime): Promise<{ email: string; password: string } | null> {
  if ((await listWorkspaceIds(runtime)).length > 0) return null;
  const { ctx } = await createWorkspaceWithOwner(runtime, {
    workspaceName: "Northlight Studio",
    name: "Robin Demo",
    ...LOGIN,
  });
  await updateSettings(ctx, {
    senderName: "Northlight Studio",
    senderEmail: "robin@northlight.example",
    postalAddress: "12 Harbour Lane, Portland, ME 04101",
  });
  const leadIds = await addPeople(ctx);
  const scripts = await addScripts(ctx);

  const welcome = await createSequence(ctx, {
    name: "Welcome new enquiries",
    description: "A mail at once, a text half a day later, a call after two days.",
    triggerType: "manual",
    settings: settings(ANY_HOUR),
  });
  await putSteps(ctx, welcome, [
    step("EMAIL", scripts.email, 0, "HOURS"),
    step("SMS", scripts.sms, 12, "HOURS"),
    step("CALL", scripts.call, 2, "DAYS"),
  ]);
  await activateSequence(ctx, welcome);
  await enrollLeads(ctx, { sequenceId: welcome, leadIds: leadIds.slice(0, 10), by: "person" });

  const checkIn = await createSequence(ctx, {
    name: "Check in again",
    description: "One text to those we have met.",
    triggerType: "manual",
    settings: settings(undefined),
  });
  await putSteps(ctx, checkIn, [step("SMS", scripts.sms, 0, "HOURS")]);
  await activateSequence(ctx, checkIn);
  await enrollLeads(ctx, { sequenceId: checkIn, leadIds: leadIds.slice(10, 16), by: "person" });
  return LOGIN;
}

const settings = (sendWindow: typeof ANY_HOUR | undefined) => ({
  stopOnReply: true,
  onFailure: "continue" as const,
  priority: 0,
  reentry: { rule: "never" as const },
  ...(sendWindow ? { sendWindow } : {}),
});

const step = (
  channel: "EMAIL" | "SMS" | "CALL",
  scriptId: string,
  delayValue: number,
  delayUnit: "HOURS" | "DAYS",
) => ({
  channel,
  scriptId,
  delayValue,
  delayUnit,
  conditions: {},
  isActive: true,
});

async function addPeople(ctx: Context): Promise<string[]> {
  const ids: string[] = [];
  for (const [firstName, lastName, email, phone, company, source, status] of DEMO_PEOPLE) {
    const { leadId } = await createLead(ctx, { firstName, lastName, email, phone, company, source, status });
    ids.push(leadId);
  }
  return ids;
}

async function addScripts(ctx: Context): Promise<{ email: string; sms: string; call: string }> {
  const email = await createScript(ctx, {
    name: "Welcome mail",
    type: "EMAIL",
    subject: "{{ firstName }}, a first idea for {{ company }}",
    preheader: "Two minutes to read",
    content:
      "Hi {{ firstName }},\n\nthank you for writing to us. We looked at **{{ company }}** and have one idea that we would like to show you.\n\nWould a short call this week suit you? Just answer this mail.\n\nRobin, {{ sender.name }}",
  });
  const sms = await createScript(ctx, {
    name: "Short text",
    type: "SMS",
    content:
      "Hi {{ firstName }}, Robin of {{ sender.name }} here. Did my mail reach you? A yes or no is plenty. Reply STOP to opt out.",
  });
  const call = await createScript(ctx, {
    name: "First call",
    type: "CALL",
    vapiConfig: {
      model: "gpt-4o",
      voice: "alloy",
      temperature: 0.7,
      firstMessage: "Hello {{ firstName }}, this is Alex from {{ sender.name }}. Is this a good moment?",
      instructions:
        "You are Alex, friendly and brief. Find out whether {{ company }} would like a short call with Robin this week. End the call when asked to.",
    },
  });
  return { email, sms, call };
}
