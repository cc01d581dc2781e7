import { CamelCasePlugin, Kysely, PostgresDialect } from "kysely";
import type { Client } from "pg";
import { RUNTIME_ROLE } from "#platform/database/pool.ts";
import type { DB } from "#platform/database/types.ts";

type Telling = {
  workspace: string;
  /** Is given the plan of each statement that has run. */
  onPlan: (plan: string) => void;
  /** With what was really read, not only what was meant to be. */
  analyze?: boolean;
  /** The statements inside functions too. */
  nested?: boolean;
};

const onOrOff = (is: boolean) => (is ? "on" : "off");

/**
 * Queries over one open connection of the owner, from now on as the role that serves requests and in its workspace: what really ran is told,
 * statement by statement.
 */
export async function tellPlans(
  connection: Client,
  { workspace, onPlan, analyze = true, nested = false }: Telling,
): Promise<Kysely<DB>> {
  await connection.query(`
    load 'auto_explain';
    set auto_explain.log_min_duration = 0; set auto_explain.log_analyze = ${onOrOff(analyze)};
    set auto_explain.log_nested_statements = ${onOrOff(nested)}; set auto_explain.log_level = 'notice';
    set client_min_messages = 'notice'; set role ${RUNTIME_ROLE}`);
  await connection.query("select set_config('app.workspace_id', $1, false)", [workspace]);
  connection.on("notice", ({ message }) => message && onPlan(message));
  const client = Object.assign(connection, { release: () => undefined });
  const pool = { connect: async () => client, end: async () => undefined, options: {} };
  return new Kysely<DB>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
}
