import { allow, type Context, inTransaction } from "../../context.ts";
import { emit } from "../../events.ts";
import { NotFound } from "../../problems.ts";
import type { Runtime } from "../../runtime.ts";
import { lookupFor } from "../../ssrf.ts";
import { type HealthStatus, UnknownVendor } from "../contract.ts";
import {
  checkCredentials,
  type Credentials,
  findDefinition,
  findVendor,
  merge,
  unseal,
  type Vendor,
  withoutSecrets,
} from "../credentials.ts";
import { webhookUrlOf } from "../load.ts";
import { integrationTested } from "../messages.ts";
import { findIntegration, type IntegrationRow, setHealth } from "../queries.ts";
import { databaseSandboxStore } from "../sandbox-store.ts";

export type TestResult = { isWorking: boolean; detail: string };

/** Asks the vendor whether the kept credentials work, and keeps the answer as the integration's health. */
export async function testIntegration(runtime: Runtime, ctx: Context, id: string): Promise<TestResult> {
  allow(ctx, "integrations:write");
  const row = await getIntegration(ctx, id);
  const vendor = findDefinition(row.provider);
  if (!vendor) throw UnknownVendor();
  const credentials = unseal(runtime.config, row);
  const result = credentials
    ? await ask(runtime, ctx, row.provider, vendor, credentials)
    : { isWorking: false, detail: "The stored secrets cannot be read with this server's key. Enter them again." };
  await inTransaction(ctx, async (tx) => {
    await recordHealth(tx, id, { status: result.isWorking ? "ok" : "failing", detail: result.detail });
    await emit(
      tx,
      integrationTested,
      { integrationId: id, provider: row.provider, type: row.type, ...result },
      { subjectId: id },
    );
  });
  return result;
}

/** Asks the vendor about credentials that are not kept. Fields left out are taken from the integration, if one is named. */
export async function tryCredentials(
  runtime: Runtime,
  ctx: Context,
  wanted: { provider: string; credentials: Credentials; integrationId?: string },
): Promise<TestResult> {
  allow(ctx, "integrations:write");
  const vendor = findVendor(wanted.provider);
  if (!vendor) throw UnknownVendor();
  const row = wanted.integrationId === undefined ? null : await getIntegration(ctx, wanted.integrationId);
  if (row && row.provider !== wanted.provider) throw NotFound();
  const known = row ? (unseal(runtime.config, row) ?? row.config) : {};
  const credentials = await checkCredentials(runtime.config, vendor, merge(known, wanted.credentials));
  return ask(runtime, ctx, wanted.provider, vendor, credentials);
}

/** What sending has found out about a vendor; `detail` is shown to people and must hold no secret. */
export async function recordHealth(
  ctx: Context,
  id: string,
  health: { status: HealthStatus; detail: string },
): Promise<void> {
  await setHealth(ctx, id, health);
}

async function getIntegration(ctx: Context, id: string): Promise<IntegrationRow> {
  const row = await findIntegration(ctx, id);
  if (!row) throw NotFound();
  return row;
}

/** With an adapter of its own, so that a test neither waits for messages under way nor leaves connections behind. */
async function ask(
  runtime: Runtime,
  ctx: Context,
  provider: string,
  vendor: Vendor,
  credentials: Credentials,
): Promise<TestResult> {
  const adapter = vendor.create(await checkCredentials(runtime.config, vendor, credentials), {
    webhookUrl: webhookUrlOf(runtime.config.publicUrl, ctx.workspace, provider),
    now: () => runtime.clock.now(),
    store: databaseSandboxStore(runtime.database, ctx.workspace),
    lookup: lookupFor(runtime.config),
  });
  try {
    const { kind, detail } = await adapter.test();
    return { isWorking: kind === "ok", detail: withoutSecrets(vendor, credentials, detail) };
  } finally {
    await adapter.close();
  }
}
