import { ROLES } from "#platform/permissions.ts";
import { choice, searchOf, text, type Search } from "#web/search.ts";

export const entrySearch = searchOf({ next: text });
export const resetSearch = searchOf({ token: text });

// States are plain texts here: their sets stand beside schemas, and this file comes with the first page.

export const MEMBER_VIEWS = ["members", "invitations"] as const;
export const membersSearch = searchOf({
  view: choice(MEMBER_VIEWS),
  q: text,
  role: choice(ROLES),
  state: text,
});
export type MembersSearch = Search<typeof membersSearch>;

export const jobsSearch = searchOf({ state: text, name: text });
export type JobsSearch = Search<typeof jobsSearch>;

/** Chips hand over lists; these filters take one value each. */
export function onlyFirst(values: Readonly<Record<string, string | readonly string[] | undefined>>) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value].flat()[0]]));
}
