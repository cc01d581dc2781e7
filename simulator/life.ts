import type { KyselyPlugin } from "kysely";
import type { Clock } from "#platform/clock.ts";
import type { Config } from "#platform/config.ts";
import { type Database, openDatabase } from "#platform/database/pool.ts";
import { type App, createApp } from "#server/app.ts";
import type { SimulatedVendors } from "./vendors.ts";

/** How a statement fails whose process is gone; read as a database that is away, so that nobody tries the rows one by one. */
class ProcessDied extends Error {
  readonly code = "57P01";
}

/**
 * One process on the scratch database, from its start until it ends or is killed. It is killed between two of its statements: whatever it had
 * committed stands, the transaction it was in is rolled back, and nothing that it still tries comes through.
 */
export type Life = {
  app: App;
  /** The database beside the process: observers are not killed. */
  watching: Database;
  /** Lets it die at its so many-eth statement from now; null takes that back. */
  dieAfter(statements: number | null): void;
  /** Dies at once, in the middle of what calls this. */
  die(): never;
  isDead(): boolean;
  /** `work`, or false as soon as the process is dead. */
  untilDeath(work: Promise<unknown>): Promise<boolean>;
  end(): Promise<void>;
};

export async function startLife(options: {
  config: Config;
  databaseUrl: string;
  clock: Clock;
  vendors: SimulatedVendors;
}): Promise<Life> {
  const { config, databaseUrl, clock, vendors } = options;
  let left: number | null = null;
  let dead = false;
  let tellDeath: () => void = () => undefined;
  const death = new Promise<void>((done) => {
    tellDeath = done;
  });

  function die(): never {
    dead = true;
    tellDeath();
    throw new ProcessDied("the simulated process was killed");
  }
  const mortal: KyselyPlugin = {
    transformQuery({ node }) {
      if (dead) throw new ProcessDied("the simulated process is gone");
      if (left !== null && --left < 0) die();
      return node;
    },
    transformResult: async ({ result }) => result,
  };

  // One connection: statements follow one another in one order, whatever the machine is busy with, so a seed replays exactly. Who asks for all
  // workspaces has another, as a connection that changes hands is told so each time; loops ask before they work.
  const own = { max: 1, onError: () => undefined, keepStatements: true };
  const database = openDatabase(databaseUrl, own);
  const asking = openDatabase(databaseUrl, own);
  const watching = openDatabase(databaseUrl, own);
  const byWorkspace = new Map<string, ReturnType<Database["forWorkspace"]>>();
  const app = await createApp({
    config,
    databaseUrl,
    clock,
    providers: vendors,
    database: {
      ...database,
      forWorkspace(id) {
        const db = byWorkspace.get(id) ?? (id === "" ? asking : database).forWorkspace(id).withPlugin(mortal);
        byWorkspace.set(id, db);
        return db;
      },
    },
  });

  return {
    app,
    watching,
    dieAfter: (statements) => {
      left = statements;
    },
    die,
    isDead: () => dead,
    async untilDeath(work) {
      const outcome = work.then(
        () => ({ failed: false as const }),
        (error: unknown) => ({ failed: true as const, error }),
      );
      const first = await Promise.race([outcome, death.then(() => "dead" as const)]);
      if (dead) return false;
      if (first !== "dead" && first.failed) throw first.error;
      return true;
    },
    async end() {
      // What it was at is over, and rolled back, before anybody looks at the rows: who looks meanwhile decides which of them may be cleared away.
      if (dead) await Promise.all([database.untilIdle(), asking.untilIdle()]);
      await app.stop();
      await Promise.all([database.close(), asking.close(), watching.close()]);
    },
  };
}
