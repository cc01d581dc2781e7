import { allow, type Context, inTransaction } from "../../context.ts";
import { emit } from "../../events.ts";
import type { Runtime } from "../../runtime.ts";
import { IntegrationExists, UnknownVendor } from "../contract.ts";
import { checkCredentials, type Credentials, findVendor, merge, seal } from "../credentials.ts";
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
  const row = await inTransaction(ctx, async (tx) => {
    await lockIntegrations(tx);
    const id = newIntegrationId();
    const about = { integrationId: id, provider: wanted.provider, type: vendor.type };
    const sealed = seal(runtime.config, vendor, id, credentials);
    if (!(await insertIntegration(tx, { id, provider: wanted.provider, type: vendor.type, ...sealed })))
      throw IntegrationExists();
    await emit(tx, integrationConnected, about, { subjectId: id });
    await switchOn(tx, { id, type: vendor.type });
    const inserted = await findIntegration(tx, id);
    if (!inserted) throw new Error(`Integration ${id} is gone before it was committed`);
    return inserted;
  });
  runtime.providers.forget(ctx.workspace);
  return row;
}
