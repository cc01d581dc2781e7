import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { laterThanBefore } from "#platform/database/later.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { newId } from "#platform/ids.ts";
import type { Channel } from "#domains/messaging/index.ts";
import type { EnrollmentStatus, SequenceStatus, TriggerType } from "../states.ts";
import type { SequenceSettings } from "../trigger-config.ts";
import { nameHas, olderThan } from "./newest-first.ts";

export type SequenceRow = {
  id: string;
  name: string;
  description: string | null;
  status: SequenceStatus;
  channels: Channel[];
  triggerType: TriggerType;
  triggerConfig: Record<string, unknown>;
  settings: Record<string, unknown>;
  activatedAt: Date | null;
  pausedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
};

const COLUMNS = [
  "id",
  "name",
  "description",
  "status",
  "channels",
  "triggerType",
  "triggerConfig",
  "settings",
  "activatedAt",
  "pausedAt",
  "createdAt",
  "updatedAt",
] as const;

export async function findSequence(ctx: Context, id: string): Promise<SequenceRow | undefined> {
  return ctx.db.selectFrom("retentionSequences").select(COLUMNS).where("id", "=", id).executeTakeFirst();
}

/** Waits for a dispatcher that holds the sequence, so that what it has queued is there to be seen. */
export async function lockSequence(tx: Context, id: string): Promise<SequenceRow | undefined> {
  return tx.db.selectFrom("retentionSequences").select(COLUMNS).where("id", "=", id).forUpdate().executeTakeFirst();
}

/** Keeps the sequence from being paused, resumed or archived until the transaction ends; sharers do not wait for each other. */
export async function shareSequence(tx: Context, id: string): Promise<SequenceRow | undefined> {
  return tx.db.selectFrom("retentionSequences").select(COLUMNS).where("id", "=", id).forShare().executeTakeFirst();
}

/** Newest first; one row more than asked when there are more. */
export async function listSequenceRows(
  ctx: Context,
  page: { status?: SequenceStatus; search?: string; limit: number; after?: Cursor },
): Promise<SequenceRow[]> {
  let query = ctx.db
    .selectFrom("retentionSequences")
    .select(COLUMNS)
    .where("workspaceId", "=", ctx.workspace)
    .orderBy("createdAt", "desc")
    .orderBy("id", "desc")
    .limit(page.limit + 1);
  if (page.status) query = query.where("status", "=", page.status);
  if (page.search) query = query.where(nameHas(page.search));
  if (page.after) query = query.where(olderThan(page.after));
  return query.execute();
}

/** Active sequences of one trigger, with what it waits for. */
export async function listWaitingSequences(
  ctx: Context,
  triggerType: TriggerType,
): Promise<{ id: string; triggerConfig: Record<string, unknown> }[]> {
  return ctx.db
    .selectFrom("retentionSequences")
    .select(["id", "triggerConfig"])
    .where("workspaceId", "=", ctx.workspace)
    .where("status", "=", "ACTIVE")
    .where("triggerType", "=", triggerType)
    .orderBy("id")
    .execute();
}

/** How many leads are or were in each sequence, by status: one statement. */
export async function countEnrolled(
  ctx: Context,
  sequenceIds: readonly string[],
): Promise<Map<string, Partial<Record<EnrollmentStatus, number>>>> {
  const counts = new Map<string, Partial<Record<EnrollmentStatus, number>>>();
  if (sequenceIds.length === 0) return counts;
  const rows = await ctx.db
    .selectFrom("sequenceEnrollments")
    .select(({ fn }) => ["sequenceId" as const, "status" as const, fn.countAll<number>().as("count")])
    .where("workspaceId", "=", ctx.workspace)
    .where("sequenceId", "in", sequenceIds)
    .groupBy(["sequenceId", "status"])
    .execute();
  for (const { sequenceId, status, count } of rows)
    counts.set(sequenceId, { ...counts.get(sequenceId), [status]: count });
  return counts;
}

export type SequenceFields = {
  name: string;
  description: string | null;
  triggerType: TriggerType;
  triggerConfig: Record<string, unknown>;
  settings: SequenceSettings;
};

const columnsOf = ({ settings, ...plain }: Partial<SequenceFields>) => ({
  ...plain,
  ...(settings && { settings, priority: settings.priority }),
});

export async function insertSequence(tx: Context, fields: SequenceFields): Promise<string> {
  const id = newId("seq");
  const now = tx.now();
  await tx.db
    .insertInto("retentionSequences")
    .values({ ...columnsOf(fields), name: fields.name, id, workspaceId: tx.workspace, createdAt: now, updatedAt: now })
    .execute();
  return id;
}

export type SequenceMove = { status: SequenceStatus; activatedAt?: Date; pausedAt?: Date | null };

export async function updateSequenceRow(
  tx: Context,
  id: string,
  { channels, ...change }: Partial<SequenceFields> & Partial<SequenceMove> & { channels?: Channel[] },
): Promise<void> {
  await tx.db
    .updateTable("retentionSequences")
    .set({
      ...columnsOf(change),
      ...(channels && { channels: sql<Channel[]>`${JSON.stringify(channels)}::jsonb` }),
      updatedAt: laterThanBefore(tx),
    })
    .where("id", "=", id)
    .execute();
}

export async function deleteSequenceRow(tx: Context, id: string): Promise<void> {
  await tx.db.deleteFrom("retentionSequences").where("id", "=", id).execute();
}
