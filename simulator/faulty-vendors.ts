import type { Clock } from "#platform/clock.ts";
import type { Channel } from "#domains/messaging/index.ts";
import type { Chance } from "./chance.ts";
import { type Faults, NO_FAULTS, answerOf } from "./faults.ts";
import type { Life } from "./life.ts";
import { type SimulatedVendors, simulatedVendors } from "./vendors.ts";

/** A vendor's call takes longest of all that a process does: of a hundred deaths at stops, one comes at each. */
const DEATHS_AT_CALLS = 0.05;
/** As many as a good vendor takes at once, which is what a death leaves without a record; where nobody dies, all of a batch. */
const AT_ONCE = 64;
const UNHURT_AT_ONCE = 256;

/** Vendors that fail as the faults have it, and processes that die while they call them; nothing fails from `until` on (Unix milliseconds). */
export function faultyVendors(parts: {
  faults: Faults;
  chance: Chance;
  clock: Clock;
  until: number;
  without: readonly Channel[];
  life: () => Life | undefined;
}): SimulatedVendors {
  const { faults, chance, clock, until, without, life } = parts;
  const die = (): never => {
    const living = life();
    if (!living) throw new Error("There is no process that could have called.");
    return living.die();
  };
  return simulatedVendors(() => clock.now(), {
    die,
    without,
    atOnce: faults.crash > 0 ? AT_ONCE : UNHURT_AT_ONCE,
    answering({ channel, to, place, tries, messageId }) {
      // What a dead process still tries, no vendor hears.
      if (life()?.isDead() === true) return die();
      const key = `${channel} ${to} ${place}`;
      const isOver = clock.now().getTime() >= until;
      const roll = isOver ? 1 : chance(key, tries, "death");
      const share = (faults.crash * DEATHS_AT_CALLS) / 2;
      const dies = roll < share ? "before" : roll < 2 * share ? "after" : null;
      return { ...answerOf(isOver ? NO_FAULTS : faults, chance, { key, tries, messageId }), dies };
    },
  });
}
