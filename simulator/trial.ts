import { type Kysely, sql } from "kysely";
import type { DB } from "#platform/database/types.ts";
import { Problem } from "#platform/problems.ts";
import { type WorkspaceSettings, getWorkspaceSettings } from "#domains/accounts/index.ts";
import type { Context } from "#platform/context.ts";
import { upsertLeads } from "#domains/leads/index.ts";
import {
  type SimulationOrder,
  type SimulationProgress,
  type SimulationResult,
  activateSequence,
  enrollLeads,
  resumeSequence,
} from "#domains/outreach/index.ts";
import type { Act } from "./behaviour.ts";
import { copyWorkspace } from "./copy-workspace.ts";
import { BY_HAND, SCORING } from "./due-loops.ts";
import { NO_FAULTS } from "./faults.ts";
import type { Rules } from "./invariants.ts";
import { scratchConfig } from "./invented.ts";
import { readRules } from "./observe.ts";
import { type Outcome, resultOf } from "./result.ts";
import { PATIENCE_MINUTES, type Plan, type Run, simulate } from "./run.ts";
import type { Scratch } from "./scratch.ts";
import { type TrialServer, openTrialScratch } from "./trial-scratch.ts";

/** A quarter of an hour is nearer to life, an hour costs a third, and nobody plans by the quarter in which an answer comes. */
const GRID_MINUTES = 60;
/** Leads of one statement. */
const BATCH = 1_000;
/** Events that the engine reads again: conditions ask which mails were opened. All others are for pages, and for scores. */
export const READ_BACK: ReadonlySet<string> = new Set(["messaging.message-opened", "messaging.message-clicked"]);
/** What bears on nobody but whose touch it was, unless they share their address. */
const KEPT_TO_ONE: ReadonlySet<Act["kind"]> = new Set(["delivered", "opened", "clicked", "automatic", "call"]);

/**
 * Tries a workspace's sequence on a copy: these leads, or invented people, come in at the start, and the engine lives through the days. Throws an
 * Error with the words for the person who asked when the sequence cannot be started.
 */
export async function tryOut(
  order: SimulationOrder,
  server: TrialServer,
  watching: {
    onDay?: (progress: SimulationProgress) => void;
    /** Everything that happened, touch by touch. */
    onEnd?: (run: Run) => void;
    /** The result, before all is cleared away. */
    onResult?: (result: SimulationResult) => void;
    signal?: AbortSignal;
    /** For tests: every answer is taken in ahead of whatever is due next, also where it bears on nobody who is. */
    impatient?: boolean;
  } = {},
  making: Promise<Scratch> = openTrialScratch(server),
): Promise<SimulationResult> {
  const { workspaceId, sequenceId, whom, startAt, days, seed, rates, withoutVendor } = order;
  const scratch = await making;
  try {
    const leadIds = "leadIds" in whom ? whom.leadIds : [];
    const { readsScores } = await copyWorkspace({
      ...server,
      scratchUrl: scratch.url,
      workspaceId,
      leadIds,
      now: startAt,
    });
    let outcomes: Outcome[] = [];
    let settings: WorkspaceSettings | undefined;
    let result: SimulationResult | undefined;
    let isPrivate: Plan["isPrivate"];
    await simulate({
      seed,
      start: startAt,
      days,
      rates,
      faults: NO_FAULTS,
      check: "end",
      gridMinutes: GRID_MINUTES,
      patienceMinutes: PATIENCE_MINUTES,
      isPrivate: (touch, act) => !watching.impatient && isPrivate?.(touch, act) === true,
      without: withoutVendor,
      events: readsScores ? undefined : READ_BACK,
      leftOut: [...BY_HAND, ...(readsScores ? [] : SCORING)],
      config: scratchConfig(scratch.url, server.dataDir, server.secretKey),
      databaseUrl: scratch.url,
      signal: watching.signal,
      onDay: ({ day, touches }) => watching.onDay?.({ daysDone: day, touches }),
      prepare: async (life) => {
        const ctx = life.app.runtime.contextFor(workspaceId, { kind: "system", id: "simulator" });
        settings = await getWorkspaceSettings(ctx);
        const rows = life.watching.forWorkspace(workspaceId);
        await begin(ctx, sequenceId);
        const keys = new Map<string, string>();
        if ("invented" in whom) await standAlone(ctx, rows, sequenceId);
        const chosen = "invented" in whom ? await invent(ctx, settings, whom.invented, keys) : leadIds;
        for (let from = 0; from < chosen.length; from += BATCH)
          outcomes = [
            ...outcomes,
            ...(await enrollLeads(ctx, { sequenceId, leadIds: chosen.slice(from, from + BATCH), by: "person" })),
          ];
        const rules: Rules = await readRules(rows, settings, keys);
        isPrivate = keepsToOne(await listSharing(rows), rules);
        return { workspace: workspaceId, rules, deeds: [] };
      },
      atEnd: async (rows, run) => {
        if (!settings) throw new Error("A run ended that was never prepared.");
        watching.onEnd?.(run);
        result = await resultOf(rows, run, { order, outcomes, zone: settings.timeZone });
      },
    });
    if (!result) throw new Error("A run ended without a result.");
    watching.onResult?.(result);
    return result;
  } finally {
    await scratch.drop();
  }
}

