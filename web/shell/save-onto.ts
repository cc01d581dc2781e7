import { ProblemError, type Problem } from "#web/problem.ts";
import { ask } from "#web/shell/collisions.ts";
import { isSame, tellValue } from "#web/shell/same-value.ts";
import { TOOK_THEIRS } from "#web/ui/took-theirs.ts";

/** How a field is called and compared where two people changed it. */
export type Compared = {
  label: string;
  /** The part of the record's value that the change is about; all of it unless given. */
  of?: (value: unknown) => unknown;
  tell?: (value: unknown) => string;
};

export type Change<Row, Patch> = {
  /** The record as it was when the person began. */
  base: Row;
  patch: Patch;
  fields: { readonly [Key in keyof Patch]?: Compared };
  /** Fields that say something only together: whoever changes one of them has decided on all. */
  together?: readonly (keyof Patch)[];
  /** The record as it is by now. */
  read: () => Promise<Row>;
  /** Sends what differs from the base; throws the API's refusal. */
  send: (patch: Partial<Patch>, expectedUpdatedAt: string) => Promise<Row>;
};

/**
 * Saves a change on top of the state that it was made from. When somebody else changed the record meanwhile and touched none of the same
 * fields, both changes stand; where they did, the person compares and decides. Answers `TOOK_THEIRS` when theirs is to stay; throws what the
 * server said when the person goes back to their words.
 */
export async function saveOnto<
  Row extends { updatedAt: string } & { [Key in keyof Patch]?: unknown },
  Patch extends object,
>(change: Change<Row, Patch>): Promise<Row | typeof TOOK_THEIRS> {
  const mine: Partial<Patch> = { ...change.patch };
  for (const key in mine) if (isSame(mine[key], valueOf(change, change.base, key))) delete mine[key];
  const { together = [] } = change;
  if (together.some((key) => key in mine))
    for (const key of together) if (key in change.patch) mine[key] = change.patch[key];
  return sendMine(change, mine);
}

async function sendMine<Row extends { updatedAt: string } & { [Key in keyof Patch]?: unknown }, Patch extends object>(
  change: Change<Row, Patch>,
  mine: Partial<Patch>,
): Promise<Row | typeof TOOK_THEIRS> {
  const { base, read, send } = change;
  try {
    return await send(mine, base.updatedAt);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== "changed-elsewhere") throw error;
    const theirs = await read();
    const differing = differencesOf(change, mine, theirs);
    if (differing.length > 0) {
      const who = whoOf(error.problem);
      const decision = await ask({ ...who, differing });
      if (decision === "theirs") return TOOK_THEIRS;
      if (decision === "back") throw new ProblemError(notSaved(error.problem));
    }
    return sendMine({ ...change, base: theirs }, mine);
  }
}

function valueOf<Row extends { [Key in keyof Patch]?: unknown }, Patch extends object>(
  { fields }: Pick<Change<Row, Patch>, "fields">,
  row: Row,
  key: keyof Patch,
): unknown {
  const of = comparedOf({ fields }, key)?.of;
  return of ? of(row[key]) : row[key];
}

const comparedOf = <Patch>(
  { fields }: { fields: { readonly [Key in keyof Patch]?: Compared } },
  key: keyof Patch,
): Compared | undefined => fields[key];

/** What both have changed, and not to the same. */
function differencesOf<Row extends { [Key in keyof Patch]?: unknown }, Patch extends object>(
  change: Change<Row, Patch>,
  mine: Partial<Patch>,
  theirs: Row,
) {
  const differing: { label: string; mine: string; theirs: string }[] = [];
  for (const key in mine) {
    const [before, now] = [valueOf(change, change.base, key), valueOf(change, theirs, key)];
    if (isSame(before, now) || isSame(mine[key], now)) continue;
    const compared = comparedOf(change, key);
    const tell = compared?.tell ?? tellValue;
    differing.push({ label: compared?.label ?? key, mine: tell(mine[key]), theirs: tell(now) });
  }
  return differing;
}

/** Who it was has been told; it may have been the person's own change, from another window. */
const notSaved = (problem: Problem): Problem => ({
  ...problem,
  title: "Not saved yet",
  detail: "The same was changed meanwhile. Your words are still here: save again to decide.",
});

const whoOf = ({ changed_at, changed_by }: Problem) => ({
  at: changed_at,
  by: changed_by?.name ?? "Somebody else",
  byId: changed_by?.id ?? null,
});
