import { implement } from "@orpc/server";
import { allow, type Context } from "../context.ts";
import type { RequestContext } from "../http/request-context.ts";
import { NotFound } from "../problems.ts";
import type { Runtime } from "../runtime.ts";
import { listVendors } from "./catalog.ts";
import { connectIntegration } from "./commands/connect.ts";
import { removeIntegration } from "./commands/remove.ts";
import { disableIntegration, enableIntegration } from "./commands/set-active.ts";
import { testIntegration, tryCredentials } from "./commands/test.ts";
import { updateIntegration } from "./commands/update.ts";
import { type Integration, integrationsContract } from "./contract.ts";
import { findDefinition, findVendor, unseal } from "./credentials.ts";
import { webhookUrlOf } from "./load.ts";
import { findIntegration, type IntegrationRow, listIntegrations } from "./queries.ts";

const os = implement(integrationsContract).$context<RequestContext>();

const CHANNELS = ["EMAIL", "SMS", "CALL"] as const;

/** An integration as the API shows it: names of secrets, never their values. */
async function show(runtime: Runtime, ctx: Context, row: IntegrationRow): Promise<Integration> {
  const credentials = unseal(runtime.config, row);
  const vendor = findDefinition(row.provider);
  const adapter = await runtime.providers.byName(ctx, row.provider);
  const status = row.healthStatus === "ok" ? "ok" : "failing";
  return {
    id: row.id,
    provider: row.provider,
    label: vendor?.label ?? row.provider,
    type: row.type,
    isActive: row.isActive,
    config: row.config,
    secretsSet: (vendor?.secretFields ?? []).filter((name) => credentials?.[name] !== undefined),
    isReadable: credentials !== null,
    webhookUrl:
      adapter && !adapter.vendor.webhook ? null : webhookUrlOf(runtime.config.publicUrl, ctx.workspace, row.provider),
    health:
      row.healthStatus && row.healthAt
        ? { status, detail: row.healthDetail ?? "", at: row.healthAt.toISOString() }
        : null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** What a message of the channel would go through at this moment. */
async function showChannel(runtime: Runtime, ctx: Context, channel: (typeof CHANNELS)[number]) {
  const active = await runtime.providers.active(ctx, channel);
  if (!active) return { channel, via: "none" as const, integrationId: null };
  const { integrationId, vendor } = active;
  const via = findVendor(vendor.name) ? ("integration" as const) : ("sandbox" as const);
  return { channel, via, integrationId };
}

export const integrationsRouter = os.router({
  vendors: os.vendors.handler(({ context: { ctx, runtime } }) => {
    allow(ctx, "integrations:read");
    return { data: listVendors(runtime.config.publicUrl, ctx.workspace) };
  }),
  list: os.list.handler(async ({ context: { ctx, runtime } }) => {
    allow(ctx, "integrations:read");
    const rows = await listIntegrations(ctx);
    return {
      data: await Promise.all(rows.map((row) => show(runtime, ctx, row))),
      channels: await Promise.all(CHANNELS.map((channel) => showChannel(runtime, ctx, channel))),
    };
  }),
  get: os.get.handler(async ({ context: { ctx, runtime }, input }) => {
    allow(ctx, "integrations:read");
    const row = await findIntegration(ctx, input.integrationId);
    if (!row) throw NotFound();
    return show(runtime, ctx, row);
  }),
  connect: os.connect.handler(async ({ context: { ctx, runtime }, input }) =>
    show(runtime, ctx, await connectIntegration(runtime, ctx, input)),
  ),
  try: os.try.handler(({ context: { ctx, runtime }, input }) => tryCredentials(runtime, ctx, input)),
  update: os.update.handler(async ({ context: { ctx, runtime }, input }) =>
    show(runtime, ctx, await updateIntegration(runtime, ctx, input.integrationId, input.credentials)),
  ),
  test: os.test.handler(({ context: { ctx, runtime }, input }) => testIntegration(runtime, ctx, input.integrationId)),
  enable: os.enable.handler(async ({ context: { ctx, runtime }, input }) =>
    show(runtime, ctx, await enableIntegration(runtime, ctx, input.integrationId)),
  ),
  disable: os.disable.handler(async ({ context: { ctx, runtime }, input }) =>
    show(runtime, ctx, await disableIntegration(runtime, ctx, input.integrationId)),
  ),
  remove: os.remove.handler(({ context: { ctx, runtime }, input }) =>
    removeIntegration(runtime, ctx, input.integrationId),
  ),
});
