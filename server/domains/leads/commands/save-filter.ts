import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { Invalid } from "#platform/problems.ts";
import { refuseStale } from "#domains/accounts/index.ts";
import { savedFilterChanged } from "../messages.ts";
import { FilterNameTaken, SavedFilterNotFound } from "../problems.ts";
import {
  countSavedFilters,
  deleteSavedFilter,
  findSavedFilter,
  insertSavedFilter,
  MOST_SAVED_FILTERS,
  type SavedFilterInput,
  updateSavedFilter,
} from "../queries/saved-filters.ts";

const nameTaken = () =>
  FilterNameTaken(undefined, [{ pointer: "/name", detail: "Another view of the workspace has this name." }]);

/** Keeps a filter under a name and returns its id. Throws FilterNameTaken. */
export async function saveFilter(ctx: Context, input: SavedFilterInput): Promise<string> {
  allow(ctx, "leads:write");
  return inTransaction(ctx, async (tx) => {
    if ((await countSavedFilters(tx)) >= MOST_SAVED_FILTERS)
      throw Invalid(undefined, [{ pointer: "", detail: `A workspace has at most ${MOST_SAVED_FILTERS} views.` }]);
    const savedFilterId = await insertSavedFilter(tx, input);
    if (savedFilterId === undefined) throw nameTaken();
    await emit(tx, savedFilterChanged, { savedFilterId, what: "created" }, { subjectId: savedFilterId });
    return savedFilterId;
  });
}

/**
 * Changes what is given; only its maker makes a filter private. `expected`: the `updatedAt` that the change was made from. Throws
 * SavedFilterNotFound, FilterNameTaken, ChangedElsewhere.
 */
export async function changeSavedFilter(
  ctx: Context,
  id: string,
  patch: Partial<SavedFilterInput>,
  expected?: string,
): Promise<void> {
  allow(ctx, "leads:write");
  await inTransaction(ctx, async (tx) => {
    const saved = await findSavedFilter(tx, id, { lock: true });
    if (!saved) throw SavedFilterNotFound();
    const { updatedAt } = saved;
    await refuseStale(tx, { expected, updatedAt, told: [savedFilterChanged], about: { subjectId: id } });
    if (patch.shared === false && saved.createdBy !== tx.actor.id)
      throw Invalid(undefined, [{ pointer: "/shared", detail: "Only who made the view can keep it to themselves." }]);
    if (!(await updateSavedFilter(tx, id, { ...saved, ...patch }))) throw nameTaken();
    await emit(tx, savedFilterChanged, { savedFilterId: id, what: "changed" }, { subjectId: id });
  });
}

/** Forgets a filter; rules that name it find nobody from then on. Throws SavedFilterNotFound. */
export async function forgetSavedFilter(ctx: Context, id: string): Promise<void> {
  allow(ctx, "leads:write");
  await inTransaction(ctx, async (tx) => {
    if (!(await findSavedFilter(tx, id, { lock: true }))) throw SavedFilterNotFound();
    await deleteSavedFilter(tx, id);
    await emit(tx, savedFilterChanged, { savedFilterId: id, what: "deleted" }, { subjectId: id });
  });
}
