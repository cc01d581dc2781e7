export type Turn = {
  /** Begins to lead and returns the way to stop. `isLate`: something may have happened between this page's last word and now. */
  lead: (isLate: boolean) => () => void;
  /** The page is seen again while another one leads: what happened in between was not heard. */
  missed: () => void;
};

/**
 * Lets one page of the browser lead, among all that name the same scope, and only while it is on the screen: a page in the background
 * may be frozen, and a browser keeps no more than six connections to a server. Returns the way to stop.
 *
 * Where the browser has no locks between pages (they need HTTPS or this very machine), every page leads while it is on the screen.
 */
export function takeTurns(scope: string, { lead, missed }: Turn): () => void {
  let turn: AbortController | undefined;

  const begin = (isReturning: boolean) => {
    const mine = new AbortController();
    turn = mine;
    if (!("locks" in navigator)) {
      void hold(mine.signal, lead(isReturning));
      return;
    }
    void compete(scope, mine.signal, {
      lead,
      missed: () => (isReturning ? missed() : undefined),
      isReturning,
    });
  };
  const end = () => {
    turn?.abort();
    turn = undefined;
  };
  const look = () => {
    if (document.hidden) end();
    else if (!turn) begin(true);
  };

  document.addEventListener("visibilitychange", look);
  if (!document.hidden) begin(false);
  return () => {
    document.removeEventListener("visibilitychange", look);
    end();
  };
}

async function compete(scope: string, ended: AbortSignal, turn: Turn & { isReturning: boolean }): Promise<void> {
  const leadUntilEnd = (isLate: boolean) => (ended.aborted ? undefined : hold(ended, turn.lead(isLate)));
  const isTaken = await navigator.locks.request(scope, { ifAvailable: true }, async (lock) => {
    if (lock) await leadUntilEnd(turn.isReturning);
    return lock === null;
  });
  if (!isTaken || ended.aborted) return;
  turn.missed();
  try {
    await navigator.locks.request(scope, { signal: ended }, () => leadUntilEnd(true));
  } catch (error) {
    // The page stopped waiting before its turn came.
    if (!ended.aborted) throw error;
  }
}

/** Until the turn ends, then stops. */
function hold(ended: AbortSignal, stop: () => void): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      stop();
      resolve();
    };
    ended.addEventListener("abort", finish, { once: true });
  });
}
