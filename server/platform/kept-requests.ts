import { readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { isCollision, isDatabaseAway } from "./database/faults.ts";
import { writeDurably } from "./durable-file.ts";
import { newId } from "./ids.ts";
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
/** Stands for all that processes before have left. */
const LEFT = "left";
/** Anybody may post to a webhook's address: more than this is not kept, by one process. */
const MOST_BYTES = 64 * 1024 * 1024;

const SET_ASIDE = ".failed";

const codeOf = (error: unknown): unknown => (error instanceof Error ? Reflect.get(error, "code") : undefined);
const isMissing = (error: unknown): boolean => codeOf(error) === "ENOENT";
/** The process has too many files open at this moment. */
const isCrowded = (error: unknown): boolean => codeOf(error) === "EMFILE" || codeOf(error) === "ENFILE";

/** In the data directory. Outlives the process: whoever starts next does what is in it. */
export const keptDir = (dataDir: string) => join(dataDir, "kept-requests");

/** Something that is kept and not done yet. `workspaceId` null: what processes before have left, whosever it is. */
type Undone = { workspaceId: string | null; done: Promise<void>; hurry: () => void };

const undone = new Set<Undone>();
/** Workspaces of what a process that stops has kept and not done, by the directory: its loops turn until their work is over, and hand nothing over. */
const abandoned = new Map<string, Set<string>>();
const stops = () => new Error("The process stops before what it kept is done.");

/**
 * Resolves when all is done that this process has kept for a workspace. Whoever is about to hand messages over waits for it: the database is back
 * for them as it is for what was kept, and a no that was said meanwhile comes first. Throws when the process stops
 * before, and from then on.
 */
export async function whenKeptIsDone(workspaceId: string): Promise<void> {
  for (;;) {
    if ([...abandoned.values()].some((workspaces) => workspaces.has(workspaceId))) throw stops();
    const theirs = [...undone].filter((one) => one.workspaceId === null || one.workspaceId === workspaceId);
    if (theirs.length === 0) return;
    for (const one of theirs) one.hurry();
    await Promise.all(theirs.map(({ done }) => done));
  }
}

function createKeeper(runtime: Runtime) {
  const dir = keptDir(runtime.config.dataDir);
  const ending = new AbortController();
  const sizes = new Map<string, number>();
  /** Files of ours that are on the disk, by their names. */
  const written = new Set<string>();
  /** What tells whoever waits for a file, by its name, that it is done. */
  const settlers = new Map<string, { settle: () => void; fail: (error: Error) => void }>();
  /** Ends the rest between two tries. */
  let hurry: () => void = () => undefined;
  let isHurried = false;
  const pace = { retryMs: RETRY_MS };
  const acts = new Map<string, TakeUp>();
  let hasBegun = false;
  let running: Promise<void> | null = null;
  let isAsked = false;

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
    promise
      .catch(() => workspaceId !== null && abandoned.set(dir, (abandoned.get(dir) ?? new Set()).add(workspaceId)))
      .finally(() => undone.delete(one));
    undone.add(one);
    settlers.set(name, { settle: resolve, fail: reject });
  }

  function settle(name: string): void {
    sizes.delete(name);
    written.delete(name);
    settlers.get(name)?.settle();
    settlers.delete(name);
  }

  async function rest(): Promise<void> {
    const woken = new AbortController();
    hurry = () => woken.abort();
    // Whoever waits has the database already; what it refuses for other reasons is not asked without end.
    const ms = isHurried ? HURRIED_MS : pace.retryMs;
    isHurried = false;
    await sleep(ms, undefined, { signal: AbortSignal.any([ending.signal, woken.signal]) }).catch(() => undefined);
  }

  /** False: the database is away, and this waits for it. */
  async function doOne(name: string): Promise<boolean> {
    const path = join(dir, name);
    try {
      const kept = keptSchema.parse(JSON.parse(await readFile(path, "utf8")));
      const act = acts.get(kept.kind);
      if (!act) throw new Error(`Nobody takes up what is kept as ${kept.kind}`);
      await act(kept);
    } catch (error) {
      if (isDatabaseAway(error) || isCollision(error) || isCrowded(error)) return false;
      // Another process of this directory has done it meanwhile.
      if (isMissing(error)) return true;
      if (!(error instanceof Problem)) {
        // A fault of ours loses nobody's no: it stays beside the others, for a person.
        runtime.log.error({ err: error, path }, "a kept request could not be done, and is set aside");
        await rename(path, `${path}${SET_ASIDE}`);
        return true;
      }
      // A forged one, mostly.
      runtime.log.warn({ err: error }, "a kept request was refused");
    }
    await rm(path, { force: true });
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

  /** In the order in which they came: ids rise. */
  async function doAll(): Promise<void> {
    while (isAsked && !ending.signal.aborted) {
      isAsked = false;
      const before = [...written];
      const names = await listKept();
      if (names === null) {
        isAsked = true;
        await rest();
        continue;
      }
      // Another process of this directory has done these.
      for (const name of before.filter((one) => !names.includes(one))) settle(name);
      for (const name of names.filter((one) => one.endsWith(".json")).toSorted()) {
        if (await doOne(name)) {
          settle(name);
          continue;
        }
        isAsked = true;
        await rest();
        break;
      }
      if (!isAsked) settle(LEFT);
    }
  }

  function start(): void {
    isAsked = true;
    if (!hasBegun) return;
    running ??= doAll()
      .catch((error: unknown) => runtime.log.error({ err: error }, "kept requests could not be taken up"))
      .finally(() => {
        running = null;
      });
  }

  return {
    /** How long it rests between two tries of what could not be done, in milliseconds, unless somebody waits for it. */
    pace,
    /** On the disk when this resolves, to be done when the database is back. False: it could not be kept. */
    async keep(kept: Kept, workspaceId: string): Promise<boolean> {
      const text = JSON.stringify(kept);
      const held = [...sizes.values()].reduce((sum, size) => sum + size, 0);
      if (held + text.length > MOST_BYTES) return false;
      const name = `${newId("inb")}.json`;
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
    /** Begins with what processes before have left, once everybody has said what they take up. */
    begin(): void {
      hasBegun = true;
      // What another of this directory has left is ours now.
      abandoned.delete(dir);
      expect(LEFT, null);
      start();
    },
    async end(): Promise<void> {
      ending.abort();
      await running;
      for (const { fail } of settlers.values()) fail(stops());
      settlers.clear();
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
