import type { Client } from "pg";
import { newId } from "#platform/ids.ts";
import type { LeadSource } from "./rules.ts";
import { nameKeyOf, nameWordsOf, searchTextOf } from "./search-text.ts";
import type { LeadStatus } from "./status.ts";

/** A volume of leads as a workspace of years has it, made directly in the tables: for plans and benches, where rules are not the point. */
export type Volume = {
  workspace: string;
  leads: number;
  tags?: number;
  /** So many of the oldest have own fields, and all have a score. Without it there are no fields and nobody is scored. */
  withFields?: number;
};

const FIRST_NAMES =
  "Ana Leo Maria James Emily Sarah David Olu Chidi Fatima Ingrid Søren Jamal Niamh Lucía Jo Dana Tomás Göran Chloë Mihai Nkechi".split(
    " ",
  );
const LAST_NAMES =
  "Banerjee Smith Johnson Garcia Silva Brown MacLeod Castellanos Nakamura Fitzgerald Haddad Okafor Jørgensen Ångström Ibáñez".split(
    " ",
  );
const SYLLABLES =
  "ba ner jee ko mar tin so lo vi ro ssi schu mid wil li am jo han nes ka ta ri na pe tro vic gar cia fer nan dez mo re no al var ez ya ma da su zu ki ber ger ste in wood ford ham ton ley by field burg man ni el sen ang str om qui spe oka for".split(
    " ",
  );
const TRADES = "Media Coaching Studio Roofing Dental Fitness Group Legal Movers Bakery".split(" ");
const MAIL_HOSTS = "mail.example post.example inbox.example samplemail.example".split(" ");
const BATCH = 5_000;

/** The same numbers in every run (a linear congruential generator, Numerical Recipes). */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/** Few values are common and many are rare, as names are. */
const skewed = <T>(random: () => number, list: readonly T[], skew = 2.5): T => {
  const found = list[Math.floor(random() ** skew * list.length)];
  if (found === undefined) throw new Error("An empty list has no members.");
  return found;
};

const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);

/** People who do not exist: names by the thousand, each with an address and most with a phone. */
export function people(seed = 42) {
  const random = dice(seed);
  const word = (syllables: number) =>
    capital(Array.from({ length: syllables }, () => SYLLABLES[Math.floor(random() * SYLLABLES.length)]).join(""));
  const firstNames = [...FIRST_NAMES, ...Array.from({ length: 1_500 }, () => word(2))];
  const lastNames = [...LAST_NAMES, ...Array.from({ length: 20_000 }, () => word(2 + Math.floor(random() * 2)))];
  const companies = Array.from({ length: 30_000 }, () => `${word(2)} ${skewed(random, TRADES, 1)}`);
  return (number: number) => {
    const firstName = skewed(random, firstNames);
    const lastName = skewed(random, lastNames);
    const local = `${firstName}.${lastName}`
      .normalize("NFKD")
      .replace(/[^\w.]/g, "")
      .toLowerCase();
    return {
      firstName,
      lastName,
      email: `${local}${number}@${skewed(random, MAIL_HOSTS, 1)}`,
      phone: random() < 0.8 ? `+1${2_000_000_000 + Math.floor(random() * 7_999_999_999)}` : null,
      company: random() < 0.7 ? skewed(random, companies, 2) : null,
      chance: random(),
      other: random(),
    };
  };
}

function statusBy(chance: number): LeadStatus {
  if (chance < 0.6) return "NEW";
  if (chance < 0.85) return "CONTACTED";
  if (chance < 0.95) return "IN_PROGRESS";
  return chance < 0.99 ? "CONVERTED" : "LOST";
}
const sourceBy = (chance: number): LeadSource => (chance < 0.6 ? "MANUAL" : chance < 0.9 ? "API" : "META");
const countryBy = (chance: number) => (chance < 0.95 ? "US" : chance < 0.99 ? "DE" : "PT");

/** From here on the rules are off and the indexes are made anew behind it: 1,000,000 leads with three fields each stand after minutes. */
const MANY = 200_000;

/**
 * Through the owner's connection, in the order of their making: one every fifty seconds since 2024. With fields one in a thousand, the oldest, has
 * the plan gold and the others silver; `seats` is the lead's place in the order of making, `renews_on` a day of 2026. Ends with fresh statistics.
 */
export async function seedLeads(client: Client, volume: Volume): Promise<void> {
  const { workspace, leads, withFields } = volume;
  if (withFields !== undefined) {
    await client.query(
      `insert into custom_fields (id, workspace_id, key, label, type, options, position, created_at) values
        ('cfld_1', $1, 'plan', 'Plan', 'select', '["gold","silver"]', 0, now()), ('cfld_2', $1, 'seats', 'Seats', 'number', '[]', 1, now()),
        ('cfld_3', $1, 'renews_on', 'Renews on', 'date', '[]', 2, now())`,
      [workspace],
    );
  }
  if (leads < MANY) {
    await insertLeads(client, volume);
    if (withFields !== undefined) await client.query(INSERT_SCORES, [workspace]);
  } else {
    await withoutRules(client, async () => {
      await insertLeads(client, volume);
      if (withFields === undefined) return;
      await client.query(INSERT_VALUES, [workspace]);
      await client.query(INSERT_SCORES, [workspace]);
    });
  }
  await client.query(
    "vacuum analyze leads, lead_identities, lead_tags, lead_name_words, tags, custom_fields, lead_field_values, lead_scores",
  );
}

