import type { Context } from "#platform/context.ts";
import type { IdentityKind } from "../rules.ts";

/** Whom an export or an erasure is about. */
export type PersonSought = {
  /** The lead, and all that were merged into it. */
  leadIds: readonly string[];
  /** In their normal form: those that the person has and those that are known to have been theirs; no other lead has them. */
  addresses: readonly { kind: IdentityKind; value: string }[];
  /** Phone numbers that other leads have too: what is found by them may be about the others. */
  sharedAddresses: readonly { kind: IdentityKind; value: string }[];
  /** Words of each name that the person is known by, in lower case: all of one of these stand in a text that names the person. */
  names: readonly (readonly string[])[];
};

export type Erased = {
  /** Rows blanked or deleted, by table. */
  counts: Record<string, number>;
  /** Whose events may hold words or addresses of the person, beside those of the leads. */
  subjectIds?: readonly string[];
};

/**
 * Where higher domains join in: each writes out, and blanks, the rows of its own tables. `erase` runs inside the transaction of the erasure, after
 * the lead was locked, and must leave counts, times, costs and states as they are. `tables` names every table that the domain covers.
 */
export type PersonalDataHook = {
  name: string;
  tables: readonly string[];
  /** Addresses at which the domain has dealt with the leads: an address that was changed since is still theirs. */
  addressesOf?: (ctx: Context, leadIds: readonly string[]) => Promise<{ kind: IdentityKind; value: string }[]>;
  /** Every row held, by table. */
  exportOf: (ctx: Context, person: PersonSought) => Promise<Record<string, unknown[]>>;
  erase: (tx: Context, person: PersonSought) => Promise<Erased>;
};

const hooks: PersonalDataHook[] = [];

export function registerPersonalDataHook(hook: PersonalDataHook): void {
  if (hooks.some(({ name }) => name === hook.name))
    throw new Error(`Personal data hook ${hook.name} is registered twice`);
  hooks.push(hook);
}

export const listPersonalDataHooks = (): readonly PersonalDataHook[] => hooks;
