import { type Context, allow, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { NotFound } from "#platform/problems.ts";
import { vendorTriedAgain } from "../messages.ts";
import { forgetTrip, hastenTrip, releaseWaiting } from "../queries/vendor-trips.ts";

/** A person does not want to wait: the next few messages try the paused vendor now. Throws NotFound when it is not paused. */
export async function tryVendorAgain(ctx: Context, provider: string): Promise<void> {
  allow(ctx, "integrations:write");
  await inTransaction(ctx, async (tx) => {
    if (!(await hasten(tx, provider))) throw NotFound();
  });
}

/** The integration of a vendor was changed: what it failed with may be mended. One that is gone is paused no more. */
export async function heedChangedVendor(ctx: Context, { provider }: { provider: string }): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    if (await tx.providers.byName(tx, provider)) await hasten(tx, provider);
    else await forgetTrip(tx, provider);
  });
}

async function hasten(tx: Context, provider: string): Promise<boolean> {
  const trip = await hastenTrip(tx, provider);
  if (!trip) return false;
  await releaseWaiting(tx, provider);
  await emit(tx, vendorTriedAgain, { provider, channel: trip.channel });
  return true;
}
