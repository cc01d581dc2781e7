import { createHash } from "node:crypto";
import type { Context } from "#platform/context.ts";
import { emitAll, eventsOf } from "#platform/events.ts";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import { type LeadForSend, listLeadsForSend } from "#domains/leads/index.ts";
import { legalFloor, nextOpen } from "#domains/messaging/index.ts";
import { enrollmentMoved, stepSkipped } from "../messages.ts";
import {
  type InsidePlace,
  type InsideRow,
  type Replanned,
  listInside,
  moveToVersion,
  replanWaiting,
  skipTakenOut,
} from "../queries/version-move-rows.ts";
import type { SequenceRow } from "../queries/sequence-rows.ts";
import type { VersionStep } from "../queries/version-rows.ts";
import { inUse } from "../version-diff.ts";
import { type Crossing, type Fate, type Turn, crossingOf, fateOf } from "../version-move.ts";
import { advance } from "./advance.ts";
import { settingsOf } from "./terms.ts";

/** People that are read and written in one go. */
const BATCH = 1_000;
/** People shown of each kind of outcome. */
const SHOWN_OF_A_KIND = 6;

export type Crosser = {
  enrollmentId: string;
  leadId: string;
  firstName: string;
  lastName: string;
  /** Number of the version that they are in. */
  version: number;
  turn: Turn;
  isPaused: boolean;
  /** The next touch by the old version and by the new: place of its step, from 0, and when it is planned for; no time while paused. */
  before: { stepOrder: number; at: Date | null } | null;
  after: { stepOrder: number; at: Date | null } | null;
};

export type CrossOver = {
  /** Everybody under way in older versions. */
  inside: number;
  counts: Record<Turn, number>;
  sample: Crosser[];
  /** Changes when anybody fares otherwise. */
  digest: string;
};

type OldVersion = { id: string; number: number; steps: readonly VersionStep[] };
type Planned = { row: InsideRow; fate: Fate<VersionStep>; lead: LeadForSend | undefined; at: Date | null; turn: Turn };

/**
 * Who of those in older versions would go over to a new list of steps, and what that does to their next touch. With `to` they do: the caller
 * holds the sequence, and its people by `lockInside`. A fixed number of statements for each thousand.
 */
export async function crossOver(
  ctx: Context,
  sequence: SequenceRow,
  from: readonly OldVersion[],
  steps: readonly VersionStep[],
  to: { versionId: string; number: number } | null,
): Promise<CrossOver> {
  const hash = createHash("sha256");
  const counts: CrossOver["counts"] = { stays: 0, same: 0, earlier: 0, later: 0, chosen: 0, finishes: 0 };
  const sample: Crosser[] = [];
  let inside = 0;
  const around = { ...(await getWorkspaceSettings(ctx)), window: settingsOf(sequence.settings).sendWindow };
  for (const version of from) {
    const crossing = crossingOf(version.steps, steps);
    for (const status of ["ACTIVE", "PAUSED"] as const) {
      let after: InsidePlace | null = null;
      do {
        const rows: InsideRow[] = await listInside(ctx, { versionId: version.id, status, after, limit: BATCH });
        const leads = await listLeadsForSend(
          ctx,
          rows.map(({ leadId }) => leadId),
        );
        const planned = rows.map((row) => look(row, leads.get(row.leadId), crossing, around, ctx.now()));
        for (const one of planned) {
          inside += 1;
          counts[one.turn] += 1;
          hash.update(`${one.row.id} ${one.turn} ${outcomeOf(one)}\n`);
          if (counts[one.turn] <= SHOWN_OF_A_KIND) sample.push(show(one, version));
        }
        if (to) await carryOut(ctx, sequence, version, to, steps, planned);
        const last = rows.at(-1);
        after = rows.length === BATCH && last ? last : null;
      } while (after);
    }
  }
  return { inside, counts, sample, digest: hash.digest("base64url") };
}

type Around = Awaited<ReturnType<typeof getWorkspaceSettings>> & {
  window: ReturnType<typeof settingsOf>["sendWindow"];
};

function look(
  row: InsideRow,
  lead: LeadForSend | undefined,
  crossing: Crossing<VersionStep>,
  around: Around,
  now: Date,
): Planned {
  const zone = lead?.timeZone ?? around.timeZone;
  const fate = fateOf(row, crossing, zone);
  const known = { row, fate, lead, at: row.scheduledAt };
  if (fate.kind === "stays" || fate.kind === "finishes") return { ...known, turn: fate.kind };
  if (fate.kind === "moves") return { ...known, turn: "same" };
  if (row.isChosen && row.waiting?.stepId === fate.next.id) return { ...known, turn: "chosen" };
  // Of somebody who is paused the wait stands still: what is left is counted from the pause.
  const standing = row.pausedAt ?? now;
  const earliest = fate.dueAt > standing ? fate.dueAt : standing;
  const floor = legalFloor(fate.next.channel, lead?.country ?? around.country);
  const at = nextOpen(earliest, zone, around.window ?? around.sendWindow, floor, around.holidays) ?? earliest;
  const was = row.waiting?.dueAt?.getTime() ?? 0;
  const turn = fate.dueAt.getTime() > was ? "later" : fate.dueAt.getTime() < was ? "earlier" : "same";
  return { ...known, at, turn };
}

