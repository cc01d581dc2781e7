import { asSystem, type Context } from "#platform/context.ts";
import { findNamedFilters, listCustomFields, listTagNames, type NamedFilter } from "#domains/leads/index.ts";
import { readConditions, rootOf, type Test, testsIn } from "../conditions/language.ts";
import { type ConditionNames } from "../conditions/words.ts";

/** What conditions name by ids and keys, as it is there now. */
export type KnownNames = {
  names: ConditionNames;
  /** The saved filters that are there, whosever they are. */
  filters: ReadonlyMap<string, NamedFilter>;
  /** What a test names and is not there any more; null where all is. `isNegated`: it stands under an odd number of `not`. */
  whyGone: (test: Test, isNegated: boolean) => Gone | null;
};

export type Gone = {
  /** A clause. */
  detail: string;
  /** The rest of the test asks on without it: "has any of these tags", of a test or of its saved filter, finds fewer then, never more. */
  isPassedOver: boolean;
};

const holdsBack = (detail: string): Gone => ({ detail, isPassedOver: false });

/** Asks in a fixed number of statements, each only where some test needs it. Archived fields are gone. */
export async function knowNames(ctx: Context, tests: readonly Test[]): Promise<KnownNames> {
  const tags = await listTagNames(
    ctx,
    tests.flatMap((test) => (test.on === "tag" ? test.tagIds : [])),
  );
  const filters = await findNamedFilters(
    ctx,
    tests.flatMap((test) => (test.on === "segment" ? test.segmentId : [])),
  );
  // Whoever may see a sequence reads what its conditions name, also a key that may read no leads.
  const fields = tests.some(({ on }) => on === "custom")
    ? await listCustomFields(asSystem(ctx, "outreach.condition-names"))
    : [];
  const labels = new Map(fields.map(({ key, label }) => [key, label]));
  return {
    names: {
      tags,
      segments: new Map(
        [...filters.values()].flatMap((one) => (isSeen(ctx, one) ? [[one.id, one.name] as const] : [])),
      ),
      customFields: labels,
    },
    filters,
    whyGone(test, isNegated) {
      if (test.on === "tag") return goneTags(test, isNegated, tags);
      if (test.on === "custom")
        return labels.has(test.key) ? null : holdsBack(`the field “${test.key}” that the conditions ask for is gone`);
      if (test.on !== "segment") return null;
      const filter = filters.get(test.segmentId);
      if (!filter) return holdsBack("a saved filter that the conditions name was deleted");
      if (filter.gone.length === 0) return null;
      // Whoever is to be in the filter is in it by the tags that are left; who is to be outside might have been in it by the other.
      if (filter.goesOn && test.is !== isNegated)
        return {
          detail: "a tag that a saved filter of the conditions names was deleted; the others still count",
          isPassedOver: true,
        };
      return holdsBack("a saved filter that the conditions name asks for something that is gone");
    },
  };
}

/** Whom "has none of these" was to leave out for a tag that is gone, nobody can say; who has any of the others, everybody can. */
function goneTags(
  { op, tagIds }: Extract<Test, { on: "tag" }>,
  isNegated: boolean,
  known: ReadonlyMap<string, string>,
): Gone | null {
  const gone = tagIds.filter((id) => !known.has(id)).length;
  if (gone === 0) return null;
  if (gone < tagIds.length && (op === "has") !== isNegated) {
    const which =
      gone === 1 ? "a tag that the conditions name was deleted" : `${gone} tags that the conditions name were deleted`;
    return { detail: `${which}; the others still count`, isPassedOver: true };
  }
  return holdsBack("a tag that the conditions name was deleted");
}

/** As the list of saved filters shows them: everybody's, and one's own. */
const isSeen = ({ actor }: Context, { shared, createdBy }: NamedFilter) => shared || createdBy === actor.id;

/** The tests of steps' stored conditions; none of those that cannot be read. */
export const testsOf = (steps: readonly { conditions: unknown }[]): Test[] =>
  steps.flatMap(({ conditions }) => {
    const read = readConditions(conditions);
    return read.ok ? testsIn(rootOf(read.conditions)).map(({ test }) => test) : [];
  });

/** What a step's stored conditions name and is gone, each once, or that they cannot be read. */
export function goneFrom({ whyGone }: KnownNames, conditions: unknown): Gone[] {
  const read = readConditions(conditions);
  if (!read.ok) return [holdsBack("the step's conditions cannot be read")];
  const found = testsIn(rootOf(read.conditions)).flatMap(
    ({ test, path }) => whyGone(test, path.filter((part) => part === "not").length % 2 === 1) ?? [],
  );
  return [...new Map(found.map((gone) => [gone.detail, gone])).values()];
}

/** Everything that keeps a step's stored conditions from being asked, in clauses. */
export const whyNotAsk = (known: KnownNames, conditions: unknown): string[] =>
  goneFrom(known, conditions).flatMap(({ detail, isPassedOver }) => (isPassedOver ? [] : detail));
