import { type Context, allow } from "#platform/context.ts";
import { findDefinition } from "#platform/integrations/credentials.ts";
import type { VendorPause } from "./contract.ts";
import { listOpenTrips } from "./queries/vendor-trips.ts";
import { isProbing } from "./vendor-health.ts";

/** The vendors that nothing is handed to now, since when and why. */
export async function showVendorPauses(ctx: Context): Promise<{ data: VendorPause[] }> {
  allow(ctx, "integrations:read");
  const trips = await listOpenTrips(ctx);
  return {
    data: trips.map((trip) => ({
      provider: trip.provider,
      label: findDefinition(trip.provider)?.label ?? trip.provider,
      channel: trip.channel,
      since: trip.trippedAt.toISOString(),
      reason: trip.reason,
      retryAt: trip.retryAt.toISOString(),
      isBeingTried: isProbing(trip, ctx.now()),
    })),
  };
}
