import { implement } from "@orpc/server";
import { allow } from "#platform/context.ts";
import { instantOrNull } from "#platform/http/instants.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { changeScoreRules, previewScoreRules } from "../commands/put-score-rules.ts";
import { leadScoreOperations, scoreRuleOperations, type ScoreSettingsView } from "../contract/scores.ts";
import { LeadNotFound, mergedInto } from "../problems.ts";
import { findLead } from "../queries/leads.ts";
import { findMergeOf } from "../queries/merges.ts";
import { findScoreSettings, type ScoreSettings } from "../queries/score-settings.ts";
import { findInterests, findLeadsToScore } from "../queries/scores.ts";
import { workOutScore } from "../score/work-out.ts";

const ofLead = implement(leadScoreOperations).$context<RequestContext>();
const ofRules = implement(scoreRuleOperations).$context<RequestContext>();

export const leadScoreHandlers = {
  score: ofLead.score.handler(async ({ context: { ctx }, input: { leadId } }) => {
    allow(ctx, "leads:read");
    const [lead] = await findLeadsToScore(ctx, [leadId]);
    if (!lead) {
      const merge = await findMergeOf(ctx, leadId);
      if (merge) throw mergedInto(merge.survivorId);
      if ((await findLead(ctx, leadId)) === undefined) throw LeadNotFound();
      // The lead stays in every list after the person's erasure, among them that by score, where it counts nothing.
      return { score: 0, label: "COLD" as const, parts: [] };
    }
    const interests = (await findInterests(ctx, [leadId])).get(leadId) ?? [];
    const { rules } = await findScoreSettings(ctx);
    const { parts, ...score } = workOutScore(lead, interests, rules, ctx.now());
    return {
      ...score,
      parts: parts.map(({ deeds, ...part }) => ({
        ...part,
        deeds: deeds.map(({ at, ...deed }) => ({ ...deed, at: at.toISOString() })),
      })),
    };
  }),
};

const show = ({ rules, isUsual, run, updatedAt }: ScoreSettings): ScoreSettingsView => ({
  ...rules,
  isUsual,
  run: run && { ...run, startedAt: run.startedAt.toISOString(), finishedAt: instantOrNull(run.finishedAt) },
  updatedAt: updatedAt.toISOString(),
});

export const scoreRuleHandlers = {
  get: ofRules.get.handler(async ({ context: { ctx } }) => {
    allow(ctx, "leads:read");
    return show(await findScoreSettings(ctx));
  }),
  preview: ofRules.preview.handler(({ context: { ctx }, input }) => previewScoreRules(ctx, input)),
  put: ofRules.put.handler(async ({ context: { ctx }, input: { expectedUpdatedAt, ...rules } }) =>
    show(await changeScoreRules(ctx, rules, expectedUpdatedAt)),
  ),
};
