/** A sender with what it has left now. */
export type Candidate = {
  id: string;
  /** Takes threads that have no sender yet. */
  takesNew: boolean;
  /** Paused, or its vendor is not in use: it sends nothing. */
  isHeld: boolean;
  /** How many it may send on this day in all. */
  dayLimit: number;
  dayLeft: number;
  minuteLeft: number;
  /** When it was used last today, in milliseconds; 0 if not yet. */
  lastUsedAt: number;
};

/**
 * `none`: nobody may send it now. `held`: the thread's sender is paused · `closed`: no sender takes new threads · `day`, `minute`: what is
 * left of it is used up. `id` is the thread's sender where it is for that one to wait.
 */
export type Choice =
  | { kind: "sender"; id: string }
  | { kind: "none"; lack: "held" | "closed" | "day" | "minute"; id: string | null };

const none = (lack: "held" | "closed" | "day" | "minute", id: string | null = null): Choice => ({
  kind: "none",
  lack,
  id,
});

/**
 * Who sends the next message. A thread that has a sender (`sticky`) goes on from it or waits for it; one whose sender is gone is new. New
 * threads go round robin by what is left: to whoever has the largest share of its day left, of several to the one used longest ago, so that
 * senders of the same limit stay within one of each other and others share by their limits.
 */
export function chooseSender(candidates: readonly Candidate[], sticky: string | null): Choice {
  const own = sticky === null ? undefined : candidates.find(({ id }) => id === sticky);
  if (own) {
    if (own.isHeld) return none("held", own.id);
    if (own.dayLeft <= 0) return none("day", own.id);
    return own.minuteLeft <= 0 ? none("minute", own.id) : { kind: "sender", id: own.id };
  }
  const open = candidates.filter(({ takesNew, isHeld }) => takesNew && !isHeld);
  if (open.length === 0) return none("closed");
  const today = open.filter(({ dayLeft }) => dayLeft > 0);
  if (today.length === 0) return none("day");
  let best: Candidate | null = null;
  for (const one of today) if (one.minuteLeft > 0 && (best === null || isBefore(one, best))) best = one;
  return best ? { kind: "sender", id: best.id } : none("minute");
}

function isBefore(a: Candidate, b: Candidate): boolean {
  // Compared crosswise: no division, no rounding.
  const [ofA, ofB] = [a.dayLeft * b.dayLimit, b.dayLeft * a.dayLimit];
  if (ofA !== ofB) return ofA > ofB;
  return a.lastUsedAt === b.lastUsedAt ? a.id < b.id : a.lastUsedAt < b.lastUsedAt;
}
