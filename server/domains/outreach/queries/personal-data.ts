import { sql, type RawBuilder } from "kysely";
import type { Context } from "#platform/context.ts";
import { ERASED_SEARCH, type PersonSought, writingsOf } from "#domains/leads/index.ts";
import { BLANK_VERDICT } from "#domains/messaging/index.ts";

const list = (values: readonly string[]) => sql`any(${[...values]}::text[])`;

/** Rows under the alias `r` whose `filter` looks for the person. */
function searchesFor({ addresses, names }: PersonSought, filter = sql`r.filter`): RawBuilder<unknown> {
  const { texts, digits } = writingsOf(addresses);
  const allOf = [...texts.map((text) => [text]), ...names];
  return sql`(
    exists (select from jsonb_array_elements(${JSON.stringify(allOf)}::jsonb) w where not exists (
      select from jsonb_array_elements_text(w) word where position(word in lower(${filter}->>'search')) = 0))
    or exists (select from unnest(${digits}::text[]) d where position(d in regexp_replace(${filter}->>'search', '\\D', '', 'g')) > 0))
    and ${filter} ? 'search'`;
}

/** Simulations under the alias `r` that were about the person: looked for them, or name them. */
const simulates = (person: PersonSought): RawBuilder<unknown> =>
  sql`(${searchesFor(person, sql`(r.input->'filter')`)} or exists (
    select from unnest(${[...person.leadIds]}::text[]) as l(id) where position(l.id in r.input::text) > 0 or position(l.id in coalesce(r.result::text, '')) > 0))`;

export async function exportOutreach(ctx: Context, person: PersonSought): Promise<Record<string, unknown[]>> {
  const rowsOf = async (table: string, where: RawBuilder<unknown>) => {
    const { rows } = await sql<{ row: unknown }>`
      select to_jsonb(r) as row from ${sql.table(table)} r where r.workspace_id = ${ctx.workspace} and ${where} order by r.id`.execute(
      ctx.db,
    );
    return rows.map(({ row }) => row);
  };
  const own = sql`r.lead_id = ${list(person.leadIds)}`;
  return {
    campaign_leads: await rowsOf("campaign_leads", own),
    sequence_enrollments: await rowsOf("sequence_enrollments", own),
    sequence_step_executions: await rowsOf("sequence_step_executions", own),
    bulk_enrollments: await rowsOf("bulk_enrollments", searchesFor(person)),
    bulk_assignments: await rowsOf("bulk_assignments", searchesFor(person)),
    simulations: await rowsOf("simulations", simulates(person)),
  };
}

/**
 * Blanks what people and vendors wrote about the person's enrolments; of a reason only what is one of `reasons` stays. A bulk enrolment or assignment that looked
 * for the person finds nobody by that any more, and ends with the reason where it was under way (`isErasedSearch`); a simulation that was about them is deleted. What a person was enrolled in and when stays.
 */
export async function blankOutreach(
  tx: Context,
  person: PersonSought,
  reasons: readonly string[],
): Promise<Record<string, number>> {
  const run = async (statement: RawBuilder<unknown>) => Number((await statement.execute(tx.db)).numAffectedRows ?? 0);
  const known = (reason: RawBuilder<unknown>) =>
    sql`case when split_part(${reason}, ':', 1) = ${list(reasons)} then split_part(${reason}, ':', 1) end`;
  return {
    sequence_enrollments: await run(sql`
      update sequence_enrollments set meta = '{}', end_reason = ${known(sql`end_reason`)} where lead_id = ${list(person.leadIds)}`),
    sequence_step_executions: await run(sql`
      update sequence_step_executions set verdict = ${BLANK_VERDICT},
        result = jsonb_strip_nulls((result - array['unknown', 'waits', 'moved', 'reason']) || jsonb_build_object('reason', ${known(sql`result->>'reason'`)}))
      where workspace_id = ${tx.workspace} and lead_id = ${list(person.leadIds)}`),
    bulk_enrollments: await run(sql`
      update bulk_enrollments r set filter = r.filter || ${JSON.stringify({ search: ERASED_SEARCH })}::jsonb
      where r.workspace_id = ${tx.workspace} and ${searchesFor(person)}`),
    // Two that looked for the person in other words do not become the same one: only one of each is under way.
    bulk_assignments: await run(sql`
      update bulk_assignments r set filter = r.filter || jsonb_build_object('search', ${`${ERASED_SEARCH} `}::text || r.id)
      where r.workspace_id = ${tx.workspace} and ${searchesFor(person)}`),
    simulations: await run(
      sql`delete from simulations r where r.workspace_id = ${tx.workspace} and ${simulates(person)}`,
    ),
  };
}
