import { allow, type Context, inTransaction } from "#platform/context.ts";
import { isId } from "#platform/ids.ts";
import { forEach } from "#platform/loops.ts";
import { Problem } from "#platform/problems.ts";
import type { Runtime } from "#platform/runtime.ts";

/** Work over all leads of a filter that goes on in the background, in batches. */
export type BulkWork = {
  /** Of its loop. */
  name: string;
  /** Workspaces where some of it is not over. */
  workspaces: (ctx: Pick<Context, "db">) => Promise<string[]>;
  /** Ids of what is not over in one workspace, the oldest first. */
  listOpen: (ctx: Context) => Promise<string[]>;
  /** Takes one batch in the transaction; true while there is more. A Problem that it throws is why the rest will never be taken. */
  next: (tx: Context, id: string) => Promise<boolean>;
  /** Ends it with the reason, unless it is over. */
  fail: (tx: Context, id: string, failure: string) => Promise<void>;
};

/**
 * One batch of each that is not over: of those just asked for, and of those whose process died. True while one has more leads.
 *
 * Any number of processes may do this at once. A batch and the lead that it reaches are one transaction that holds the row of the work;
 * whoever finds the row held leaves it alone. So every lead is taken once, and a process that is killed loses only the batch it was at.
 */
export async function turnBulkWork(runtime: Runtime, work: BulkWork): Promise<boolean> {
  const open = await work.workspaces({ db: runtime.database.forWorkspace("") });
  return forEach(open, 1, async (workspace) => {
    const ctx = runtime.contextFor(workspace, { kind: "system", id: work.name });
    return forEach(await work.listOpen(ctx), 1, (id) => takeBatch(ctx, work, id));
  });
}

async function takeBatch(ctx: Context, work: BulkWork, id: string): Promise<boolean> {
  allow(ctx, "outreach:write");
  try {
    return await inTransaction(ctx, (tx) => work.next(tx, id));
  } catch (error) {
    // What is left will not come in by itself: the sequence was paused, or the campaign is over.
    if (!(error instanceof Problem)) throw error;
    const failure = error.detail ?? error.definition.title;
    await inTransaction(ctx, (tx) => work.fail(tx, id, failure));
    return false;
  }
}

/** Whoever asked is named in the events; what they may was checked when they asked. */
export function asAsker(tx: Context, { createdBy }: { createdBy: string | null }): Context {
  if (!createdBy) return tx;
  const kind = isId("key", createdBy) ? "api_key" : "user";
  return { ...tx, actor: { kind, id: createdBy, name: "", permissions: new Set(["outreach:write"] as const) } };
}

/** Still waits or runs. */
export const isOpen = ({ status }: { status: string }): boolean => status === "QUEUED" || status === "RUNNING";
