import { INVITATION_STATES } from "#domains/accounts/rules.ts";
import { ROLES } from "#platform/permissions.ts";
import { choice, searchOf, text, type Search } from "#web/search.ts";
import { JOB_STATES } from "#platform/operations/contract.ts";

export const entrySearch = searchOf({ next: text });
export const resetSearch = searchOf({ token: text });

export const MEMBER_VIEWS = ["members", "invitations"] as const;
export const membersSearch = searchOf({
  view: choice(MEMBER_VIEWS),
  q: text,
  role: choice(ROLES),
  state: choice(INVITATION_STATES),
});
export type MembersSearch = Search<typeof membersSearch>;

export const jobsSearch = searchOf({ state: choice(JOB_STATES), name: text });
export type JobsSearch = Search<typeof jobsSearch>;

/** Chips hand over lists; these filters take one value each. */
export function onlyFirst(values: Readonly<Record<string, string | readonly string[] | undefined>>) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value].flat()[0]]));
}
