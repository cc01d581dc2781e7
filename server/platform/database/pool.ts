import { CamelCasePlugin, Kysely, PostgresDialect } from "kysely";
import { Pool, type PoolClient, type PoolConfig, types } from "pg";
import { listenOn } from "./listen.ts";
import type { DB } from "./types.ts";

// int8 columns hold counts, bytes and minor units, all far below 2^53.
types.setTypeParser(types.builtins.INT8, Number);

const SERVES = Symbol("workspace this connection serves");
type TenantClient = PoolClient & { [SERVES]?: string };

/** The role of every request and job: owns nothing, cannot bypass row-level security. Created by migration 0002. */
export const RUNTIME_ROLE = "throughline_runtime";

export type Database = {
  /** The rows of one workspace; without one ("") only the account tables are visible. */
  forWorkspace(workspaceId: string): Kysely<DB>;
  /**
   * LISTEN on a connection of its own until the returned function is called. A lost connection is opened again by itself; notifications of
   * the time in between are lost, which `onReconnect` tells.
   */
  listen(channel: string, onNotify: (payload: string) => void, onReconnect?: () => void): Promise<() => Promise<void>>;
  /** When no connection is in use any more, nor waited for. */
  untilIdle(): Promise<void>;
  close(): Promise<void>;
};

/** Workspaces whose view of the database is kept at once. */
export const MOST_WORKSPACES = 10_000;

/**
 * A process that stands still, or whose machine is gone, must not keep what it has locked: behind one that was taking in webhooks every STOP of the
 * workspace would wait, while others go on sending. No transaction of ours waits for anything but the database.
 */
const IDLE_IN_TRANSACTION_MS = 60_000;
/** The server notices after two minutes that a machine is gone; by itself after more than two hours. */
const KEEP_ALIVE = "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10";

/**
 * A pool whose connections run as the runtime role and remember the workspace they serve: `set_config` runs only when a connection
 * changes hands (measured: 3,300 requests/s against 1,480 with set and reset around each query).
 */
export function openDatabase(
  url: string,
  options: {
    max: number;
    onError: (error: Error) => void;
    /** Each connection keeps every statement that it was given once, and PostgreSQL its plan: for few statements that come again thousands of times. */
    keepStatements?: boolean;
    /** How long a transaction may do nothing before the server ends it. */
    idleInTransactionMs?: number;
  },
): Database {
  const settings: PoolConfig = {
    connectionString: url,
    options: `-c role=${RUNTIME_ROLE} -c idle_in_transaction_session_timeout=${options.idleInTransactionMs ?? IDLE_IN_TRANSACTION_MS} ${KEEP_ALIVE}`,
    application_name: "throughline",
  };
  const pool = new Pool({ ...settings, max: options.max, idleTimeoutMillis: 30_000, connectionTimeoutMillis: 10_000 });
  pool.on("error", options.onError);
  // The pool hears only of idle connections; one that breaks between two statements of a transaction would end the process.
  pool.on("connect", (client) => client.on("error", options.onError));
  const byWorkspace = new Map<string, Kysely<DB>>();

  async function connectFor(workspaceId: string): Promise<PoolClient> {
    const client: TenantClient = await pool.connect();
    if (client[SERVES] === workspaceId) return client;
    try {
      await client.query("select set_config('app.workspace_id', $1, false)", [workspaceId]);
    } catch (error) {
      client.release(true);
      throw error;
    }
    client[SERVES] = workspaceId;
    return client;
  }

  return {
    forWorkspace(workspaceId) {
      const known = byWorkspace.get(workspaceId);
      if (known) return known;
      const connect = async () => {
        const client = await connectFor(workspaceId);
        return options.keepStatements ? keeping(client) : client;
      };
      const facade = { connect, end: async () => undefined, options: {} };
      const db = new Kysely<DB>({
        dialect: new PostgresDialect({ pool: facade }),
        plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
      });
      // Whoever asks without a login may name any workspace: the eldest makes room, and is made again when it is asked for.
      if (byWorkspace.size >= MOST_WORKSPACES) byWorkspace.delete(byWorkspace.keys().next().value ?? "");
      byWorkspace.set(workspaceId, db);
      return db;
    },

    listen: (channel, onNotify, onReconnect) =>
      listenOn(settings, channel, { onNotify, onReconnect, onError: options.onError }),

    async untilIdle() {
      while (pool.totalCount > pool.idleCount || pool.waitingCount > 0)
        await new Promise<void>((done) => pool.once("release", () => done()));
    },

    close: () => pool.end(),
  };
}

const names = new Map<string, string>();
/** The name under which a connection keeps a statement: the same text has the same on all. */
function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `kept_${names.size}`;
  names.set(text, name);
  return name;
}

const keepers = new WeakMap<PoolClient, PoolClient>();
/** The connection, giving each statement with values a name: PostgreSQL then reads and plans it once. */
function keeping(client: PoolClient): PoolClient {
  const known = keepers.get(client);
  if (known) return known;
  const query = (text: unknown, values: unknown) =>
    typeof text === "string" && Array.isArray(values) && values.length > 0
      ? client.query({ name: nameOf(text), text, values })
      : client.query(String(text));
  const keeper = new Proxy(client, {
    get(target, key) {
      if (key === "query") return query;
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  keepers.set(client, keeper);
  return keeper;
}

/** The database owner's connections, which see every workspace: for migrations, the queue's worker and health checks; never for requests. */
export function openOwnerPool(url: string, options: { max: number; onError: (error: Error) => void }): Pool {
  const pool = new Pool({ connectionString: url, max: options.max, application_name: "throughline-owner" });
  pool.on("error", options.onError);
  pool.on("connect", (client) => client.on("error", options.onError));
  return pool;
}
