import { sql } from "kysely";
import { updateSettings } from "#domains/accounts/index.ts";
import type { Channel } from "#domains/messaging/channels.ts";
import { enrollLeads } from "#domains/outreach/commands/enroll-leads.ts";
import { insertVersion } from "#domains/outreach/queries/version-rows.ts";
import type { DelayUnit } from "#domains/outreach/states.ts";
import { newId } from "#platform/ids.ts";
import { ALWAYS } from "./due-sms.ts";
import { type World, type WorldOptions, testWorld } from "./world.ts";

/** Whatever has a context: a world, or a place of a test's own making. */
type HasContext = Pick<World, "ctx">;

export type StepOf = {
  channel: Channel;
  value: number;
  unit: DelayUnit;
  /** What the script says; a greeting by first name unless told. */
  content?: string;
};

const json = (value: Record<string, unknown>) => sql<Record<string, unknown>>`${JSON.stringify(value)}::jsonb`;
const CALL = { model: "gpt-4o", voice: "alloy", firstMessage: "Hello {{ firstName }}", instructions: "Be kind." };

/** A world whose workspace has said who it is, so that every channel may send. */
export async function readyWorld(options: WorldOptions = {}): Promise<World> {
  const world = await testWorld(options);
  await updateSettings(world.ctx, {
    senderName: "Maple Studio",
    senderEmail: "hello@maple.example",
    postalAddress: "1 Main Street, Springfield",
  });
  return world;
}

type SequenceSetup = {
  settings?: Record<string, unknown>;
  /** The sources whose new leads it takes; without them it is started by hand. */
  newLeadsFrom?: readonly string[];
};

/** An active sequence of these steps, each with a script of its channel; its window is always open unless `settings` say otherwise. */
export async function sequenceOf(
  { ctx }: HasContext,
  steps: readonly StepOf[],
  { settings = { sendWindow: ALWAYS }, newLeadsFrom }: SequenceSetup = {},
): Promise<string> {
  const workspaceId = ctx.workspace;
  const id = newId("seq");
  const trigger = newLeadsFrom
    ? ({ triggerType: "new_lead", triggerConfig: json({ sources: newLeadsFrom }) } as const)
    : {};
  await ctx.db
    .insertInto("retentionSequences")
    .values({ id, workspaceId, name: "Spring", status: "ACTIVE", settings: json(settings), ...trigger })
    .execute();
  for (const [stepOrder, { channel, value, unit, content }] of steps.entries()) {
    const scriptId = newId("scr");
    const script = {
      name: `${channel} ${stepOrder}`,
      subject: "Hi {{ firstName }}",
      content: content ?? "Hello {{ firstName }}, it is us.",
      vapiConfig: channel === "CALL" ? json(CALL) : null,
    };
    const delay = { delayValue: value, delayUnit: unit };
    await ctx.db
      .insertInto("scripts")
      .values({ id: scriptId, workspaceId, type: channel, ...script })
      .execute();
    await ctx.db
      .insertInto("sequenceSteps")
      .values({ id: newId("step"), workspaceId, sequenceId: id, stepOrder, channel, scriptId, ...delay })
      .execute();
  }
  await insertVersion(ctx, id, null);
  return id;
}

/** Enrols leads as a person does. */
export const enroll = ({ ctx }: HasContext, sequenceId: string, ...leads: readonly { id: string }[]) =>
  enrollLeads(ctx, { sequenceId, leadIds: leads.map(({ id }) => id), by: "person" });

/** The executions of the workspace, by step and then by lead. */
export const executionsOf = ({ ctx }: HasContext) =>
  ctx.db
    .selectFrom("sequenceStepExecutions")
    .selectAll()
    .where("workspaceId", "=", ctx.workspace)
    .orderBy("stepOrder")
    .orderBy("leadId")
    .execute();

export const enrollmentsOf = ({ ctx }: HasContext) =>
  ctx.db.selectFrom("sequenceEnrollments").selectAll().where("workspaceId", "=", ctx.workspace).execute();

/** Outbound messages of the workspace with their attempts, oldest first. */
export const messagesOf = ({ ctx }: HasContext) =>
  ctx.db
    .selectFrom("messages")
    .leftJoin("contactAttempts as a", "a.id", "messages.contactAttemptId")
    .selectAll("messages")
    .select(["a.status as attemptStatus", "a.tries as attemptTries", "a.verdict"])
    .where("messages.workspaceId", "=", ctx.workspace)
    .where("direction", "=", "outbound")
    .orderBy("messages.createdAt")
    .orderBy("messages.id")
    .execute();

/** How many events of that type the workspace has had. */
export async function countEvents({ ctx }: HasContext, type: string): Promise<number> {
  const { count } = await ctx.db
    .selectFrom("events")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("workspaceId", "=", ctx.workspace)
    .where("type", "=", type)
    .executeTakeFirstOrThrow();
  return count;
}
