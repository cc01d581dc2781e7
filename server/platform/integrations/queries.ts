import { sql } from "kysely";
import type { Context } from "../context.ts";
import { newId } from "../ids.ts";
import type { HealthStatus } from "./contract.ts";
import type { Channel } from "./providers.ts";

/** A connected vendor as it is stored: `config` in the clear, `secrets` sealed and bound to the row's id. */
export type IntegrationRow = {
  id: string;
  provider: string;
  type: Channel | "LEADS";
  config: Record<string, unknown>;
  secrets: string | null;
  isActive: boolean;
  healthStatus: string | null;
  healthDetail: string | null;
  healthAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
};

const COLUMNS = [
  "id",
  "provider",
  "type",
  "config",
  "secrets",
  "isActive",
  "healthStatus",
  "healthDetail",
  "healthAt",
  "createdAt",
  "updatedAt",
] as const;

const json = (value: Record<string, unknown>) => sql<Record<string, unknown>>`${JSON.stringify(value)}::jsonb`;

/** A handful at most: each vendor is connected once. */
export async function listIntegrations({ db, workspace }: Context): Promise<IntegrationRow[]> {
  return db
    .selectFrom("integrationConfigs")
    .select(COLUMNS)
    .where("workspaceId", "=", workspace)
    .orderBy("createdAt")
    .orderBy("id")
    .execute();
}

export async function findIntegration({ db, workspace }: Context, id: string): Promise<IntegrationRow | undefined> {
  return db
    .selectFrom("integrationConfigs")
    .select(COLUMNS)
    .where("workspaceId", "=", workspace)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** Which vendor serves a channel is decided by one change after another. */
export async function lockIntegrations({ db, workspace }: Context): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`integrations:${workspace}`}, 0))`.execute(db);
}

export const newIntegrationId = () => newId("int");

/** False when the vendor is connected already. */
export async function insertIntegration(
  tx: Context,
  row: Pick<IntegrationRow, "id" | "provider" | "type" | "config" | "secrets">,
): Promise<boolean> {
  const now = tx.now();
  const { numInsertedOrUpdatedRows } = await tx.db
    .insertInto("integrationConfigs")
    .values({
      ...row,
      config: json(row.config),
      workspaceId: tx.workspace,
      isActive: false,
      createdAt: now,
      updatedAt: now,
    })
    .onConflict((conflict) => conflict.columns(["workspaceId", "provider"]).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/** What was known of the connection's health was known of the old credentials. */
export async function setCredentials(
  tx: Context,
  id: string,
  row: Pick<IntegrationRow, "config" | "secrets">,
): Promise<void> {
  await tx.db
    .updateTable("integrationConfigs")
    .set({
      config: json(row.config),
      secrets: row.secrets,
      healthStatus: null,
      healthDetail: null,
      healthAt: null,
      updatedAt: tx.now(),
    })
    .where("workspaceId", "=", tx.workspace)
    .where("id", "=", id)
    .execute();
}

/** Switches one on, or off. Of one type at most one is on: those that were switched off for it are returned. */
export async function setActive(
  tx: Context,
  row: Pick<IntegrationRow, "id" | "type">,
  isActive: boolean,
): Promise<Pick<IntegrationRow, "id" | "provider">[]> {
  const change = { isActive, updatedAt: tx.now() };
  const ofType = tx.db
    .updateTable("integrationConfigs")
    .where("workspaceId", "=", tx.workspace)
    .where("type", "=", row.type);
  await ofType.set(change).where("id", "=", row.id).execute();
  if (!isActive) return [];
  const others = ofType
    .set({ ...change, isActive: false })
    .where("id", "!=", row.id)
    .where("isActive", "=", true);
  return others.returning(["id", "provider"]).execute();
}

export async function setHealth(
  ctx: Context,
  id: string,
  health: { status: HealthStatus; detail: string },
): Promise<void> {
  await ctx.db
    .updateTable("integrationConfigs")
    .set({ healthStatus: health.status, healthDetail: health.detail, healthAt: ctx.now() })
    .where("workspaceId", "=", ctx.workspace)
    .where("id", "=", id)
    .execute();
}

export async function deleteIntegration(tx: Context, id: string): Promise<void> {
  await tx.db.deleteFrom("integrationConfigs").where("workspaceId", "=", tx.workspace).where("id", "=", id).execute();
}
