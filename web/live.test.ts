import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { keysFor, startLive, throttle, THROTTLE_MS, typeIn } from "./live.ts";
import { tookLongSearch } from "./ui/table/long-search.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("which answers an event makes stale", () => {
  test("an event concerns its own domain, and those that the map adds", () => {
    expect(keysFor(["accounts.member-removed"])).toEqual([[["accounts"]]]);
    expect(keysFor(["outreach.step-sent"])).toEqual([[["outreach"]], [["leads"]]]);
  });

  test("each key is named once, however many events ask for it", () => {
    expect(keysFor(["leads.lead-created", "leads.lead-updated", "outreach.step-sent"])).toEqual([
      [["leads"]],
      [["outreach"]],
    ]);
  });

  test("only messages that name a type are events", () => {
    expect(typeIn('{"type":"leads.lead-created"}')).toBe("leads.lead-created");
    for (const data of ["", "null", "[]", '{"type":1}', "not json", undefined]) expect(typeIn(data)).toBeUndefined();
  });
});

test("the first event is told at once, the following ones together, at most once per interval", () => {
  const told: string[][] = [];
  const tell = throttle<string>((items) => told.push([...items]), THROTTLE_MS);
  tell("a");
  tell("b");
  tell("b");
  expect(told).toEqual([["a"]]);
  vi.advanceTimersByTime(THROTTLE_MS - 1);
  expect(told).toEqual([["a"]]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual([["a"], ["b"]]);
  vi.advanceTimersByTime(10 * THROTTLE_MS);
  tell("c");
  expect(told).toEqual([["a"], ["b"], ["c"]]);
});

/** A page's document, seen or not. */
class Sheet extends EventTarget {
  hidden = false;
  show(isSeen: boolean) {
    this.hidden = !isSeen;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

/** What one page posts, every other page hears. */
class Channel extends EventTarget {
  static open = new Set<Channel>();
  constructor() {
    super();
    Channel.open.add(this);
  }
  close() {
    Channel.open.delete(this);
  }
  postMessage(data: unknown) {
    for (const other of Channel.open) if (other !== this) other.dispatchEvent(new MessageEvent("message", { data }));
  }
}

describe("the stream", () => {
  class Stream extends EventTarget {
    static readonly CLOSED = 2;
    static opened: Stream[] = [];
    readyState = 1;
    constructor() {
      super();
      Stream.opened.push(this);
    }
    close() {
      this.readyState = 2;
    }
    say(type: string) {
      this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify({ type }) }));
    }
    tell(name: string) {
      this.dispatchEvent(new Event(name));
    }
  }

  function listen() {
    Stream.opened = [];
    Channel.open.clear();
    const sheet = new Sheet();
    vi.stubGlobal("EventSource", Stream);
    vi.stubGlobal("BroadcastChannel", Channel);
    vi.stubGlobal("document", sheet);
    vi.stubGlobal("navigator", {});
    const fetch = vi.fn<() => Promise<Response>>(async () => new Response("ok"));
    vi.stubGlobal("fetch", fetch);
    const invalidate = vi.fn<(key?: readonly unknown[]) => void>();
    const stop = startLive({ invalidate, scope: "wsp_1" });
    const [stream] = Stream.opened;
    if (!stream) throw new Error("No stream was opened.");
    return { stream, invalidate, stop, fetch, sheet };
  }
  afterEach(() => void vi.unstubAllGlobals());

  test("an event makes its domain's answers stale", () => {
    const { stream, invalidate } = listen();
    stream.say("accounts.member-removed");
    expect(invalidate.mock.calls).toEqual([[[["accounts"]]]]);
  });

  test("the first connection asks for nothing again, a later one for everything", () => {
    const { stream, invalidate } = listen();
    stream.tell("open");
    stream.tell("resync");
    expect(invalidate).not.toHaveBeenCalled();
    stream.tell("open");
    stream.tell("resync");
    expect(invalidate.mock.calls).toEqual([[]]);
  });

  test("a stream that the browser has given up is opened again, later each time", () => {
    const { stream, stop } = listen();
    stream.close();
    stream.tell("error");
    vi.advanceTimersByTime(999);
    expect(Stream.opened).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(Stream.opened).toHaveLength(2);
    Stream.opened[1]?.close();
    Stream.opened[1]?.tell("error");
    vi.advanceTimersByTime(1_000);
    expect(Stream.opened).toHaveLength(2);
    vi.advanceTimersByTime(1_000);
    expect(Stream.opened).toHaveLength(3);
    Stream.opened[2]?.tell("error");
    stop();
    vi.advanceTimersByTime(60_000);
    expect(Stream.opened).toHaveLength(3);
  });

  test("a stream that ends is no alarm; one that does not come back makes the page ask whether the server is there", () => {
    const { stream, fetch } = listen();
    stream.readyState = 0;
    stream.tell("error");
    expect(fetch).not.toHaveBeenCalled();
    stream.tell("error");
    expect(fetch).toHaveBeenCalledTimes(1);
    stream.tell("open");
    stream.tell("error");
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  test("while the browser itself tries again, nobody else does", () => {
    const { stream } = listen();
    stream.readyState = 0;
    stream.tell("error");
    vi.advanceTimersByTime(60_000);
    expect(Stream.opened).toHaveLength(1);
  });

  test("a page out of sight holds no stream, and asks for everything again once it is seen", () => {
    const { stream, invalidate, sheet } = listen();
    sheet.show(false);
    expect(stream.readyState).toBe(Stream.CLOSED);
    expect(Stream.opened).toHaveLength(1);
    sheet.show(true);
    Stream.opened[1]?.tell("open");
    Stream.opened[1]?.tell("resync");
    expect(invalidate.mock.calls).toEqual([[]]);
  });

  test("the page with the stream tells the others, which hear it only while they are seen", () => {
    const { stream } = listen();
    const heard = vi.fn<(key?: readonly unknown[]) => void>();
    const sheet = new Sheet();
    vi.stubGlobal("document", sheet);
    // Another page leads already.
    vi.stubGlobal("navigator", { locks: { request: () => new Promise(() => undefined) } });
    const stop = startLive({ invalidate: heard, scope: "wsp_1" });
    stream.say("outreach.step-sent");
    expect(heard.mock.calls).toEqual([[[["outreach"]]], [[["leads"]]]]);
    stream.tell("resync");
    expect(heard.mock.calls.slice(2)).toEqual([[]]);
    sheet.hidden = true;
    stream.tell("resync");
    expect(heard).toHaveBeenCalledTimes(3);
    expect(Stream.opened).toHaveLength(1);
    stop();
  });
});

test("a list that took a long search to find is not searched again whenever anything happens", () => {
  const query = (pages: readonly unknown[]) => ({ state: { data: { pages, pageParams: [] } } });
  const short = { data: [], next_cursor: "x", looked: 5_000 };
  expect(tookLongSearch(query([short, short, short, short]))).toBe(true);
  expect(tookLongSearch(query([short, short, short]))).toBe(false);
  expect(tookLongSearch(query([short, { data: [], next_cursor: null, looked: 0 }]))).toBe(false);
  expect(tookLongSearch({ state: { data: { count: 3 } } })).toBe(false);
  expect(tookLongSearch({ state: { data: undefined } })).toBe(false);
});
