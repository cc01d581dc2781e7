/**
 * The lead list, its search, its filters by own fields, its order by score, its counts, and one lead with its timeline, at 10,000 and at 1,000,000 leads, through the whole server:
 * p95 ≤ 25 ms, and at 1,000,000 at most 1.5 times that of 10,000. The raw limit is the same pages by SQL written for them, with nothing but `pg`. `short`: the share of pages that end
 * before they are full, because conditions that many leads meet are met together by few. `cpuMs`: processor milliseconds of PostgreSQL
 * for a request, which depend little on who else works on the machine.
 * `node bench/lead-list.ts [leads] [rounds]`
 */
import { Client } from "pg";
import { dice, seedLeads } from "#domains/leads/test-volume.ts";
import { ROLE_PERMISSIONS } from "#platform/permissions.ts";
import type { ResolveIdentity } from "#platform/http/request-context.ts";
import { createApp } from "#server/app.ts";
import { cpuPerThousand, cpuSeconds } from "./cpu.ts";
import { type BenchDatabase, onDatabase, percentile, report, round, timed } from "./setup.ts";

const ROUNDS = Number(process.argv[3] ?? 40);
const LARGE = Number(process.argv[2] ?? 1_000_000);
const SMALL = 10_000;

const KINDS = ["list", "fields", "together", "score", "search", "count", "lead"] as const;
type Kind = (typeof KINDS)[number];

type Known = {
  id: string;
  email: string;
  phone: string | null;
  first: string;
  last: string;
  company: string | null;
  at: Date;
  /** In the order of making. */
  place: number;
};

/** Leads from all over the workspace: what people search for. */
async function sample({ client, workspace }: BenchDatabase): Promise<{ leads: Known[]; tags: string[] }> {
  const { rows: leads } = await client.query<Known>(
    `select id, email, phone, first_name as first, last_name as last, company, created_at as at,
       (meta->'custom'->>'seats')::int as place from leads
     where workspace_id = $1 order by md5(id) limit 200`,
    [workspace],
  );
  const { rows } = await client.query<{ id: string }>("select id from tags where workspace_id = $1 order by name_key", [
    workspace,
  ]);
  return { leads, tags: rows.map(({ id }) => id) };
}

/** What people ask, as addresses of requests; each round asks for other leads. */
function questions(known: Known, tags: readonly string[], random: () => number): Record<Kind, string[]> {
  const q = encodeURIComponent;
  const cursor = Buffer.from(JSON.stringify([known.at.getTime(), known.id])).toString("base64url");
  const tag = tags[Math.floor(random() * tags.length)] ?? "";
  const slip = known.last.length > 5 ? known.last.slice(0, 2) + known.last.slice(3) : `${known.last}x`;
  const day = (days: number) => q(new Date(known.at.getTime() + days * 86_400_000).toISOString());
  return {
    list: [
      "",
      "sort=name",
      "sort=updatedAt",
      `cursor=${cursor}`,
      "status=NEW",
      "status=LOST&sort=name",
      "status=CONVERTED&status=LOST",
      "status=CONTACTED&source=META&sort=updatedAt",
      "country=PT",
      "country=DE&country=PT&sort=name",
      `tagsAny=${tag}`,
      `tagsAny=${tag}&status=CONTACTED`,
      `tagsNone=${tag}&hasPhone=true`,
      `createdFrom=${day(0)}&createdBefore=${day(1)}&sort=name`,
    ],
    fields: [
      "custom=plan:is:gold",
      "custom=plan:is:silver",
      `custom=${q(`seats:above:${known.place}`)}`,
      `custom=${q("renews_on:before:2026-01-02")}&status=LOST`,
    ],
    together: [
      "custom=plan:unset",
      "custom=plan:unset&sort=name",
      `custom=plan:is:silver&tagsAny=${tag}&sort=name`,
      "custom=plan:is:silver&status=LOST&country=PT",
      `custom=${q("seats:below:15000")}&sort=updatedAt`,
      `tagsAll=${tag}&tagsAll=${tags[0] ?? ""}&hasPhone=false`,
      `search=${q(known.last)}&custom=plan:unset`,
    ],
    score: ["sort=score&order=desc", "sort=score", "scoreLabel=HOT", "scoreLabel=WARM&scoreLabel=HOT&status=LOST"],
    search: [
      `search=${q(known.email)}`,
      `search=${q(known.phone?.slice(-7) ?? known.email)}`,
      `search=${q(known.phone ?? known.last)}`,
      `search=${q(`${known.first} ${known.last}`)}`,
      `search=${q(known.last)}`,
      `search=${q(known.company ?? known.first)}`,
      `search=${q(known.last.slice(0, 2))}`,
      `search=${q(known.last)}&status=NEW&sort=name`,
      `search=${q(slip)}`,
    ],
    count: [
      "/count",
      "/count?status=LOST",
      "/count?custom=plan:is:silver",
      "/count?custom=plan:unset",
      `/count?custom=plan:is:silver&tagsAny=${tag}`,
      `/count?search=${q(known.last)}`,
    ],
    lead: [`/${known.id}`, `/${known.id}/timeline`],
  };
}

/** The same kinds of pages, by statements that know what they are asked for. */
const RAW = {
  list: [
    "select * from leads where workspace_id = $1 order by created_at desc, id desc limit 51",
    "select * from leads where workspace_id = $1 order by name_key, id limit 51",
    "select * from leads where workspace_id = $1 and status = 'LOST' and source = 'META' order by name_key, id limit 51",
    "select * from leads where workspace_id = $1 and country = 'PT' order by created_at desc, id desc limit 51",
  ],
  search: [
    "select * from leads where workspace_id = $1 and search_text like '%' || $2 || '%' order by created_at desc, id desc limit 51",
  ],
};