/** Leads who have an address that another has too: a telephone number. */
async function listSharing(rows: Kysely<DB>): Promise<Set<string>> {
  const { rows: found } = await sql<{ leadId: string }>`
    select distinct unnest(array_agg(lead_id)) as "leadId" from lead_identities group by kind, value having count(distinct lead_id) > 1`.execute(
    rows,
  );
  return new Set(found.map(({ leadId }) => leadId));
}

/**
 * What a receiver did bears on nobody else but where it says something: a reply may stop colleagues, a no is confirmed, and either may be told by
 * an address that others have too, as a bounce closes it. Senders are held back for bounces, so that with any a bounce is everybody's.
 */
function keepsToOne(sharing: ReadonlySet<string>, { senders }: Rules): NonNullable<Plan["isPrivate"]> {
  return ({ leadId }, act) => {
    if (leadId === null || sharing.has(leadId)) return false;
    if (act.kind === "bounced") return senders.size === 0;
    return KEPT_TO_ONE.has(act.kind);
  };
}

/** As a person presses the button; what keeps the sequence from being started is told as it is there. */
async function begin(ctx: Context, sequenceId: string): Promise<void> {
  const { status } = await ctx.db
    .selectFrom("retentionSequences")
    .select("status")
    .where("id", "=", sequenceId)
    .executeTakeFirstOrThrow();
  try {
    if (status === "DRAFT") await activateSequence(ctx, sequenceId);
    if (status === "PAUSED") await resumeSequence(ctx, sequenceId);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const why = error.errors?.map(({ detail }) => detail) ?? [];
    throw new Error(["The sequence cannot be started yet.", ...why].join(" "), { cause: error });
  }
}

/** Invented people are nobody's new leads: no other sequence takes them in. */
async function standAlone(ctx: Context, rows: Kysely<DB>, sequenceId: string): Promise<void> {
  await sql`update retention_sequences set status = 'PAUSED', paused_at = ${ctx.now()} where status = 'ACTIVE' and id <> ${sequenceId}`.execute(
    rows,
  );
}

/** People with everything that a text may ask for, where the workspace is at home. */
async function invent(
  ctx: Context,
  settings: WorkspaceSettings,
  count: number,
  keys: Map<string, string>,
): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; from < count; from += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, count - from) }, (_, place) => from + place);
    const outcomes = await upsertLeads(
      ctx,
      numbers.map((number) => ({
        source: "MANUAL" as const,
        firstName: "Ada",
        lastName: `Example ${number}`,
        company: "Example Company",
        jobTitle: "Owner",
        website: "https://example.invalid",
        identities: [
          { kind: "EMAIL" as const, value: `person-${number}@simulation.invalid`, raw: "" },
          { kind: "PHONE" as const, value: `+1212${5_000_000 + number}`, raw: "" },
        ],
        country: settings.country,
        timeZone: { timeZone: settings.timeZone, source: "workspace" as const },
        meta: {},
        raw: {},
      })),
      { policy: "fill" },
    );
    for (const [place, outcome] of outcomes.entries()) {
      ids.push(outcome.leadId);
      keys.set(outcome.leadId, `person ${from + place}`);
    }
  }
  return ids;
}
