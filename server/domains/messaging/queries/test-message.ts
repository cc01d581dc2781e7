import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import type { MessageStatus } from "../channels.ts";
import type { Outgoing } from "../commands/hand-over.ts";

/** The row of a message that tries something out: nobody's, no attempt, no touch. `leaseUntil` as for other messages. */
export async function insertTestMessage(
  tx: Context,
  {
    headers,
    call,
    ...message
  }: Omit<Outgoing, "fromName" | "leasedUntil"> & {
    provider: string;
    scriptId: string | null;
    scriptVersionId: string | null;
    segments: number;
    senderId: string | null;
  },
  leaseUntil: Date,
): Promise<void> {
  await tx.db
    .insertInto("messages")
    .values({
      ...message,
      headers: sql<Record<string, unknown>>`${JSON.stringify(headers)}::jsonb`,
      call: sql<Record<string, unknown>>`${JSON.stringify(call)}::jsonb`,
      workspaceId: tx.workspace,
      direction: "outbound",
      status: "queued",
      purpose: "test",
      dueAt: leaseUntil,
      createdAt: tx.now(),
    })
    .execute();
}

/** Ends a test that its vendor would take later: whoever tries something out wants to know now. Answers what became of it. */
export async function endTestMessage(
  ctx: Context,
  id: string,
): Promise<{ status: MessageStatus; failure: string | null }> {
  await ctx.db
    .updateTable("messages")
    .set({ status: "failed", dueAt: null })
    .where("id", "=", id)
    .where("status", "=", "queued")
    .execute();
  return ctx.db.selectFrom("messages").select(["status", "failure"]).where("id", "=", id).executeTakeFirstOrThrow();
}
