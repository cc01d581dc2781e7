import type { Context } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import type { Runtime } from "#platform/runtime.ts";
import { isErasedSearch, leadFilterSchema, SEARCH_ERASED } from "#domains/leads/index.ts";
import { asAsker, isOpen, turnBulkWork } from "../engine/bulk-turns.ts";
import { bulkEnrollmentFinished, bulkEnrollmentProgressed } from "../messages.ts";
import { SequenceNotInState } from "../problems.ts";
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

/** One batch of each bulk enrolment that is not over; true while one has more leads. */
export const runBulkEnrollments = (runtime: Runtime): Promise<boolean> =>
  turnBulkWork(runtime, {
    name: "outreach.run-bulk-enrollments",
    workspaces: workspacesWithOpenBulks,
    listOpen: listOpenBulks,
    next: enrollNext,
    async fail(tx, id, failure) {
      const bulk = await lockOpen(tx, id);
      if (bulk) await record(tx, bulk, { status: "FAILED", failure, finishedAt: tx.now() });
    },
  });

async function enrollNext(tx: Context, bulkId: string): Promise<boolean> {
  const bulk = await lockOpen(tx, bulkId);
  if (!bulk) return false;
  const { sequenceId, campaignId, again, leadIds } = bulk;
  const filter = leadFilterSchema.parse(bulk.filter);
  if (isErasedSearch(filter)) throw SequenceNotInState(SEARCH_ERASED);
  const { ids, next } = await nextWanted(tx, { filter, leadIds }, bulk.cursor, BATCH);
  const outcomes = await enrollLeads(asAsker(tx, bulk), { sequenceId, leadIds: ids, campaignId, by: "person", again });
  const refused = outcomes.filter(({ kind }) => kind !== "enrolled");
  const done = next === null;
  await record(tx, bulk, {
    status: done ? "COMPLETED" : "RUNNING",
    enrolledCount: bulk.enrolledCount + outcomes.length - refused.length,
    refusedCount: bulk.refusedCount + refused.length,
    refusals: gatherRefusals(bulk.refusals, refused),
    cursor: next ?? bulk.cursor,
    finishedAt: done ? tx.now() : null,
  });
  return !done;
}

async function lockOpen(tx: Context, bulkId: string): Promise<BulkRow | null> {
  const bulk = await lockBulk(tx, bulkId, { skip: true });
  return bulk && isOpen(bulk) ? bulk : null;
}

async function record(tx: Context, bulk: BulkRow, change: BulkChange & Pick<BulkRow, "status">): Promise<void> {
  await updateBulk(tx, bulk.id, change);
  const { id, sequenceId, total, status, enrolledCount, refusedCount } = { ...bulk, ...change };
  const told = { bulkEnrollmentId: id, sequenceId, total, enrolled: enrolledCount, refused: refusedCount };
  if (status === "RUNNING") await emit(tx, bulkEnrollmentProgressed, told, { subjectId: id });
  else await emit(tx, bulkEnrollmentFinished, { ...told, status }, { subjectId: id });
}
