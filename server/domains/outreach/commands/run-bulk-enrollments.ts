import { type Context, allow, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { isId } from "#platform/ids.ts";
import { forEach } from "#platform/loops.ts";
import { Problem } from "#platform/problems.ts";
import type { Runtime } from "#platform/runtime.ts";
import { leadFilterSchema } from "#domains/leads/index.ts";
import { bulkEnrollmentFinished, bulkEnrollmentProgressed } from "../messages.ts";
import {
  type BulkChange,
  type BulkRow,
  listOpenBulks,
  lockBulk,
  nextWanted,
  updateBulk,
  workspacesWithOpenBulks,
} from "../queries/bulk-enrollments.ts";
import { gatherRefusals } from "../refusals.ts";
import { enrollLeads } from "./enroll-leads.ts";

/** Leads of one transaction: what the others who want the sequence may have to wait for. */
const BATCH = 1_000;

/**
 * One batch of each bulk enrolment that is not over: of those just asked for, and of those whose process died. True while one has more leads.
 *
 * Any number of processes may do this at once. A batch and the lead that it reaches are one transaction that holds the bulk enrolment's row;
 * whoever finds the row held leaves it alone. So every lead is taken once, and a process that is killed loses only the batch it was at.
 */
export async function runBulkEnrollments(runtime: Runtime): Promise<boolean> {
  const open = await workspacesWithOpenBulks({ db: runtime.database.forWorkspace("") });
  return forEach(open, 1, async (workspace) => {
    const ctx = runtime.contextFor(workspace, { kind: "system", id: "outreach.run-bulk-enrollments" });
    return forEach(await listOpenBulks(ctx), 1, (id) => takeBatch(ctx, id));
  });
}

async function takeBatch(ctx: Context, bulkId: string): Promise<boolean> {
  allow(ctx, "outreach:write");
  try {
    return await inTransaction(ctx, (tx) => enrollNext(tx, bulkId));
  } catch (error) {
    // The sequence was paused, or the campaign is over: what is left will not come in by itself.
    if (!(error instanceof Problem)) throw error;
    const failure = error.detail ?? error.definition.title;
    await inTransaction(ctx, async (tx) => {
      const bulk = await lockOpen(tx, bulkId);
      if (bulk) await record(tx, bulk, { status: "FAILED", failure, finishedAt: tx.now() });
    });
    return false;
  }
}

async function enrollNext(tx: Context, bulkId: string): Promise<boolean> {
  const bulk = await lockOpen(tx, bulkId);
  if (!bulk) return false;
  const { sequenceId, campaignId, again, leadIds } = bulk;
  const filter = leadFilterSchema.parse(bulk.filter);
  const ids = await nextWanted(tx, { filter, leadIds }, bulk.cursor, BATCH);
  const outcomes = await enrollLeads(asking(tx, bulk), { sequenceId, leadIds: ids, campaignId, by: "person", again });
  const refused = outcomes.filter(({ kind }) => kind !== "enrolled");
  const done = ids.length < BATCH;
  await record(tx, bulk, {
    status: done ? "COMPLETED" : "RUNNING",
    enrolledCount: bulk.enrolledCount + outcomes.length - refused.length,
    refusedCount: bulk.refusedCount + refused.length,
    refusals: gatherRefusals(bulk.refusals, refused),
    cursor: ids.at(-1) ?? bulk.cursor,
    finishedAt: done ? tx.now() : null,
  });
  return !done;
}

async function lockOpen(tx: Context, bulkId: string): Promise<BulkRow | null> {
  const bulk = await lockBulk(tx, bulkId, { skip: true });
  return bulk && (bulk.status === "QUEUED" || bulk.status === "RUNNING") ? bulk : null;
}

/** Whoever asked is named in the events; what they may was checked when they asked. */
function asking(tx: Context, { createdBy }: BulkRow): Context {
  if (!createdBy) return tx;
  const kind = isId("key", createdBy) ? "api_key" : "user";
  return { ...tx, actor: { kind, id: createdBy, name: "", permissions: new Set(["outreach:write"] as const) } };
}

async function record(tx: Context, bulk: BulkRow, change: BulkChange & Pick<BulkRow, "status">): Promise<void> {
  await updateBulk(tx, bulk.id, change);
  const { id, sequenceId, total, status, enrolledCount, refusedCount } = { ...bulk, ...change };
  const told = { bulkEnrollmentId: id, sequenceId, total, enrolled: enrolledCount, refused: refusedCount };
  if (status === "RUNNING") await emit(tx, bulkEnrollmentProgressed, told, { subjectId: id });
  else await emit(tx, bulkEnrollmentFinished, { ...told, status }, { subjectId: id });
}
