import { sql } from "kysely";
import type { Context } from "#platform/context.ts";
import { newId } from "#platform/ids.ts";
import type { ConsentBasis, ConsentChannel, ConsentKind } from "../rules.ts";

export type NewConsent = {
  kind: ConsentKind;
  channel: ConsentChannel;
  basis: ConsentBasis;
  source: string;
  proofText: string | null;
  proofUrl: string | null;
  proofIp: string | null;
  at: Date;
};

export type ConsentRow = NewConsent & {
  id: string;
  leadId: string;
  actorKind: string;
  actorId: string | null;
  createdAt: Date;
};

const COLUMNS = [
  "id",
  "leadId",
  "kind",
  "channel",
  "basis",
  "source",
  "proofText",
  "proofUrl",
  "proofIp",
  "at",
  "actorKind",
  "actorId",
  "createdAt",
] as const;

const rowOf = (tx: Context, leadId: string, consent: NewConsent) => ({
  id: newId("cons"),
  workspaceId: tx.workspace,
  ...consent,
  leadId,
  actorKind: tx.actor.kind,
  actorId: tx.actor.id,
  createdAt: tx.now(),
});

export async function insertConsent(tx: Context, leadId: string, consent: NewConsent): Promise<ConsentRow> {
  return tx.db
    .insertInto("consentRecords")
    .values(rowOf(tx, leadId, consent))
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
}

export async function insertConsents(
  tx: Context,
  consents: readonly (NewConsent & { leadId: string })[],
): Promise<ConsentRow[]> {
  if (consents.length === 0) return [];
  const rows = consents.map((consent) => rowOf(tx, consent.leadId, consent));
  return tx.db.insertInto("consentRecords").values(rows).returning(COLUMNS).execute();
}

export type FileConsent = { basis: ConsentBasis; channels: readonly ConsentChannel[]; source: string };

/**
 * Records what leads gave by a file, the proof being where they stand in it. What stands on record already is left alone, so the same file again
 * adds nothing; and who took the same basis back on a channel is not given it again by a file. Answers what is new, and who had taken it back.
 */
export async function insertFileConsents(
  tx: Context,
  leads: readonly { leadId: string; proof: string }[],
  { basis, channels, source }: FileConsent,
): Promise<{
  given: { id: string; leadId: string; channel: ConsentChannel }[];
  withdrawn: { leadId: string; channel: ConsentChannel }[];
}> {
  if (leads.length === 0) return { given: [], withdrawn: [] };
  const rows = leads.flatMap(({ leadId, proof }) =>
    channels.map((channel) => ({ id: newId("cons"), lead_id: leadId, channel, proof })),
  );
  const asked = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id text, lead_id text, channel text, proof text)`;
  const { rows: taken } = await sql<{ leadId: string; channel: ConsentChannel }>`
    select distinct r.lead_id, r.channel from ${asked}
    cross join lateral (
      select c.kind from consent_records c where c.lead_id = r.lead_id and c.channel = r.channel and c.basis = ${basis}
      order by c.at desc, c.id desc limit 1) as latest
    where latest.kind = 'WITHDRAWN'`.execute(tx.db);
  const { rows: given } = await sql<{ id: string; leadId: string; channel: ConsentChannel }>`
    insert into consent_records (id, workspace_id, lead_id, kind, channel, basis, source, proof_text, at, actor_kind, actor_id, created_at)
    select r.id, ${tx.workspace}, r.lead_id, 'GIVEN', r.channel, ${basis}, ${source}, r.proof, ${tx.now()}, ${tx.actor.kind}, ${tx.actor.id}, ${tx.now()}
    from ${asked}
    where not exists (
      select from consent_records c where c.lead_id = r.lead_id and c.channel = r.channel and c.basis = ${basis} and c.source = ${source}
        and c.proof_text = r.proof)
      and not exists (
        select from jsonb_to_recordset(${JSON.stringify(taken)}::jsonb) as t("leadId" text, channel text)
        where t."leadId" = r.lead_id and t.channel = r.channel)
    returning id, lead_id, channel`.execute(tx.db);
  return { given, withdrawn: taken };
}

/** All that a lead ever gave and took back, newest first. */
export async function listConsents(ctx: Context, leadId: string): Promise<ConsentRow[]> {
  return ctx.db
    .selectFrom("consentRecords")
    .select(COLUMNS)
    .where("leadId", "=", leadId)
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .execute();
}

/** The bases on record that were not taken back since, for a batch of leads in one statement. */
export async function listHeldBases(ctx: Context, leadIds: readonly string[]) {
  const { rows } = await sql<{ leadId: string; channel: ConsentChannel; basis: ConsentBasis; kind: ConsentKind }>`
    select distinct on (lead_id, channel, basis) lead_id, channel, basis, kind from consent_records
    where lead_id = any(${[...leadIds]}::text[]) order by lead_id, channel, basis, at desc, id desc`.execute(ctx.db);
  const held = Map.groupBy(
    rows.filter(({ kind }) => kind === "GIVEN"),
    ({ leadId, channel }) => `${leadId} ${channel}`,
  );
  return {
    of: (leadId: string, channel: ConsentChannel): ConsentBasis[] =>
      (held.get(`${leadId} ${channel}`) ?? []).map(({ basis }) => basis),
  };
}
