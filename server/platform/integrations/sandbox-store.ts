import { sql } from "kysely";
import type { SandboxStore } from "#providers/sandbox/store.ts";
import type { Context } from "../context.ts";
import type { Database } from "../database/pool.ts";
import { newId } from "../ids.ts";

const json = (value: Record<string, unknown>) => sql<Record<string, unknown>>`${JSON.stringify(value)}::jsonb`;

/** Keeps what a workspace's sandbox vendors "send", for its sandbox page. The same message again replaces itself. */
export function databaseSandboxStore(database: Database, workspaceId: string): SandboxStore {
  return {
    async record(entry) {
      const { headers, call, ...plain } = entry;
      const values = {
        ...plain,
        workspaceId,
        direction: "outbound" as const,
        headers: json(call ? { call } : (headers ?? {})),
      };
      const { id: _id, ...again } = values;
      await database
        .forWorkspace(workspaceId)
        .insertInto("sandboxDeliveries")
        .values(values)
        .onConflict((conflict) => conflict.column("id").doUpdateSet(again))
        .execute();
    },
  };
}

/** Puts a mail about an account into the workspace's sandbox mailbox, when there is no mail server. It is no message to a lead. */
export async function recordSystemMail(
  ctx: Context,
  mail: { from: string; to: string; subject: string; text: string; html: string },
): Promise<void> {
  await ctx.db
    .insertInto("sandboxDeliveries")
    .values({
      ...mail,
      id: newId("sbx"),
      workspaceId: ctx.workspace,
      channel: "EMAIL",
      outcome: "accepted",
      at: ctx.now(),
    })
    .execute();
}

/**
 * What the person at the sandbox page answered, so that the phone and the mailbox show both sides; `messageId` is the message that it answers.
 * The same answer again changes nothing.
 */
export async function recordSandboxAnswer(
  ctx: Context,
  answer: {
    id: string;
    channel: "CALL" | "SMS" | "EMAIL";
    messageId: string | null;
    from: string;
    to: string;
    subject: string | null;
    text: string;
    outcome: string | null;
  },
): Promise<void> {
  await ctx.db
    .insertInto("sandboxDeliveries")
    .values({ ...answer, workspaceId: ctx.workspace, direction: "inbound", at: ctx.now() })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
}

/** Texts and mails to leads that the sandbox took in that time and has not reported on, the oldest first. */
export async function listUndelivered(
  ctx: Context,
  when: { since: Date; until: Date },
  limit: number,
): Promise<{ id: string; channel: "SMS" | "EMAIL"; messageId: string; at: Date }[]> {
  const { rows } = await sql<{ id: string; channel: "SMS" | "EMAIL"; messageId: string; at: Date }>`
    select id, channel, message_id as "messageId", at from sandbox_deliveries
    where workspace_id = ${ctx.workspace} and channel in ('SMS', 'EMAIL') and at >= ${when.since} and at <= ${when.until}
      and direction = 'outbound' and outcome = 'accepted' and message_id is not null
    order by at limit ${limit}`.execute(ctx.db);
  return rows;
}

/** What the sandbox's vendors have reported of these since: they report no more by themselves. */
export async function settleSandboxDeliveries(
  ctx: Context,
  ids: readonly string[],
  outcome: "delivered" | "bounced",
): Promise<void> {
  if (ids.length === 0) return;
  await ctx.db
    .updateTable("sandboxDeliveries")
    .set({ outcome })
    .where("workspaceId", "=", ctx.workspace)
    .where("id", "=", sql<string>`any(${[...ids]})`)
    .execute();
}
