import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Context } from "#platform/context.ts";
import type { Cursor } from "#platform/http/cursor.ts";
import { tellPlans } from "#test/plans.ts";
import { testDatabase, testWorld } from "#test/world.ts";
import { countSends } from "./commands/count-sends.ts";
import { listMessages, listSent } from "./queries/list.ts";
import { countAttention, countOutbound, sumSends } from "./queries/overview.ts";
import { listThreadSenders } from "./queries/sender-budget.ts";
import { countThreads, healthOf, listSenders } from "./queries/senders.ts";
import { closeAnswered } from "./queries/replies.ts";

const MESSAGES = 40_000;
const NOW = new Date("2026-03-02T12:00:00Z");
const TODAY = new Date("2026-03-02T00:00:00Z");

let ctx: Context;
let connection: Client;
let plans: string[] = [];
let first = "";
let here = "";

beforeAll(async () => {
  const { url } = await testDatabase();
  const world = await testWorld({ start: NOW });
  connection = new Client({ connectionString: url });
  connection.on("error", () => undefined);
  await connection.connect();
  // 180 days, a ninth of them answers, of which few wait; another workspace is as large.
  for (const workspace of [world.workspace, "ws_other"]) {
    await connection.query(
      `insert into messages (id, workspace_id, direction, channel, status, purpose, "from", "to", text, awaits_reply, created_at, sent_at)
       select 'msg_' || $2 || n, $2, case when n % 9 = 0 then 'inbound' else 'outbound' end, (array['CALL', 'SMS', 'EMAIL'])[n % 3 + 1],
         case when n % 9 = 0 then 'received' when n % 500 = 1 then 'failed' when n % 5000 = 2 then 'unknown' else 'delivered' end, 'sequence',
         'a', 'b', repeat('word ', 40), n % 900 = 0, $1::timestamptz - n * interval '6 minutes', case when n % 9 > 0 then $1::timestamptz - n * interval '6 minutes' end
       from generate_series(1, ${MESSAGES}) n`,
      [NOW, workspace],
    );
  }
  // A thousand senders each, of which the first has sent ten thousand, to a thread of its own each.
  await connection.query("set session_replication_role = replica");
  for (const workspace of [world.workspace, "ws_other"]) {
    await connection.query(
      `insert into senders (id, workspace_id, channel, address, counts_from, per_minute, per_day, created_at, updated_at)
       select 'snd_' || $1 || n, $1, 'EMAIL', n || '@maple.example', '2020-01-01', 20, 200, $2, $2 from generate_series(1, 1000) n`,
      [workspace, NOW],
    );
    await connection.query(
      `update messages set sender_id = 'snd_' || $1 || '1', handed_at = sent_at
       where workspace_id = $1 and direction = 'outbound' and split_part(id, $1, 2)::int % 3 = 2`,
      [workspace],
    );
    await connection.query(
      `insert into lead_senders (workspace_id, lead_id, channel, sender_id, created_at)
       select $1, 'lead_' || $1 || n, 'EMAIL', 'snd_' || $1 || '1', $2 from generate_series(1, 10000) n`,
      [workspace, NOW],
    );
    await connection.query(
      `insert into sender_faults (workspace_id, message_id, kind, sender_id, at)
       select $1, id, 'bounce', sender_id, $2 from messages where workspace_id = $1 and sender_id is not null limit 500`,
      [workspace, NOW],
    );
  }
  await connection.query("reset session_replication_role");
  first = `snd_${world.workspace}1`;
  here = world.workspace;
  await countSends(world.ctx);
  await connection.query("vacuum analyze");
  const db = await tellPlans(connection, { workspace: world.workspace, onPlan: (plan) => plans.push(plan) });
  ctx = { ...world.ctx, db };
}, 120_000);

afterAll(() => connection.end());

async function plansOf(run: () => Promise<unknown>): Promise<string> {
  plans = [];
  await run();
  expect(plans.length).toBeGreaterThan(0);
  return plans.join("\n");
}

const days = Array.from({ length: 60 }, (_, place) => new Date(TODAY.getTime() - (59 - place) * 86_400_000));

