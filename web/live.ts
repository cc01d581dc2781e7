import type { QueryKey } from "@tanstack/react-query";
import { askServer, reportReachable } from "#web/connection.ts";
import { takeTurns } from "#web/live-turns.ts";

/**
 * Which answers an event makes stale, by the beginning of its type. Operation keys begin with the domain's name in the
 * contract, so an event touches the queries of its own domain; here stand the others that show the same facts.
 */
export const staleAfter: Readonly<Record<string, readonly QueryKey[]>> = {
  // Conditions and rules name them.
  "leads.score-rules-changed": [[["leads", "scoreRules"]]],
  "leads.tag-changed": [[["leads"]], [["outreach"]]],
  "leads.custom-field-changed": [[["leads"]], [["outreach"]]],
  "leads.saved-filter-changed": [[["leads"]], [["outreach"]]],
  "leads.": [[["leads"]]],
  "messaging.": [[["messaging"]], [["leads"]]],
  "outreach.": [[["outreach"]], [["leads"]]],
  "conversions.": [[["conversions"]], [["leads"]]],
};

/** However many events arrive, the page asks again at most this often. */
export const THROTTLE_MS = 1_000;

/** The keys that go stale with these events, each once. Events of no listed prefix concern the domain they name. */
export function keysFor(types: Iterable<string>, map: typeof staleAfter = staleAfter): QueryKey[] {
  const found = new Map<string, QueryKey>();
  for (const type of types) {
    const prefix = Object.keys(map).find((candidate) => type.startsWith(candidate));
    const keys = prefix === undefined ? [[[type.split(".")[0] ?? type]]] : (map[prefix] ?? []);
    for (const key of keys) found.set(JSON.stringify(key), key);
  }
  return [...found.values()];
}

/** The type in one message of the stream; undefined for anything that is not an event. */
export function typeIn(data: unknown): string | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const event: unknown = JSON.parse(data);
    if (typeof event === "object" && event !== null && "type" in event && typeof event.type === "string")
      return event.type;
  } catch {
    // A comment or a keep-alive that reached us as a message.
  }
  return undefined;
}

/** Gathers calls and hands them on together: the first at once, the following at most once per interval. */
export function throttle<Item>(flush: (items: ReadonlySet<Item>) => void, everyMs: number): (item: Item) => void {
  let waiting = new Set<Item>();
  let resting = false;
  const send = () => {
    if (waiting.size === 0) {
      resting = false;
      return;
    }
    const items = waiting;
    waiting = new Set();
    resting = true;
    setTimeout(send, everyMs);
    flush(items);
  };
  return (item) => {
    waiting.add(item);
    if (!resting) send();
  };
}

export type LiveOptions = {
  /** Marks the queries under this key as stale; those on the screen are asked again. Without a key: all. */
  invalidate: (key?: QueryKey) => void;
  /** Whose events these are: pages of one browser that name the same share one stream. */
  scope: string;
};

/** What the page with the stream tells the others; any other word is the type of an event. */
const MISSED = "missed";
const LOST = "lost";

/**
 * Listens to the server's events and keeps the screen true. One page of the browser holds the stream and passes on what it hears, since
 * each stream takes one of the few connections that a browser keeps to a server. A page that is not looked at listens to nothing and
 * asks again for everything once it is. Returns the way to stop.
 */
export function startLive({ invalidate, scope }: LiveOptions): () => void {
  const name = `throughline.live ${scope}`;
  const channel = new BroadcastChannel(name);
  const tellOthers = channel.postMessage.bind(channel);
  const changed = throttle<string>((types) => {
    for (const key of keysFor(types)) invalidate(key);
  }, THROTTLE_MS);
  const hear = (word: string) => {
    if (word === MISSED) invalidate();
    else if (word === LOST) void askServer();
    else changed(word);
  };
  channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (typeof data === "string" && !document.hidden) hear(data);
  });
  const stop = takeTurns(name, {
    missed: invalidate,
    lead: (isLate) =>
      openStream({
        tell: (word) => {
          hear(word);
          tellOthers(word);
        },
        // A page that has just been loaded has missed nothing; one that heard another page until now may have.
        resync: (isFirst) => {
          if (isLate || !isFirst) invalidate();
          tellOthers(MISSED);
        },
      }),
  });
  return () => {
    stop();
    channel.close();
  };
}

type StreamOptions = {
  tell: (word: string) => void;
  /** Some events may have gone by unheard. The very first connection says so too. */
  resync: (isFirst: boolean) => void;
};

/** Holds the stream, opening it again whenever it is lost. Returns the way to stop. */
function openStream({ tell, resync }: StreamOptions): () => void {
  let stream: EventSource;
  let reopen: ReturnType<typeof setTimeout> | undefined;
  let connections = 0;
  let failures = 0;

  const connect = () => {
    stream = new EventSource("/api/v1/events/stream");
    stream.addEventListener("open", () => {
      connections++;
      failures = 0;
      reportReachable(true);
    });
    stream.addEventListener("message", (message: MessageEvent<unknown>) => {
      const type = typeIn(message.data);
      if (type) tell(type);
    });
    stream.addEventListener("resync", () => resync(connections <= 1));
    stream.addEventListener("error", () => {
      // Streams end by themselves now and then; one that does not come back may mean that the server is gone.
      if (++failures > 1) tell(LOST);
      // The browser tries again by itself, except after an answer that was not a stream (a restart behind a proxy, a 401).
      if (stream.readyState !== EventSource.CLOSED) return;
      reopen = setTimeout(connect, Math.min(30_000, 500 * 2 ** failures));
    });
  };
  connect();
  return () => {
    clearTimeout(reopen);
    stream.close();
  };
}
