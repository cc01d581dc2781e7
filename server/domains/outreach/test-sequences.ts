import type { Context } from "#platform/context.ts";
import { updateSettings } from "#domains/accounts/index.ts";
import { type World, testWorld } from "#test/world.ts";
import { activateSequence } from "./commands/activate-sequence.ts";
import { createScript } from "./commands/create-script.ts";
import { createSequence } from "./commands/create-sequence.ts";
import { putSteps } from "./commands/put-steps.ts";
import { type NewSequence, type StepInput, newSequenceSchema, stepInputSchema } from "./contract/sequences.ts";

export const HOUR = 3_600_000;
export const ALWAYS = { days: [1, 2, 3, 4, 5, 6, 7], start: "00:00", end: "24:00" };

/** A world that may send e-mail: who sends, and from where, is filled in. Caps are out of the way. */
export async function sendingWorld(): Promise<World> {
  const world = await testWorld();
  await updateSettings(world.ctx, {
    senderName: "Maple Studio",
    senderEmail: "hello@maple.example",
    postalAddress: "1 Main Street, Springfield",
    capPerChannelPerDay: 50,
    capPerWeek: 200,
  });
  return world;
}

/** A sequence of these steps, each with a script of its channel, around the clock unless `fields` say otherwise; active. */
export async function activeSequence(
  ctx: Context,
  steps: Partial<StepInput>[] = [{}, { delayValue: 2 }],
  fields: Partial<NewSequence> = {},
): Promise<string> {
  const scripts = {
    SMS: await createScript(ctx, { name: "Text", type: "SMS", content: "Hi {{ firstName }}" }),
    EMAIL: await createScript(ctx, { name: "Letter", type: "EMAIL", subject: "Hi", content: "Hello {{ firstName }}" }),
    CALL: await createScript(ctx, {
      name: "Call",
      type: "CALL",
      vapiConfig: {
        model: "gpt-4o",
        voice: "alloy",
        temperature: 0.7,
        firstMessage: "Hello",
        instructions: "Be kind.",
      },
    }),
  };
  const id = await createSequence(
    ctx,
    newSequenceSchema.parse({ name: "Welcome", settings: { sendWindow: ALWAYS }, ...fields }),
  );
  await putSteps(
    ctx,
    id,
    steps.map(({ channel = "SMS", ...step }) =>
      stepInputSchema.parse({ scriptId: scripts[channel], channel, ...step }),
    ),
  );
  await activateSequence(ctx, id);
  return id;
}
