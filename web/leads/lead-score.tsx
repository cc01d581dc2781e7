import { useQuery } from "@tanstack/react-query";
import type { ScoreRule } from "#domains/leads/contract.ts";
import { api } from "#web/api.ts";
import { interestWords, scoreLook, scoreRuleWords } from "#web/leads/score-words.ts";
import { problemOf } from "#web/problem.ts";
import { StatusPill } from "#web/ui/badge.tsx";
import { countOf, formatNumber } from "#web/ui/format.ts";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { Skeleton } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";

const keyOf = (rule: ScoreRule) => JSON.stringify(rule);
const oneDecimal = (points: number) => formatNumber(points, { maximumFractionDigits: 1 });

/** How promising the lead is at this moment, and where each point comes from. */
export function LeadScore({ leadId }: { leadId: string }) {
  const { data, error } = useQuery(api.leads.score.queryOptions({ input: { leadId } }));
  return (
    <section aria-label="Score" className="grid gap-2">
      <h2 className="text-sm font-semibold">Score</h2>
      {error ? <InlineError problem={problemOf(error)} /> : null}
      {data ? (
        <>
          <div className="flex items-center gap-3">
            <span className="text-2xl font-semibold tabular-nums">{data.score}</span>
            <StatusPill tone={scoreLook[data.label].tone}>{scoreLook[data.label].label}</StatusPill>
          </div>
          {data.parts.length === 0 ? <p className="text-sm text-ink-muted">No rule gives it points.</p> : null}
          <ul className="grid gap-1 text-sm">
            {data.parts.map(({ rule, points, deeds }) => (
              <li key={keyOf(rule)} className="grid gap-1">
                <span className="flex items-baseline justify-between gap-3">
                  <span className="min-w-0">{scoreRuleWords(rule)}</span>
                  <span className="tabular-nums">{`${points > 0 ? "+" : ""}${oneDecimal(points)}`}</span>
                </span>
                {rule.kind === "interest" ? (
                  <span className="text-xs text-ink-subtle">
                    {countOf(deeds.length, interestWords[rule.interest])}
                    {deeds[0] ? ", the last " : ""}
                    {deeds[0] ? <RelativeTime at={deeds[0].at} /> : null}
                  </span>
                ) : null}
              </li>
            ))}
          </ul>
        </>
      ) : error ? null : (
        <Skeleton className="h-16" />
      )}
    </section>
  );
}
