import { isDeepStrictEqual } from "node:util";
import { allow, type Context, inTransaction } from "../../context.ts";
import { emit } from "../../events.ts";
import { NotFound } from "../../problems.ts";
import type { Runtime } from "../../runtime.ts";
import { UnknownVendor } from "../contract.ts";
import { checkCredentials, type Credentials, findVendor, merge, seal, unseal } from "../credentials.ts";
import { integrationUpdated } from "../messages.ts";
import { findIntegration, type IntegrationRow, lockIntegrations, setCredentials } from "../queries.ts";

/** Changes the fields that are given; null takes an optional one away. Secrets that are not given stay as they are. */
export async function updateIntegration(
  runtime: Runtime,
  ctx: Context,
  id: string,
  given: Credentials,
): Promise<IntegrationRow> {
  allow(ctx, "integrations:write");
  const { config } = runtime;
  const row = await inTransaction(ctx, async (tx) => {
    await lockIntegrations(tx);
    const before = await findIntegration(tx, id);
    if (!before) throw NotFound();
    const vendor = findVendor(before.provider);
    if (!vendor) throw UnknownVendor();
    // Secrets that cannot be read any more must be typed again: the schema then names them as missing.
    const known = unseal(config, before) ?? before.config;
    const credentials = await checkCredentials(config, vendor, merge(known, given));
    const fields = [...new Set([...Object.keys(known), ...Object.keys(credentials)])];
    const changed = fields.filter((field) => !isDeepStrictEqual(known[field], credentials[field]));
    if (changed.length === 0) return before;
    await setCredentials(tx, id, seal(config, vendor, id, credentials));
    const about = { integrationId: id, provider: before.provider, type: before.type, fields: changed.toSorted() };
    await emit(tx, integrationUpdated, about, { subjectId: id });
    return (await findIntegration(tx, id)) ?? before;
  });
  runtime.providers.forget(ctx.workspace);
  return row;
}
