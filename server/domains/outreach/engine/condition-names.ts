import { asSystem, type Context } from "#platform/context.ts";
import { findNamedFilters, listCustomFields, listTagNames, type NamedFilter } from "#domains/leads/index.ts";
import { readConditions, rootOf, type Test, testsIn } from "../conditions/language.ts";
import { type ConditionNames } from "../conditions/words.ts";

/** What conditions name by ids and keys, as it is there now. */
export type KnownNames = {
  names: ConditionNames;
  /** The saved filters that are there, whosever they are. */
  filters: ReadonlyMap<string, NamedFilter>;
  /** What a test names and is not there any more, in a clause; null where all is. */
  whyGone: (test: Test) => string | null;
};

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
    whyGone(test) {
      if (test.on === "tag")
        return test.tagIds.every((id) => tags.has(id)) ? null : "a tag that the conditions name was deleted";
      if (test.on === "custom")
        return labels.has(test.key) ? null : `the field “${test.key}” that the conditions ask for is gone`;
      if (test.on !== "segment") return null;
      const filter = filters.get(test.segmentId);
      if (!filter) return "a saved filter that the conditions name was deleted";
      return filter.gone.length === 0
        ? null
        : "a saved filter that the conditions name asks for something that is gone";
    },
  };
}

/** As the list of saved filters shows them: everybody's, and one's own. */
const isSeen = ({ actor }: Context, { shared, createdBy }: NamedFilter) => shared || createdBy === actor.id;

/** The tests of steps' stored conditions; none of those that cannot be read. */
export const testsOf = (steps: readonly { conditions: unknown }[]): Test[] =>
  steps.flatMap(({ conditions }) => {
    const read = readConditions(conditions);
    return read.ok ? testsIn(rootOf(read.conditions)).map(({ test }) => test) : [];
  });

/** Everything that keeps a step's stored conditions from being asked, in clauses: what they name and is gone, or that they cannot be read. */
export function whyNotAsk({ whyGone }: KnownNames, conditions: unknown): string[] {
  if (!readConditions(conditions).ok) return ["the step's conditions cannot be read"];
  return [...new Set(testsOf([{ conditions }]).flatMap((test) => whyGone(test) ?? []))];
}
