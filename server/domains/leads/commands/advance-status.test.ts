import { expect, test } from "vitest";
import { findLeads, lockLeads } from "../queries/leads.ts";
import { LEAD_STATUSES, statusAfter, LEAD_HAPPENINGS } from "../status.ts";
import { countRows, leadsWorld, rowOf } from "../test-leads.ts";
import { advanceStatus } from "./advance-status.ts";
import { upsertLeads } from "./upsert-leads.ts";

test("what happens moves each lead forward by the rule, and says so once", async () => {
  const { ctx } = await leadsWorld();
  for (const happening of LEAD_HAPPENINGS) {
    const rows = LEAD_STATUSES.map((status) => rowOf({ email: `${status}-${happening}@example.com`, status }));
    const ids = (await upsertLeads(ctx, rows, { policy: "fill" })).map(({ leadId }) => leadId);
    const before = await countRows(ctx, "events");
    await advanceStatus(ctx, [...ids, ...ids, "lead_00000000000000000000000000"], happening);
    const after = new Map((await findLeads(ctx, ids)).map(({ id, status }) => [id, status]));
    expect(ids.map((id) => after.get(id))).toEqual(LEAD_STATUSES.map((status) => statusAfter(status, happening)));
    const moved = LEAD_STATUSES.filter((status) => statusAfter(status, happening) !== status).length;
    expect(await countRows(ctx, "events")).toBe(before + moved);
    await advanceStatus(ctx, ids, happening);
    const again = LEAD_STATUSES.filter(
      (status) => statusAfter(statusAfter(status, happening), happening) !== statusAfter(status, happening),
    ).length;
    expect(await countRows(ctx, "events")).toBe(before + moved + again);
  }
});

test("a lead that somebody else decides about is told from one that is gone", async () => {
  const { ctx } = await leadsWorld();
  const ids = (
    await upsertLeads(ctx, [rowOf({ email: "a@example.com" }), rowOf({ email: "b@example.com" })], { policy: "fill" })
  ).map(({ leadId }) => leadId);
  const [a = "", b = ""] = ids;
  await ctx.db.transaction().execute(async (db) => {
    await lockLeads({ ...ctx, db }, [a]);
    await ctx.db.transaction().execute(async (other) => {
      const found = await lockLeads({ ...ctx, db: other }, [a, b, "lead_00000000000000000000000000"]);
      expect(found).toEqual({ held: new Set([b]), busy: new Set([a]) });
    });
  });
});
