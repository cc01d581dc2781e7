import type { Kysely } from "kysely";
import type { Logger } from "pino";
import { isCollision } from "./database/faults.ts";
import type { DB } from "./database/types.ts";
import type { Providers } from "./integrations/providers.ts";
import type { Permission } from "./permissions.ts";
import { NotAllowed, NotSignedIn } from "./problems.ts";

/** Who does it: written on every event. */
export type Actor =
  | { kind: "user"; id: string; name: string; permissions: ReadonlySet<Permission> }
  | { kind: "api_key"; id: string; name: string; permissions: ReadonlySet<Permission> }
  /** Our own work: the name of the job or loop. */
  | { kind: "system"; id: string }
  /** A vendor's verified webhook. */
  | { kind: "vendor"; id: string }
  /** The person a message went to, through a link only they hold (unsubscribe). */
  | { kind: "recipient"; id: string };

/**
 * The only thing passed around. `db` sees the rows of `workspace` and of no other: the database itself refuses the rest.
 * Inside `inTransaction` it is the transaction.
 */
export type Context = {
  readonly db: Kysely<DB>;
  readonly workspace: string;
  readonly actor: Actor;
  readonly now: () => Date;
  readonly providers: Providers;
  readonly log: Logger;
  /**
   * What stands in place of a text that may no longer be kept but must be known again: an HMAC under a key of its own for each `use`, different in
   * each workspace. Without the installation's secret key nobody finds the text by trying.
   */
  readonly keyedHash: (use: string, text: string) => string;
};

/** First line of every command: may this actor do it? Our own work and a vendor's verified word always may. */
export function allow(ctx: Context, permission: Permission): void {
  if (ctx.actor.kind === "user" || ctx.actor.kind === "api_key") {
    if (!ctx.actor.permissions.has(permission)) throw NotAllowed(`This needs the permission ${permission}.`);
    return;
  }
  if (ctx.actor.kind === "recipient") throw NotSignedIn();
}

/** Whether `allow` would: for what is told to some and left out for others. */
export const mayAct = ({ actor }: Context, permission: Permission): boolean =>
  actor.kind === "user" || actor.kind === "api_key" ? actor.permissions.has(permission) : actor.kind !== "recipient";

/** Runs `work` in one transaction; joins the caller's if there is one, so commands compose. */
export async function inTransaction<T>(ctx: Context, work: (tx: Context) => Promise<T>): Promise<T> {
  if (ctx.db.isTransaction) return work(ctx);
  return ctx.db.transaction().execute((db) => work({ ...ctx, db }));
}

/** PostgreSQL has ended the wait of two transactions for each other after a second; they are not in each other's way for ever. */
const COLLISIONS = 5;

/**
 * As `inTransaction`, begun again when another transaction was in its way: for what must not be lost or answered with "try again", such as a
 * person's no. `work` does nothing but in its transaction. Within a caller's transaction, beginning again is the caller's.
 */
export async function inRetriedTransaction<T>(ctx: Context, work: (tx: Context) => Promise<T>): Promise<T> {
  for (let collisions = 0; ; collisions++) {
    try {
      return await inTransaction(ctx, work);
    } catch (error) {
      if (!isCollision(error) || collisions >= COLLISIONS || ctx.db.isTransaction) throw error;
    }
  }
}

/** The same context, acting as our own job or loop. */
export const asSystem = (ctx: Context, id: string): Context => ({ ...ctx, actor: { kind: "system", id } });
