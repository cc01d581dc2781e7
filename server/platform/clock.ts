/** The only place that reads the clock. Everything else asks `ctx.now()`, so tests and the simulator can move time. */
export type Clock = {
  now(): Date;
  /** Milliseconds that work has taken, where that is not the machine's to say: a run that is to come out the same again on a busy machine. */
  elapsed?: () => number;
};

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until it is moved. */
export function virtualClock(start: Date) {
  let instant = start.getTime();
  return {
    now: () => new Date(instant),
    set: (to: Date) => {
      instant = to.getTime();
    },
    advance: (ms: number) => {
      instant += ms;
    },
  };
}

/** Monotonic milliseconds for measuring how long something took; never a time of day. */
export const elapsed = () => performance.now();
