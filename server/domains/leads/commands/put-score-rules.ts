import { allow, inTransaction, type Context } from "#platform/context.ts";
import { enqueue } from "#platform/jobs.ts";
import { emit } from "#platform/events.ts";
import { refuseStale } from "#domains/accounts/index.ts";
import { scoreAll, scoreRulesChanged } from "../messages.ts";
import {
  countLeadsToScore,
  findScoreSettings,
  lockScoreRules,
  putScoreRules,
  sampleLeads,
  type ScoreSettings,
} from "../queries/score-settings.ts";
import { findInterests, findLeadsToScore } from "../queries/scores.ts";
import type { ScoreRules } from "../score/rules.ts";
import { SCORE_LABELS, type ScoreLabel } from "../score/sets.ts";
import { histogramOf, workOutScore } from "../score/work-out.ts";

/** Where the scores of a sample lie by one set of rules: in tens, and by label. */
export type ScoreSpread = { bars: number[]; labels: Record<ScoreLabel, number> };
export type ScorePreview = { sampled: number; total: number; before: ScoreSpread; after: ScoreSpread };

/** What a change of the rules would do, without doing it: on everybody, or on a sample where they are many. */
export async function previewScoreRules(ctx: Context, rules: ScoreRules): Promise<ScorePreview> {
  allow(ctx, "leads:read");
  const current = await findScoreSettings(ctx);
  const leads = await findLeadsToScore(ctx, await sampleLeads(ctx));
  const interests = await findInterests(
    ctx,
    leads.map(({ id }) => id),
  );
  const now = ctx.now();
  const spread = (by: ScoreRules): ScoreSpread => {
    const scores = leads.map((lead) => workOutScore(lead, interests.get(lead.id) ?? [], by, now));
    const count = (label: ScoreLabel) => scores.filter((score) => score.label === label).length;
    const [cold, warm, hot] = SCORE_LABELS.map(count);
    return {
      bars: histogramOf(scores.map(({ score }) => score)),
      labels: { COLD: cold ?? 0, WARM: warm ?? 0, HOT: hot ?? 0 },
    };
  };
  return {
    sampled: leads.length,
    total: await countLeadsToScore(ctx),
    before: spread(current.rules),
    after: spread(rules),
  };
}

/**
 * Keeps new rules and has every lead scored by them, a thousand at a time; how far that has come is told by the settings. `expected`: the
 * `updatedAt` that the change was made from. Throws ChangedElsewhere.
 */
export async function changeScoreRules(ctx: Context, rules: ScoreRules, expected?: string): Promise<ScoreSettings> {
  allow(ctx, "workspace:write");
  return inTransaction(ctx, async (tx) => {
    await lockScoreRules(tx);
    const { updatedAt } = await findScoreSettings(tx);
    await refuseStale(tx, { expected, updatedAt, told: [scoreRulesChanged], about: { subjectId: tx.workspace } });
    const version = await putScoreRules(tx, rules, await countLeadsToScore(tx));
    await enqueue(tx, scoreAll, { version, after: "" });
    await emit(tx, scoreRulesChanged, { version }, { subjectId: tx.workspace });
    return findScoreSettings(tx);
  });
}
