import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eraseLead } from "#domains/leads/commands/erase-lead.ts";
import { ROOT } from "./source.ts";
import { testWorld } from "./world.ts";

test("after the upgrade whoever was erased before is in the list by score, and holds nothing that was written back since", async () => {
  const world = await testWorld();
  const { ownerPool } = world.app;
  const { id } = await world.make.lead({ email: "late@example.com" });
  await eraseLead(
    world.ctx,
    { leadId: id, reason: "They asked", confirm: "late@example.com" },
    world.runtime.config.dataDir,
  );
  // As the database was before, and what a change could do to it then.
  await ownerPool.query(`
    alter table leads drop constraint leads_erased_check;
    alter table idempotency_keys drop column is_forgotten;
    delete from lead_scores;
    update leads set email = 'late@example.com', notes = 'called';
    insert into lead_identities (id, workspace_id, lead_id, kind, value, is_primary, created_at)
      select 'iden_1', workspace_id, id, 'EMAIL', 'late@example.com', true, now() from leads`);
  await ownerPool.query(await readFile(join(ROOT, "prisma/migrations/0026_erased_for_good/migration.sql"), "utf8"));
  const { rows } = await ownerPool.query(
    "select l.email, l.notes, s.score, s.label, (select count(*)::int from lead_identities) as addresses from leads l join lead_scores s on s.lead_id = l.id",
  );
  expect(rows).toEqual([{ email: null, notes: null, score: 0, label: "COLD", addresses: 0 }]);
  await expect(ownerPool.query("update leads set email = 'late@example.com'")).rejects.toThrow("leads_erased_check");
});
