import { sql } from "kysely";
import { Client } from "pg";
import { openDatabase } from "#platform/database/pool.ts";

/** What no decision about a touch reads: history, secrets, work of other kinds. Every other table of the workspace is copied. */
const LEFT_OUT: readonly string[] = [
  "api_keys",
  "bulk_action_rows",
  "bulk_actions",
  "bulk_assignments",
  "bulk_enrollments",
  "channel_usages",
  "engagements",
  "events",
  "idempotency_keys",
  "import_jobs",
  "import_mappings",
  "import_rows",
  "inbound_events",
  "intake_sources",
  "integration_configs",
  "invitations",
  "lead_erasures",
  "lead_merges",
  "lead_name_words",
  "lead_row_keys",
  "lead_submissions",
  "memberships",
  "merge_proposals",
  "sandbox_deliveries",
  "send_counts",
  "sessions",
  "simulations",
  "tracked_links",
  "vendor_tallies",
  "vendor_trips",
];
/** Large, and nothing that is sent again is made of them. */
const BLANK: Readonly<Record<string, readonly string[]>> = { messages: ["html"] };
/** Older touches count for no cap. */
const RECENT_DAYS = 30;
/** How a filter over leads names their score; wherever it may be kept. */
const SCORE_FIELD = "scoreLabel";
/** Leads whose rows come in one answer. */
const BATCH = 500;

type Table = { name: string; columns: string[]; hasLead: boolean; hasWorkspace: boolean };

/**
 * Copies a workspace's settings, sequences, scripts and the like, and all about these leads that decides their touches, into a scratch database.
 * The real one is read as the runtime role, in one read-only snapshot: what is not the workspace's cannot come along, and nothing can be
 * written. `readsScores`: a filter in it may ask for a lead's score.
 */
export async function copyWorkspace(options: {
  databaseUrl: string;
  scratchUrl: string;
  workspaceId: string;
  leadIds: readonly string[];
  now: Date;
}): Promise<{ readsScores: boolean }> {
  const { databaseUrl, scratchUrl, workspaceId, leadIds, now } = options;
  const real = openDatabase(databaseUrl, { max: 1, onError: () => undefined });
  const scratch = new Client({ connectionString: scratchUrl, application_name: "throughline-simulator" });
  await scratch.connect();
  let readsScores = false;
  try {
    await scratch.query("select set_config('app.workspace_id', $1, false)", [workspaceId]);
    const tables = await tablesOf(scratch);
    const restore = await withoutRules(scratch);
    await real
      .forWorkspace(workspaceId)
      .transaction()
      .setIsolationLevel("repeatable read")
      .setAccessMode("read only")
      .execute(async (db) => {
        for (const table of tables)
          for (const batch of batchesFor(table, leadIds)) {
            const columns = sql.join(
              table.columns.map((name) => (isBlank(table, name) ? sql`null as ${sql.ref(name)}` : sql.ref(name))),
            );
            const { rows } = await sql<{ found: string }>`
              select coalesce(json_agg(r), '[]')::text as found from (
                select ${columns} from ${sql.table(table.name)} where ${wanted(table, workspaceId, batch, now)}
                ${table.columns.includes("id") ? sql`order by id` : sql``}) r`.execute(db);
            const [{ found } = { found: "[]" }] = rows;
            readsScores ||= found.includes(SCORE_FIELD);
            if (found !== "[]") await scratch.query(insertInto(table), [found]);
          }
      });
    await restore();
    return { readsScores };
  } finally {
    await scratch.end();
    await real.close();
  }
}

const isBlank = ({ name }: Table, column: string) => BLANK[name]?.includes(column) ?? false;

const quoted = (name: string) => `"${name}"`;

const insertInto = ({ name, columns }: Table): string => {
  const list = columns.map(quoted).join(", ");
  return `insert into ${quoted(name)} (${list}) overriding system value select ${list} from json_populate_recordset(null::${quoted(name)}, $1::json)`;
};

function batchesFor({ name, hasLead }: Table, leadIds: readonly string[]): (readonly string[])[] {
  if (!hasLead && name !== "leads" && name !== "suppressions") return [[]];
  return Array.from({ length: Math.ceil(leadIds.length / BATCH) }, (_, place) =>
    leadIds.slice(place * BATCH, (place + 1) * BATCH),
  );
}

function wanted({ name, hasLead }: Table, workspaceId: string, leadIds: readonly string[], now: Date) {
  const isTheirs = sql`any(${[...leadIds]}::text[])`;
  const recent = new Date(now.getTime() - RECENT_DAYS * 86_400_000);
  if (name === "workspaces") return sql`id = ${workspaceId}`;
  if (name === "leads") return sql`id = ${isTheirs}`;
  if (name === "suppressions")
    return sql`exists (select from lead_identities i where i.lead_id = ${isTheirs} and i.kind = suppressions.kind
      and (i.value = suppressions.value or i.suppression_key = suppressions.value))`;
  if (name === "messages")
    return sql`lead_id = ${isTheirs} and (created_at >= ${recent} or status in ('queued', 'sending', 'unknown'))`;
  if (name === "contact_attempts") return sql`lead_id = ${isTheirs} and started_at >= ${recent}`;
  return hasLead ? sql`lead_id = ${isTheirs}` : sql`workspace_id = ${workspaceId}`;
}

async function tablesOf(scratch: Client): Promise<Table[]> {
  const { rows } = await scratch.query<{ name: string; columns: string[] }>(
    `select c.relname::text as name, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     group by c.relname order by c.relname`,
  );
  return rows
    .map(({ name, columns }) => ({
      name,
      columns,
      hasLead: columns.includes("lead_id"),
      hasWorkspace: columns.includes("workspace_id"),
    }))
    .filter(({ name, hasWorkspace }) => (hasWorkspace || name === "workspaces") && !LEFT_OUT.includes(name));
}

/**
 * Takes foreign keys away, where there still are any, and triggers while rows come in any order and without those that nobody needs; answers what
 * brings the triggers back. References were right where the rows came from.
 */
async function withoutRules(scratch: Client): Promise<() => Promise<void>> {
  const { rows: keys } = await scratch.query<{ owner: string; name: string }>(
    `select conrelid::regclass::text as owner, quote_ident(conname) as name
     from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`,
  );
  const { rows: owners } = await scratch.query<{ owner: string }>(
    `select distinct t.tgrelid::regclass::text as owner from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where not t.tgisinternal and c.relnamespace = 'public'::regnamespace`,
  );
  const forEachOwner = (what: string) => owners.map(({ owner }) => `alter table ${owner} ${what}`).join(";");
  await scratch.query(keys.map(({ owner, name }) => `alter table ${owner} drop constraint ${name}`).join(";"));
  await scratch.query(forEachOwner("disable trigger user"));
  return async () => {
    await scratch.query(forEachOwner("enable trigger user"));
  };
}
