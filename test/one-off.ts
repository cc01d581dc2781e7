import { prepareMessages } from "#domains/messaging/commands/prepare-messages.ts";
import { loadSurroundings } from "#domains/messaging/judge.ts";
import { inTransaction } from "#platform/context.ts";
import type { World } from "./world.ts";

const render = () => ({
  kind: "rendered" as const,
  subject: null,
  text: "Hello",
  html: null,
  headers: {},
  call: {},
  segments: 1,
});

/** A text by hand that the gate has let pass, with what it was judged by: nobody has handed it over yet. */
export async function preparedText({ ctx }: Pick<World, "ctx">, leadId: string, { waitsInQueue = false } = {}) {
  const around = await loadSurroundings(ctx, ["SMS"]);
  const draft = {
    key: "one",
    leadId,
    channel: "SMS" as const,
    priority: 0,
    window: null,
    allowStatuses: null,
    extra: {},
    override: null,
    purpose: "one_off" as const,
    scriptId: null,
    scriptVersionId: null,
    campaignId: null,
    executionId: null,
    waitsInQueue,
    render,
  };
  const answer = (await inTransaction(ctx, (tx) => prepareMessages(tx, [draft], around))).get("one");
  if (answer?.kind !== "prepared") throw new Error(`The gate says ${JSON.stringify(answer)}`);
  return { message: answer.message, around };
}
