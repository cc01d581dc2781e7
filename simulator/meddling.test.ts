import { randomInt } from "node:crypto";
import { type RawBuilder, sql } from "kysely";
import { expect, inject, test } from "vitest";
import { testConfig } from "#test/world.ts";
import { simulateInvented } from "./invented.ts";
import type { Deed } from "./run.ts";

const START = new Date("2026-07-06T12:00Z");
const DAYS = 3;
const DAY_MS = 86_400_000;

/** What is done to the step that somebody waits for, or to the enrollment that it belongs to. */
const BREAKS: readonly {
  what: string;
  fault: string;
  does: (step: { id: string; enrollmentId: string }) => RawBuilder<unknown>;
}[] = [
  {
    what: "a step is gone from the plan",
    fault: "no one step",
    does: ({ id }) => sql`update sequence_step_executions set status = 'SKIPPED', scheduled_at = null where id = ${id}`,
  },
  {
    what: "a step waits for no time",
    fault: "no one step",
    does: ({ id }) => sql`update sequence_step_executions set status = 'PENDING', scheduled_at = null where id = ${id}`,
  },
  {
    what: "an enrollment is over and its step is not",
    fault: "is over has a step left",
    does: ({ enrollmentId }) =>
      sql`update sequence_enrollments set status = 'CANCELLED', completed_at = ${START} where id = ${enrollmentId}`,
  },
  {
    what: "a run goes on that is not the last",
    fault: "an earlier run",
    does: ({ enrollmentId }) => sql`update sequence_enrollments set run = run + 1 where id = ${enrollmentId}`,
  },
  {
    what: "a step is not there any more",
    fault: "no one step",
    does: ({ id }) => sql`delete from sequence_step_executions where id = ${id}`,
  },
];

test("whatever breaks an invariant between two stops, for somebody to whom nothing happens, is found at that stop; rows that are deleted, when the day ends", async () => {
  const broken: { at: Date; what: string; fault: string; enrollmentId: string }[] = [];
  const meddling = BREAKS.map(({ what, fault, does }, place): Deed => {
    const at = new Date(START.getTime() + DAY_MS + randomInt(DAY_MS));
    return {
      at,
      act: async (ctx) => {
        const { rows } = await sql<{ id: string; enrollmentId: string }>`
          select e.id, e.enrollment_id from sequence_step_executions e join sequence_enrollments n on n.id = e.enrollment_id
          where n.status = 'ACTIVE' and e.status = 'SCHEDULED' and e.scheduled_at > ${new Date(ctx.now().getTime() + DAY_MS / 4)}
            and not (n.id = any(${broken.map(({ enrollmentId }) => enrollmentId)}::text[]))
            and not exists (select from messages m where m.lead_id = n.lead_id and m.created_at > ${new Date(ctx.now().getTime() - DAY_MS / 24)})
          order by e.scheduled_at desc, e.id limit ${BREAKS.length}`.execute(ctx.db);
        const step = rows[place % Math.max(1, rows.length)];
        if (!step) throw new Error("Nobody waits for a step: take another seed.");
        await does(step).execute(ctx.db);
        broken.push({ at: ctx.now(), what, fault, enrollmentId: step.enrollmentId });
      },
    };
  });
  const asked = { seed: 7, leads: 24, days: DAYS, start: START, faults: false, check: "stop", meddling } as const;
  const config = testConfig(inject("adminUrl"));
  const server = { databaseUrl: inject("adminUrl"), template: inject("template"), dataDir: config.dataDir };
  const { violations } = await simulateInvented(asked, server);
  expect(broken).toHaveLength(BREAKS.length);
  const found = broken.map(({ what, fault, enrollmentId }) => ({
    what,
    at: violations.find((one) => one.what.includes(fault) && one.what.includes(enrollmentId))?.at,
  }));
  const evening = (at: Date) =>
    new Date(START.getTime() + Math.ceil((at.getTime() - START.getTime()) / DAY_MS) * DAY_MS);
  expect(found).toEqual(
    broken.map(({ at, what }) => ({ what, at: what.includes("not there any more") ? evening(at) : at })),
  );
}, 60_000);