const reads: [string, () => Promise<unknown>, RegExp][] = [
  ["today's messages", () => countOutbound(ctx, TODAY), /Index Only Scan using messages_outbound_idx/],
  [
    "what waits for a person",
    () => countAttention(ctx, TODAY, TODAY),
    /Index (Only )?Scan using messages_awaiting_idx/,
  ],
  ["the sends of two months", () => sumSends(ctx, days), /Index Only Scan using messages_sent_idx/],
  ["the sends of two months", () => sumSends(ctx, days), /send_counts_pkey/],
  [
    "what went out on a day",
    () => listSent(ctx, { from: days[40] ?? NOW, before: days[41] ?? NOW }, 50),
    /messages_sent_idx/,
  ],
  [
    "the next page of what went out on a day",
    () => listSent(ctx, { from: days[40] ?? NOW, before: days[41] ?? NOW }, 50, [(days[40] ?? NOW).getTime(), "msg_"]),
    /messages_sent_idx/,
  ],
  ["the list of replies", () => listMessages(ctx, { awaitsReply: true }, 50), /messages_awaiting_idx/],
  ["the counting of sends", () => countSends(ctx), /send_counts_pkey/],
  ["the replies that are answered", () => closeAnswered(ctx, ["msg_1", "msg_2"]), /messages_pkey/],
  ["the health of a sender", () => healthOf(ctx, [first]), /messages_sender_id_handed_at_idx/],
  ["the health of a sender", () => healthOf(ctx, [first]), /sender_faults_pkey/],
  ["the senders of threads", () => listThreadSenders(ctx, [`lead_${here}5`]), /lead_senders_pkey/],
  ["the threads of a sender", () => countThreads(ctx, first), /lead_senders_sender_id_idx/],
  ["a page of senders", () => listSenders(ctx, {}, 50), /senders_workspace_id_created_at_id_idx/],
];

test.each(reads)("%s is read from an index", async (_name, run, index) => {
  const plan = await plansOf(run);
  expect(plan).not.toMatch(/Seq Scan on (messages|send_counts|senders|lead_senders|sender_faults)/);
  expect(plan).toMatch(index);
});

test("the list since a day reads no large table from end to end, with any filter", async () => {
  for (const filter of [
    {},
    { channel: "SMS" },
    { status: ["failed"] },
    { status: ["sent", "delivered"] },
    { direction: "inbound" },
  ] as const) {
    const plan = await plansOf(() => listMessages(ctx, { ...filter, since: TODAY }, 50));
    expect(plan).not.toMatch(/Seq Scan on messages/);
  }
});

test("a page of messages of several statuses reads no more than the page from each, however old and rare they are", async () => {
  const dense = { status: ["delivered", "received"], rows: 51 } as const;
  for (const { status, rows } of [{ status: ["unknown", "failed"], rows: 51 } as const, dense]) {
    const plan = await plansOf(async () => expect((await listMessages(ctx, { status }, 50)).rows).toHaveLength(rows));
    const read = plan
      .split(/^\s*->/m)
      .filter((node) => /Scan .*on messages\b/.test(node))
      .flatMap((node) => [...node.matchAll(/(?:actual time=\S+ rows=|Rows Removed by Filter: )([\d.]+)/g)]);
    expect(read.length).toBeGreaterThan(0);
    expect(Math.max(...read.map(([, found]) => Number(found)))).toBeLessThanOrEqual(51);
  }
});

test("of two conditions that few messages meet together a bounded number is read, and the short pages hold what one long page holds", async () => {
  const filter = { channel: "SMS", status: ["failed"] } as const;
  const { rows } = await listMessages(ctx, filter, 200, undefined, 100_000);
  const found: string[] = [];
  let short = 0;
  let after: Cursor | undefined;
  do {
    const asked = after;
    let page: Awaited<ReturnType<typeof listMessages>> = { rows: [], stoppedAt: null, looked: 0 };
    const plan = await plansOf(async () => (page = await listMessages(ctx, filter, 50, asked, 20)));
    found.push(...page.rows.map(({ id }) => id));
    after = page.stoppedAt ? [page.stoppedAt.key.getTime(), page.stoppedAt.id] : undefined;
    if (after) short += 1;
    expect(page.looked).toBe(after ? 20 : 0);
    const read = plan
      .split(/^\s*->/m)
      .filter((node) => /Scan .*on messages\b/.test(node))
      .flatMap((node) => [...node.matchAll(/(?:actual time=\S+ rows=|Rows Removed by Filter: )([\d.]+)/g)]);
    expect(Math.max(...read.map(([, one]) => Number(one)))).toBeLessThanOrEqual(500);
  } while (after);
  expect(short).toBeGreaterThan(2);
  expect(rows.length).toBeGreaterThan(20);
  expect(found).toEqual(rows.map(({ id }) => id));
});

test("the sends of months are not counted message by message", async () => {
  const plan = await plansOf(() => sumSends(ctx, days));
  const [, rows] = /messages_sent_idx on messages .*rows=([\d.]+) loops/.exec(plan) ?? [];
  expect(Number(rows)).toBeLessThan(20);
});
