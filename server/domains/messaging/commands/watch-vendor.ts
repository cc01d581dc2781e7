import type { Context } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import type { SendOutcome } from "#providers/outcome.ts";
import { vendorRecovered, vendorTripped } from "../messages.ts";
import type { OpenMessage } from "../queries/outbound.ts";
import { type Tally, closeTrip, keepTallies, openTrip, releaseWaiting, reopenTrip } from "../queries/vendor-trips.ts";
import { hasTripped, isVendorFault, retryAtAfter, stillFails } from "../vendor-health.ts";

/**
 * Counts a batch of hand-overs for and against their vendors, pauses one that keeps failing, and lets one that a few messages have tried again
 * go on, or wait longer: by the answers of these few alone, for what was handed over before may be answered as late as this. Answers when each vendor that is paused now is tried next, by its name. In the transaction that records the batch.
 */
export async function watchVendors(
  tx: Context,
  handOvers: readonly { message: OpenMessage; outcome: SendOutcome }[],
): Promise<Map<string, Date>> {
  // A person's test says what it says to that person.
  const counted = handOvers.filter(({ message }) => message.provider !== null && message.purpose !== "test");
  const paused = new Map<string, Date>();
  const tallies = [...Map.groupBy(counted, ({ message }) => message.provider ?? "")].map(
    ([provider, ofOne]): Tally => ({
      provider,
      calls: ofOne.length,
      failures: ofOne.filter(({ outcome }) => isVendorFault(outcome)).length,
    }),
  );
  for (const weighed of await keepTallies(tx, tallies)) {
    const { provider, status, trips, retryAt, probedAt } = weighed;
    const about = counted.filter(({ message }) => message.provider === provider);
    const channel = about[0]?.message.channel;
    if (!channel) continue;
    if (status === "half_open" && probedAt) {
      const tried = about.filter(({ message }) => message.probeAt?.getTime() === probedAt.getTime());
      const failures = tried.filter(({ outcome }) => isVendorFault(outcome)).length;
      const probe = { provider, probedAt };
      if (tried.length === 0) paused.set(provider, retryAtAfter((trips ?? 1) + 1, probedAt));
      else if (stillFails({ calls: tried.length, failures })) {
        const next = retryAtAfter((trips ?? 1) + 1, tx.now());
        await reopenTrip(tx, probe, reasonOf(tried), next);
        paused.set(provider, next);
      } else if (await closeTrip(tx, probe)) {
        await releaseWaiting(tx, provider);
        await emit(tx, vendorRecovered, { provider, channel });
      }
    } else if (status === "open") {
      if (retryAt) paused.set(provider, retryAt);
    } else if (hasTripped({ calls: weighed.callsOfMinute, failures: weighed.failuresOfMinute })) {
      const { callsOfMinute: calls, failuresOfMinute: failures } = weighed;
      const reason = `${failures} of ${calls} hand-overs failed within a minute, the last with: ${reasonOf(about)}`;
      const next = retryAtAfter(1, tx.now());
      const isFirst = await openTrip(tx, { provider, channel, reason, retryAt: next });
      if (isFirst) await emit(tx, vendorTripped, { provider, channel, reason, retryAt: next.toISOString() });
      paused.set(provider, next);
    }
  }
  return paused;
}

function reasonOf(handOvers: readonly { outcome: SendOutcome }[]): string {
  const last = handOvers.findLast(({ outcome }) => isVendorFault(outcome))?.outcome;
  return last && last.kind !== "accepted" ? last.detail : "";
}
