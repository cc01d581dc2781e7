import type { Context } from "#platform/context.ts";

/** Two leads becoming one: the other's rows become the survivor's. */
export type LeadMerging = { mergeId: string; survivorId: string; otherId: string };
/** Two again. `later`: merges into the same survivor that came after this one and stand, with what the same hook moved then. */
export type LeadParting = LeadMerging & { mergedAt: Date; later: readonly { mergeId: string; moved: unknown }[] };

/**
 * Where higher domains join in, since a table is written by its own domain alone. All of it runs inside the transaction of the merge.
 * `move` gives the survivor the rows of the other lead and answers, as JSON, what `undo` needs to give them back. Rows that came after the
 * merge are not in that answer and stay with the survivor. Where a later merge has to be undone first, `undo` throws MergeNotUndoable. `tables` names every table with a `lead_id` that the domain moves.
 */
export type MergeHook = {
  name: string;
  tables: readonly string[];
  /** How many rows would move, by table: for the preview. */
  count: (ctx: Context, leadId: string) => Promise<Record<string, number>>;
  move: (tx: Context, merging: LeadMerging) => Promise<unknown>;
  undo: (tx: Context, parting: LeadParting, moved: unknown) => Promise<void>;
};

const hooks: MergeHook[] = [];

export function registerMergeHook(hook: MergeHook): void {
  if (hooks.some(({ name }) => name === hook.name)) throw new Error(`Merge hook ${hook.name} is registered twice`);
  hooks.push(hook);
}

export const listMergeHooks = (): readonly MergeHook[] => hooks;
