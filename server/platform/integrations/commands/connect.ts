import { PROVIDERS } from "#providers/registry.ts";
import { allow, type Context, inTransaction } from "../../context.ts";
import { emit } from "../../events.ts";
import type { Runtime } from "../../runtime.ts";
import { IntegrationExists, UnknownVendor } from "../contract.ts";
import { checkCredentials, type Credentials, findVendor, merge, seal, type Vendor } from "../credentials.ts";
import { sandboxWebhookSecret } from "../load.ts";
import { integrationConnected } from "../messages.ts";
import {
  findIntegration,
  insertIntegration,
  type IntegrationRow,
  lockIntegrations,
  newIntegrationId,
} from "../queries.ts";
import { switchOn } from "./set-active.ts";

/** Keeps a vendor's credentials and sends its channel through it from now on. */
export async function connectIntegration(
  runtime: Runtime,
  ctx: Context,
  wanted: { provider: string; credentials: Credentials },
): Promise<IntegrationRow> {
  allow(ctx, "integrations:write");
  const vendor = findVendor(wanted.provider);
  if (!vendor) throw UnknownVendor();
  const credentials = await checkCredentials(runtime.config, vendor, merge({}, wanted.credentials));
  return keep(runtime, ctx, { provider: wanted.provider, vendor, credentials });
}

/**
 * Ties a channel to its sandbox by name, so that it is listed and can be switched like a vendor; where the sandbox is not allowed it sends
 * nothing. For the demo: people need not connect it, it serves by itself where no vendor was ever connected.
 */
export async function connectSandbox(
  runtime: Runtime,
  ctx: Context,
  provider: "sandbox-email" | "sandbox-sms" | "sandbox-voice",
): Promise<IntegrationRow> {
  allow(ctx, "integrations:write");
  const vendor = PROVIDERS[provider];
  // The sandbox page signs with this secret, whoever stands behind the channel.
  const webhookSecret = sandboxWebhookSecret(runtime.config.secretKey, ctx.workspace);
  const credentials = await checkCredentials(runtime.config, vendor, { webhookSecret });
  return keep(runtime, ctx, { provider, vendor, credentials });
}

async function keep(
  runtime: Runtime,
  ctx: Context,
  { provider, vendor, credentials }: { provider: string; vendor: Vendor; credentials: Credentials },
): Promise<IntegrationRow> {
  const row = await inTransaction(ctx, async (tx) => {
    await lockIntegrations(tx);
    const id = newIntegrationId();
    const about = { integrationId: id, provider, type: vendor.type };
    const sealed = seal(runtime.config, vendor, id, credentials);
    if (!(await insertIntegration(tx, { id, provider, type: vendor.type, ...sealed }))) throw IntegrationExists();
    await emit(tx, integrationConnected, about, { subjectId: id });
    await switchOn(tx, { id, type: vendor.type });
    const inserted = await findIntegration(tx, id);
    if (!inserted) throw new Error(`Integration ${id} is gone before it was committed`);
    return inserted;
  });
  runtime.providers.forget(ctx.workspace);
  return row;
}
