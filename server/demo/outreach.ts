import type { Context } from "#platform/context.ts";
import {
  activateSequence,
  createScript,
  createSequence,
  listSteps,
  previewPublish,
  publishSequence,
  putSteps,
} from "#domains/outreach/index.ts";

/** First touches by mail may go at any hour; what the law says about texts and calls holds all the same. */
const ANY_HOUR = { days: [1, 2, 3, 4, 5, 6, 7], start: "00:00", end: "24:00" };

export type Scripts = { email: string; reminder: string; sms: string; call: string };

export async function writeScripts(ctx: Context): Promise<Scripts> {
  const email = await createScript(ctx, {
    name: "Welcome mail",
    type: "EMAIL",
    subject: "{{ firstName }}, a first idea for {{ company }}",
    preheader: "Two minutes to read",
    content: [
      "Hi {{ firstName }},",
      "thank you for writing to us. We looked at **{{ company }}** and have one idea that we would like to show you.",
      "Would a short call this week suit you? Just answer this mail.",
      "Robin, {{ sender.name }}",
    ].join("\n\n"),
  });
  const reminder = await createScript(ctx, {
    name: "One more thought",
    type: "EMAIL",
    subject: "One more thought on {{ company }}",
    preheader: "And then we leave you in peace",
    content: [
      "Hi {{ firstName }},",
      "we keep coming back to that idea for {{ company }}. If the time is not right, a one-line answer is enough and we ask again in spring.",
      "Robin, {{ sender.name }}",
    ].join("\n\n"),
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
  return { email, reminder, sms, call };
}

const settings = (sendWindow?: typeof ANY_HOUR) => ({
  stopOnReply: true,
  sameCompany: false,
  onFailure: "continue" as const,
  priority: 0,
  reentry: { rule: "never" as const },
  ...(sendWindow ? { sendWindow } : {}),
});

const step = (
  channel: "EMAIL" | "SMS" | "CALL",
  scriptId: string,
  delayValue: number,
  delayUnit: "HOURS" | "DAYS" | "WEEKS",
) => ({ channel, scriptId, delayValue, delayUnit, conditions: {}, isActive: true });

/** For whoever writes to us: mail at once, text a day later, call after two more, a last mail. */
export async function welcomeSequence(ctx: Context, scripts: Scripts): Promise<string> {
  const id = await createSequence(ctx, {
    name: "Welcome new enquiries",
    description: "A mail at once, a text after a day, a call two days later, a last mail.",
    triggerType: "manual",
    settings: settings(ANY_HOUR),
  });
  await putSteps(ctx, id, [
    step("EMAIL", scripts.email, 0, "HOURS"),
    step("SMS", scripts.sms, 1, "DAYS"),
    step("CALL", scripts.call, 2, "DAYS"),
    step("EMAIL", scripts.reminder, 4, "DAYS"),
  ]);
  await activateSequence(ctx, id);
  return id;
}

/**
 * After a week: the text was better received a little later, so there is a second version. Who is under way finishes the first, and of the call
 * there is an idea that nobody has published.
 */
export async function reviseWelcome(ctx: Context, sequenceId: string): Promise<void> {
  const wait = async (channel: "SMS" | "CALL", delayValue: number, delayUnit: "HOURS" | "DAYS") => {
    const steps = await listSteps(ctx, sequenceId);
    await putSteps(
      ctx,
      sequenceId,
      steps.map(({ id, channel: own, scriptId, ...one }) => ({
        ...step(own, scriptId ?? "", one.delayValue, one.delayUnit),
        id,
        ...(own === channel && { delayValue, delayUnit }),
      })),
    );
  };
  await wait("SMS", 30, "HOURS");
  const { seen } = await previewPublish(ctx, sequenceId);
  await publishSequence(ctx, { sequenceId, seen, move: false, note: "The text comes in the afternoon." });
  await wait("CALL", 3, "DAYS");
}

/** Takes in by itself whoever comes from an advertisement. */
export async function adSequence(ctx: Context, scripts: Scripts): Promise<string> {
  const id = await createSequence(ctx, {
    name: "Answer ad enquiries",
    description: "Whoever comes from an advertisement gets a mail at once and a text the next day.",
    triggerType: "new_lead",
    triggerConfig: { sources: ["META"] },
    settings: { ...settings(ANY_HOUR), priority: 10 },
  });
  await putSteps(ctx, id, [step("EMAIL", scripts.email, 0, "HOURS"), step("SMS", scripts.sms, 1, "DAYS")]);
  await activateSequence(ctx, id);
  return id;
}

/** Within the workspace's hours, for those we have met. */
export async function checkInSequence(ctx: Context, scripts: Scripts): Promise<string> {
  const id = await createSequence(ctx, {
    name: "Check in again",
    description: "One text to those we have met, and a mail three days later.",
    triggerType: "manual",
    settings: settings(),
  });
  await putSteps(ctx, id, [step("SMS", scripts.sms, 0, "HOURS"), step("EMAIL", scripts.reminder, 3, "DAYS")]);
  await activateSequence(ctx, id);
  return id;
}

/** Paused once people are in it: what is left of each wait is kept. */
export async function offerSequence(ctx: Context, scripts: Scripts): Promise<string> {
  const id = await createSequence(ctx, {
    name: "Spring offer",
    description: "Waits until the offer is final.",
    triggerType: "manual",
    settings: settings(),
  });
  await putSteps(ctx, id, [step("EMAIL", scripts.reminder, 5, "DAYS")]);
  await activateSequence(ctx, id);
  return id;
}

/** Not finished: its step has no script yet, which the check-list before its start tells. */
export async function holidayDraft(ctx: Context): Promise<void> {
  const id = await createSequence(ctx, {
    name: "Holiday greeting",
    description: "A card to all customers.",
    triggerType: "manual",
    settings: { ...settings(), allowStatuses: ["CONVERTED"] },
  });
  await putSteps(ctx, id, [{ ...step("EMAIL", "", 0, "HOURS"), scriptId: null }]);
}
