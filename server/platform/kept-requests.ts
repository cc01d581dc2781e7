import { readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { isCollision, isDatabaseAway, isGivenUp } from "./database/faults.ts";
import { writeDurably } from "./durable-file.ts";
import { isId, newId } from "./ids.ts";
import { Problem } from "./problems.ts";
import type { RawRequest } from "#providers/webhook.ts";
import type { Runtime } from "./runtime.ts";

/** What came while the database was away: a kind, and what the domain that takes it up will read of it. Nothing of it has been checked. */
export type Kept = { kind: string; [field: string]: unknown };
const keptSchema = z.looseObject({ kind: z.string() });

/** Of a vendor's request: signatures are over the exact bytes, and as old as they were when it came. */
export const keptRequestSchema = z.object({
  workspaceId: z.string(),
  provider: z.string(),
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.base64().transform((text) => Buffer.from(text, "base64")),
  receivedAt: z.iso.datetime().transform((at) => new Date(at)),
});
export type KeptRequest = z.output<typeof keptRequestSchema>;

/** Does what was asked for then. Throws a Problem where it is none of ours, and whatever the database throws. */
export type TakeUp = (kept: Kept) => Promise<void>;

const RETRY_MS = 1_000;
const HURRIED_MS = 50;
/** Of what the database answers by giving up, with a rest that grows by a second each time: two minutes, and the time-outs themselves. */
const MOST_TRIES = 16;
/** What is set aside is tried once again at each start, and this often: the fault may be over, or mended. */
const AGAIN_MS = 15 * 60_000;
/** Stands for all that processes before have left. */
const LEFT = "left";
/** Anybody may post to a webhook's address: more than this is not kept, by one process. */
const MOST_BYTES = 64 * 1024 * 1024;

const KEPT = ".json";
const SET_ASIDE = ".failed";

const codeOf = (error: unknown): unknown => (error instanceof Error ? Reflect.get(error, "code") : undefined);
const isMissing = (error: unknown): boolean => codeOf(error) === "ENOENT";
/** The process has too many files open at this moment. */
const isCrowded = (error: unknown): boolean => codeOf(error) === "EMFILE" || codeOf(error) === "ENFILE";

/** In the data directory. Outlives the process: whoever starts next does what is in it, and so does any other that has this directory. */
export const keptDir = (dataDir: string) => join(dataDir, "kept-requests");

/** Names sort by when they came. */
const nameFor = (workspaceId: string) => `${newId("inb")}.${workspaceId}${KEPT}`;
/** Null: anybody's. Older names say nothing of it. */
const workspaceIn = (name: string): string | null => {
  const [, said = null] = name.split(".");
  return said !== null && isId("ws", said) ? said : null;
};

/** Something that is kept and not done yet. `workspaceId` null: whosever it is. */
type Undone = { workspaceId: string | null; done: Promise<void>; hurry: () => void };

const undone = new Set<Undone>();
/** Who looks into each directory for what any process has kept there. */
const lookers = new Map<string, (workspaceId: string) => Promise<void>>();
const stops = () => new Error("The process stops before what it kept is done.");

/**
 * Resolves when all is done that was kept for a workspace, by this process or another that has the same data directory. Whoever is about to hand
 * messages over waits for it: the database is back for them as it is for what was kept, and a no that was said meanwhile comes first. Throws
 * when the process stops before, and from then on as long as something is there.
 */
export async function whenKeptIsDone(workspaceId: string): Promise<void> {
  for (;;) {
    await Promise.all([...lookers.values()].map((look) => look(workspaceId)));
    const theirs = [...undone].filter((one) => one.workspaceId === null || one.workspaceId === workspaceId);
    if (theirs.length === 0) return;
    for (const one of theirs) one.hurry();
    await Promise.all(theirs.map(({ done }) => done));
  }
}

/** `given-up`: by the database, which is there. */
type Attempt = { is: "done" } | { is: "away" | "given-up" | "fault"; error: unknown };

function createKeeper(runtime: Runtime) {
  const dir = keptDir(runtime.config.dataDir);
  const ending = new AbortController();
  const sizes = new Map<string, number>();
  /** Files that are on the disk, by their names: ours, and what others have kept. */
  const written = new Set<string>();
  /** What tells whoever waits for a file, by its name, that it is done. */
  const settlers = new Map<string, { settle: () => void; fail: (error: Error) => void }>();
  /** How often the database has given a file up. */
  const tries = new Map<string, number>();
  /** Ends the rest between two tries. */
  let hurry: () => void = () => undefined;
  let isHurried = false;
  const pace = { retryMs: RETRY_MS };
  const acts = new Map<string, TakeUp>();
  let hasBegun = false;
  let running: Promise<void> | null = null;
  let isAsked = false;
  /** What is set aside is to be tried once more. */
  let isDueAgain = true;
  let clockwork: NodeJS.Timeout | undefined;

  function expect(name: string, workspaceId: string | null): void {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const one = {
      workspaceId,
      done: promise,
      hurry: () => {
        isHurried = true;
        hurry();
      },
    };
    // Nobody may be waiting for it when the process stops.
    promise.catch(() => undefined).finally(() => undone.delete(one));
    undone.add(one);
    settlers.set(name, { settle: resolve, fail: reject });
  }

  function settle(name: string): void {
    sizes.delete(name);
    written.delete(name);
    tries.delete(name);
    settlers.get(name)?.settle();
    settlers.delete(name);
  }

  async function rest(ms: number | null = null): Promise<void> {
    const woken = new AbortController();
    hurry = () => (ms === null ? woken.abort() : undefined);
    // Whoever waits has the database already; what it refuses for other reasons is not asked without end.
    const wanted = ms ?? (isHurried ? HURRIED_MS : pace.retryMs);
    isHurried = false;
    await sleep(wanted, undefined, { signal: AbortSignal.any([ending.signal, woken.signal]) }).catch(() => undefined);
  }

  async function attempt(name: string): Promise<Attempt> {
    const path = join(dir, name);
    try {
      const kept = keptSchema.parse(JSON.parse(await readFile(path, "utf8")));
      const act = acts.get(kept.kind);
      if (!act) throw new Error(`Nobody takes up what is kept as ${kept.kind}`);
      await act(kept);
    } catch (error) {
      // Another process of this directory has done it meanwhile.
      if (isMissing(error)) return { is: "done" };
      if (isGivenUp(error)) return { is: "given-up", error };
      if (isDatabaseAway(error) || isCollision(error) || isCrowded(error)) return { is: "away", error };
      if (!(error instanceof Problem)) return { is: "fault", error };
      // A forged one, mostly.
      runtime.log.warn({ err: error }, "a kept request was refused");
    }
    await rm(path, { force: true });
    return { is: "done" };
  }

  /** A fault of ours loses nobody's no: it stays beside the others, for a person. */
  async function setAside(name: string, error: unknown): Promise<void> {
    const path = join(dir, name);
    runtime.log.error({ err: error, path }, "a kept request could not be done, and is set aside");
    try {
      await rename(path, `${path}${SET_ASIDE}`);
    } catch (fault) {
      if (!isMissing(fault)) throw fault;
    }
  }

  /** Zero: it is done, or set aside. Else how long to rest before it is tried again; null, until the database is back. */
  async function doOne(name: string): Promise<number | null> {
    const outcome = await attempt(name);
    if (outcome.is === "away") return null;
    if (outcome.is === "given-up") {
      const tried = (tries.get(name) ?? 0) + 1;
      tries.set(name, tried);
      runtime.log.warn({ err: outcome.error, name, tried }, "the database gave up a kept request");
      if (tried < MOST_TRIES) return tried * pace.retryMs;
    }
    if (outcome.is !== "done") await setAside(name, outcome.error);
    return 0;
  }

  /** Each once. False: the database is away. */
  async function tryAgain(names: readonly string[]): Promise<boolean> {
    const left: unknown[] = [];
    for (const name of names) {
      const outcome = await attempt(name);
      if (outcome.is === "away") return false;
      if (outcome.is !== "done") left.push(outcome.error);
    }
    const [err] = left;
    if (left.length > 0) runtime.log.error({ err, dir, requests: left.length }, "kept requests are still set aside");
    return true;
  }

  /** Null: it cannot be said now. */
  async function listKept(): Promise<string[] | null> {
    try {
      return await readdir(dir);
    } catch (error) {
      if (isMissing(error)) return [];
      runtime.log.error({ err: error, dir }, "what is kept could not be listed: nothing is sent until it can");
      return null;
    }
  }

  /** In the order in which they came. */
  async function doListed(): Promise<void> {
    const before = [...written];
    const names = await listKept();
    if (names === null) {
      isAsked = true;
      return rest();
    }
    // Another process of this directory has done these.
    for (const name of before.filter((one) => !names.includes(one))) settle(name);
    /** Workspaces of which the database gave one up: what is behind it waits, and that of others does not. */
    const held = new Map<string | null, number>();
    for (const name of names.filter((one) => one.endsWith(KEPT)).toSorted()) {
      if (held.has(workspaceIn(name))) continue;
      const wait = await doOne(name);
      if (wait === 0) settle(name);
      else if (wait !== null) held.set(workspaceIn(name), wait);
      else {
        isAsked = true;
        return rest();
      }
    }
    if (held.size > 0) {
      isAsked = true;
      return rest(Math.min(...held.values()));
    }
    if (isDueAgain) {
      if (!(await tryAgain(names.filter((one) => one.endsWith(SET_ASIDE)).toSorted()))) {
        isAsked = true;
        return rest();
      }
      isDueAgain = false;
    }
    if (!isAsked) settle(LEFT);
  }

  async function doAll(): Promise<void> {
    while (isAsked && !ending.signal.aborted) {
      isAsked = false;
      try {
        await doListed();
      } catch (error) {
        runtime.log.error({ err: error, dir }, "kept requests could not be taken up");
        isAsked = true;
        await rest(pace.retryMs);
      }
    }
  }

  function start(): void {
    isAsked = true;
    if (!hasBegun || ending.signal.aborted) return;
    running ??= doAll().finally(() => {
      running = null;
      // Asked for while it came to its end.
      if (isAsked) start();
    });
  }

  /** Has whoever asks wait for what others have kept here. */
  async function look(workspaceId: string): Promise<void> {
    const names = await listKept();
    const theirs = names?.filter(
      (name) => name.endsWith(KEPT) && [null, workspaceId].includes(workspaceIn(name)) && !settlers.has(name),
    );
    if (ending.signal.aborted && (names === null || theirs?.length !== 0)) throw stops();
    if (names === null && !settlers.has(LEFT)) expect(LEFT, null);
    for (const name of theirs ?? []) {
      expect(name, workspaceIn(name));
      written.add(name);
    }
    if (names === null || theirs?.length !== 0) start();
  }

  return {
    /** How long it rests between two tries of what could not be done, in milliseconds, unless somebody waits for it. */
    pace,
    /** On the disk when this resolves, to be done when the database is back. False: it could not be kept, or is no workspace's. */
    async keep(kept: Kept, workspaceId: string): Promise<boolean> {
      if (!isId("ws", workspaceId)) return false;
      const text = JSON.stringify(kept);
      const held = [...sizes.values()].reduce((sum, size) => sum + size, 0);
      if (held + text.length > MOST_BYTES) return false;
      const name = nameFor(workspaceId);
      sizes.set(name, text.length);
      // Before it is on the disk: who sends meanwhile waits for it, too.
      expect(name, workspaceId);
      try {
        await writeDurably(join(dir, name), text);
      } catch (error) {
        settle(name);
        runtime.log.error({ err: error }, "a request could not be kept");
        return false;
      }
      written.add(name);
      start();
      return true;
    },
    /** Says who does what is kept as this kind. */
    takes(kind: string, act: TakeUp): void {
      acts.set(kind, act);
    },
    /** A vendor's request, as `keptRequestSchema` reads it again. */
    keepRequest(kind: string, { workspaceId, provider }: { workspaceId: string; provider: string }, raw: RawRequest) {
      const receivedAt = runtime.clock.now().toISOString();
      return this.keep(
        { kind, workspaceId, provider, ...raw, body: raw.body.toString("base64"), receivedAt },
        workspaceId,
      );
    },
    /** How many wait to be done, and how many are set aside for a person; null where that cannot be said. */
    async count(): Promise<{ waiting: number; setAside: number } | null> {
      const names = await listKept();
      const ending = (suffix: string) => names?.filter((name) => name.endsWith(suffix)).length ?? 0;
      return names && { waiting: ending(KEPT), setAside: ending(SET_ASIDE) };
    },
    /** Begins with what processes before have left, once everybody has said what they take up. */
    begin(): void {
      hasBegun = true;
      lookers.set(dir, look);
      expect(LEFT, null);
      start();
      clockwork = setInterval(() => {
        isDueAgain = true;
        start();
      }, AGAIN_MS).unref();
    },
    /** Nothing is taken up any more, and nothing handed over by this process while something is there. */
    async end(): Promise<void> {
      clearInterval(clockwork);
      ending.abort();
      await running;
      for (const { fail } of settlers.values()) fail(stops());
      settlers.clear();
    },
    /** The last work of the process is over. */
    leave(): void {
      if (lookers.get(dir) === look) lookers.delete(dir);
    },
  };
}

const keepers = new WeakMap<Runtime, ReturnType<typeof createKeeper>>();

/** What this process keeps while the database is away. */
export function keeperOf(runtime: Runtime): ReturnType<typeof createKeeper> {
  const known = keepers.get(runtime) ?? createKeeper(runtime);
  keepers.set(runtime, known);
  return known;
}