/** What the digest keeps of one person: where they come to and when it is due, not what the passing of time does to it. */
const outcomeOf = ({ fate }: Planned) =>
  fate.kind === "replanned" ? `${fate.next.id} ${fate.dueAt.getTime()}` : fate.kind === "stays" ? "" : fate.done;

function show({ row, fate, lead, at, turn }: Planned, version: OldVersion): Crosser {
  const isPaused = row.status === "PAUSED";
  const old = version.steps.find(({ id }) => id === row.waiting?.stepId);
  const before = old ? { stepOrder: old.stepOrder, at: isPaused ? null : row.scheduledAt } : null;
  const after = fate.kind === "replanned" ? { stepOrder: fate.next.stepOrder, at: isPaused ? null : at } : null;
  return {
    enrollmentId: row.id,
    leadId: row.leadId,
    firstName: lead?.firstName ?? "",
    lastName: lead?.lastName ?? "",
    version: version.number,
    turn,
    isPaused,
    before,
    after: after ?? (fate.kind === "moves" ? before : null),
  };
}

async function carryOut(
  tx: Context,
  sequence: SequenceRow,
  version: OldVersion,
  to: { versionId: string; number: number },
  steps: readonly VersionStep[],
  planned: readonly Planned[],
): Promise<void> {
  const order = inUse(steps).map(({ stepOrder }) => stepOrder);
  const cameTo = (done: number) => (order[done - 1] ?? -1) + 1;
  const moving = planned.flatMap(({ row, fate }) =>
    fate.kind === "stays" ? [] : [{ row, currentStep: cameTo(fate.done) }],
  );
  await replanWaiting(tx, to.versionId, planned.flatMap(replanOf));
  const finishing = planned.filter(({ fate }) => fate.kind === "finishes").map(({ row }) => row);
  await moveToVersion(
    tx,
    to.versionId,
    moving.map(({ row: { id, run }, currentStep }) => ({ id, run, currentStep })),
  );
  // Once it has its place in the new version: what is done takes its place among what was done.
  await skipTakenOut(
    tx,
    to.versionId,
    finishing.flatMap(({ executionId }) => executionId ?? []),
    TAKEN_OUT,
  );
  const { id: sequenceId, name: sequenceName, settings } = sequence;
  await emitAll(tx, [
    eventsOf(
      enrollmentMoved,
      moving.map(({ row }) => ({
        payload: { enrollmentId: row.id, sequenceId, sequenceName, from: version.number, to: to.number },
        leadId: row.leadId,
        subjectId: row.id,
      })),
    ),
    eventsOf(
      stepSkipped,
      finishing.flatMap((row) => {
        const step = version.steps.find(({ id }) => id === row.waiting?.stepId);
        if (!row.executionId || !step) return [];
        const { stepOrder, channel } = step;
        const about = { enrollmentId: row.id, sequenceId, sequenceName, executionId: row.executionId };
        return [
          {
            payload: { ...about, stepOrder, channel, reason: TAKEN_OUT },
            leadId: row.leadId,
            subjectId: row.executionId,
          },
        ];
      }),
    ),
  ]);
  // Nothing is left for them: they are through. Whoever is paused is so when they go on.
  await advance(
    tx,
    moving
      .filter(({ row }) => row.status === "ACTIVE" && finishing.includes(row))
      .map(({ row, currentStep }) => ({
        enrollmentId: row.id,
        sequenceId,
        sequenceName,
        settings,
        leadId: row.leadId,
        run: row.run,
        afterOrder: currentStep - 1,
        from: tx.now(),
      })),
  );
}

const TAKEN_OUT = "the step was taken out of the sequence";

function replanOf({ row, fate, at }: Planned): Replanned[] {
  if (fate.kind !== "replanned" || !row.executionId || !at) return [];
  const { id: stepId, stepOrder } = fate.next;
  const times =
    row.status === "PAUSED"
      ? { scheduledAt: null, remainingMs: Math.max(0, at.getTime() - (row.pausedAt?.getTime() ?? at.getTime())) }
      : { scheduledAt: at, remainingMs: null };
  return [
    { id: row.executionId, stepId, stepOrder, dueAt: fate.dueAt, ...times, isOther: row.waiting?.stepId !== stepId },
  ];
}
