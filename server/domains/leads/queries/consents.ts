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
