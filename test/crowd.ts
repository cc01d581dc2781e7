import { Client } from "pg";
import type { Runtime } from "#platform/runtime.ts";
import { seedLeads } from "#domains/leads/test-volume.ts";
import { testDatabase, type World } from "./world.ts";

/** So many people in the workspace, made directly in the tables. */
export async function addCrowd({ workspace }: World, leads: number): Promise<void> {
  const { url } = await testDatabase();
  const client = new Client({ connectionString: url });
  await client.connect();
  await seedLeads(client, { workspace, leads, tags: 2 });
  await client.end();
}

/** The same runtime in a process that is killed whenever it would commit: everything is done, and nothing of it stays. */
export const dyingRuntime = (runtime: Runtime): Runtime => ({
  ...runtime,
  contextFor: (...args) => {
    const made = runtime.contextFor(...args);
    return { ...made, db: failingAtCommit(made.db) };
  },
});

/** A database whose transactions do all their work and then fail instead of committing. */
function failingAtCommit<Db extends World["ctx"]["db"]>(db: Db): Db {
  return new Proxy(db, {
    get(target, property) {
      if (property !== "transaction") {
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === "function" ? value.bind(target) : value;
      }
      return () => ({
        execute: (work: (tx: World["ctx"]["db"]) => Promise<unknown>) =>
          target.transaction().execute(async (tx) => {
            await work(tx);
            throw new Error("killed");
          }),
      });
    },
  });
}