/** Neither triggers nor foreign keys nor indexes, which are made again afterwards. */
async function withoutRules(client: Client, work: () => Promise<void>): Promise<void> {
  const { rows } = await client.query<{ name: string; definition: string }>(`
    select indexname as name, indexdef as definition from pg_indexes
    where tablename in ('leads', 'lead_identities', 'lead_tags', 'lead_field_values', 'lead_scores')
      and indexname not in (select conname from pg_constraint)`);
  for (const { name } of rows) await client.query(`drop index "${name}"`);
  await client.query("set session_replication_role = replica; set maintenance_work_mem = '1GB'");
  await work();
  for (const { definition } of rows) await client.query(definition);
  await client.query("reset session_replication_role; reset maintenance_work_mem");
}

/** What the trigger makes of the fields of each lead. */
const INSERT_VALUES = `
  insert into lead_field_values (workspace_id, lead_id, key, value, number, lead_created_at)
  select l.workspace_id, l.id, v.key, v.value, v.number, l.created_at from leads l
  cross join lateral (values ('plan', l.meta #>> '{custom,plan}', null), ('renews_on', l.meta #>> '{custom,renews_on}', null),
    ('seats', l.meta #>> '{custom,seats}', (l.meta #>> '{custom,seats}')::double precision)) v(key, value, number)
  where l.workspace_id = $1 and l.meta ? 'custom'`;

const INSERT_SCORES = `
  insert into lead_scores (lead_id, workspace_id, score, label, lead_created_at)
  select id, workspace_id, n % 101, case when n % 101 >= 70 then 'HOT' when n % 101 >= 40 then 'WARM' else 'COLD' end, created_at
  from (select l.id, l.workspace_id, l.created_at, row_number() over (order by l.id) as n from leads l where l.workspace_id = $1) as numbered`;

function fieldsOf(place: number, leads: number, withFields: number): Record<string, unknown> {
  if (place > withFields) return {};
  const renews = new Date(Date.UTC(2026, 0, 1 + (place % 365)));
  const plan = place * 1_000 <= leads ? "gold" : "silver";
  return { custom: { plan, seats: place, renews_on: renews.toISOString().slice(0, 10) } };
}

async function insertLeads(client: Client, { workspace, leads, tags = 30, withFields = 0 }: Volume): Promise<void> {
  const next = people();
  const start = Date.UTC(2024, 0, 1);
  const tagIds = Array.from({ length: tags }, () => newId("tag"));
  const random = dice(7);
  for (const [place, id] of tagIds.entries()) {
    await client.query("insert into tags (id, workspace_id, name, name_key) values ($1, $2, $3, $3)", [
      id,
      workspace,
      `tag ${place}`,
    ]);
  }
  const words = new Set<string>();
  for (let from = 0; from < leads; from += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, leads - from) }, (_, place) => {
      const person = next(from + place);
      const facts = {
        ...person,
        fullName: null,
        notes: person.other < 0.2 ? "Wants a call after 5 about pricing" : null,
        addresses: [
          { kind: "EMAIL" as const, value: person.email },
          ...(person.phone === null ? [] : [{ kind: "PHONE" as const, value: person.phone }]),
        ],
        tags: [],
      };
      for (const one of nameWordsOf(facts)) words.add(one);
      return {
        ...person,
        notes: facts.notes,
        id: newId("lead"),
        email_id: newId("iden"),
        phone_id: newId("iden"),
        status: statusBy(person.chance),
        source: sourceBy(person.other),
        country: countryBy(person.other),
        tag_id: person.other < 0.3 && tags > 0 ? skewed(random, tagIds) : null,
        name_key: nameKeyOf(facts),
        search_text: searchTextOf(facts),
        meta: fieldsOf(from + place + 1, leads, withFields),
        created_at: new Date(start + (from + place) * 50_000),
        updated_at: new Date(start + (from + place) * 50_000 + person.chance * 1e10),
      };
    });
    await client.query(INSERT, [JSON.stringify(rows), workspace]);
  }
  await client.query(
    "insert into lead_name_words (workspace_id, word) select $1, word from unnest($2::text[]) as w(word) on conflict do nothing",
    [workspace, [...words]],
  );
}

const INSERT = `
  with r as materialized (
    select * from jsonb_to_recordset($1::jsonb) as r(id text, "firstName" text, "lastName" text, email text, phone text, company text,
      notes text, status text, source text, country text, tag_id text, name_key text, search_text text, meta jsonb, created_at timestamptz,
      updated_at timestamptz, email_id text, phone_id text)
  ), made as (
    insert into leads (id, workspace_id, first_name, last_name, email, phone, company, notes, status, source, country, time_zone_source,
      name_key, search_text, meta, created_at, updated_at)
    select id, $2, "firstName", "lastName", email, phone, company, notes, status, source, country, 'phone', name_key, search_text,
      meta, created_at, updated_at from r
  ), tagged as (
    insert into lead_tags (workspace_id, lead_id, tag_id, lead_created_at)
    select $2, id, tag_id, created_at from r where tag_id is not null
  )
  insert into lead_identities (id, workspace_id, lead_id, kind, value, is_primary)
  select email_id, $2, id, 'EMAIL', email, true from r
  union all select phone_id, $2, id, 'PHONE', phone, true from r where phone is not null`;