async function measure(leads: number) {
  return onDatabase(async (database) => {
    const { client, workspace, url, config } = database;
    const seeded = await timed(() => seedLeads(client, { workspace, leads, withFields: leads }));
    process.stdout.write(`${leads.toLocaleString("en")} leads stand after ${round(seeded / 1_000, 0)} s\n`);
    await client.query(
      `insert into events (id, workspace_id, type, at, actor_kind, lead_id, payload)
       select 'evt_' || substr(id, 6), workspace_id, 'leads.lead-created', created_at, 'system', id, '{}' from leads`,
    );
    await client.query("vacuum analyze events");
    const actor = {
      kind: "user",
      id: "user_bench",
      name: "Bench",
      permissions: new Set(ROLE_PERMISSIONS.OWNER),
    } as const;
    const identity = { userId: actor.id, sessionId: null, apiKeyId: null, workspaceId: workspace };
    const resolveIdentity: ResolveIdentity = async () => ({ identity, actor });
    const app = await createApp({ config, databaseUrl: url, resolveIdentity });
    try {
      const { leads: known, tags } = await sample(database);
      const random = dice(3);
      const times = Object.fromEntries(KINDS.map((kind): [string, number[]] => [kind, []]));
      const short = new Map<string, number>();
      const cpu = new Map<string, number[]>();
      const slowest = new Map<string, number[]>();
      for (let turn = -3; turn < ROUNDS; turn++) {
        const one = known[(turn + known.length) % known.length];
        if (!one) continue;
        for (const [kind, addresses] of Object.entries(questions(one, tags, random))) {
          const from = await cpuSeconds(client);
          for (const [place, address] of addresses.entries()) {
            const path = `/api/v1/leads${address.startsWith("/") ? address : `?${address}`}`;
            const took = await timed(async () => {
              const reply = await app.server.inject({ method: "GET", url: path });
              if (reply.statusCode !== 200) throw new Error(`${path}: ${reply.body}`);
              if (turn >= 0 && /"looked":[1-9]/.test(reply.body)) short.set(kind, (short.get(kind) ?? 0) + 1);
            });
            if (turn < 0) continue;
            times[kind]?.push(took);
            const name = `${kind} ${place} ${address.replace(/=[^&]*|lead_\w+/g, "")}`;
            slowest.set(name, [...(slowest.get(name) ?? []), took]);
          }
          const used = cpuPerThousand(from, await cpuSeconds(client), addresses.length);
          if (turn >= 0) cpu.set(kind, [...(cpu.get(kind) ?? []), used.postgres ?? NaN]);
        }
      }
      const raw = await measureRaw(url, workspace, known);
      return { times, slowest, raw, short, cpu };
    } finally {
      await app.stop();
    }
  });
}

const meanOf = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / Math.max(1, numbers.length);

async function measureRaw(url: string, workspace: string, known: readonly Known[]) {
  const client = new Client({ connectionString: url });
  await client.connect();
  const times: Record<keyof typeof RAW, number[]> = { list: [], search: [] };
  for (let turn = -3; turn < ROUNDS; turn++) {
    const one = known[(turn + known.length) % known.length];
    for (const kind of ["list", "search"] as const) {
      for (const statement of RAW[kind]) {
        const values = kind === "search" ? [workspace, one?.last.toLowerCase() ?? ""] : [workspace];
        const took = await timed(() => client.query(statement, values));
        if (turn >= 0) times[kind].push(took);
      }
    }
  }
  await client.end();
  return times;
}

const small = await measure(SMALL);
const large = await measure(LARGE);
for (const kind of KINDS) {
  const p95 = percentile(large.times[kind] ?? [], 0.95);
  const p95Small = percentile(small.times[kind] ?? [], 0.95);
  const raw = kind === "list" || kind === "search" ? percentile(large.raw[kind], 0.95) : null;
  const figures = {
    bench: `lead-list/${kind}`,
    leads: LARGE,
    p50: round(percentile(large.times[kind] ?? [], 0.5)),
    p95: round(p95),
    target: 25,
    p95At10000: round(p95Small),
    growth: round(p95 / p95Small, 2),
    growthTarget: 1.5,
    short: round((large.short.get(kind) ?? 0) / Math.max(1, large.times[kind]?.length ?? 0), 2),
    cpuMs: round(meanOf(large.cpu.get(kind) ?? [])),
    cpuMsAt10000: round(meanOf(small.cpu.get(kind) ?? [])),
    raw: raw === null ? null : round(raw),
    ratio: raw === null ? null : round(raw / p95, 2),
  };
  const beside = raw === null ? "" : `; by hand-written SQL ${round(raw)} ms`;
  report(
    `${kind}: p95 ${round(p95)} ms at ${LARGE.toLocaleString("en")} leads, ${round(p95Small)} ms at 10,000${beside}; processor ms ${figures.cpuMs} and ${figures.cpuMsAt10000}`,
    figures,
  );
}
const worst = [...large.slowest].map(([name, took]) => ({
  name,
  p95: round(percentile(took, 0.95)),
  p50: round(percentile(took, 0.5)),
}));
for (const { name, p50, p95 } of worst.toSorted((one, other) => other.p95 - one.p95).slice(0, 24)) {
  process.stdout.write(`  ${name}: p50 ${p50} ms, p95 ${p95} ms\n`);
}
