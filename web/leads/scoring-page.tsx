import { useMutation, useQueryClient, useSuspenseQuery, type QueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { ScorePreviewView, ScoreRule, ScoreSettingsView } from "#domains/leads/contract.ts";
import { HOT_FROM, SCORE_LABELS, WARM_FROM } from "#domains/leads/score/sets.ts";
import { SettingsPage } from "#web/accounts/settings-page.tsx";
import { api } from "#web/api.ts";
import { halfLifeFault, rowOf, ruleFault, ruleOf, type RuleRow } from "#web/leads/score-rule-form.ts";
import { ScoreRuleRow } from "#web/leads/score-rule-row.tsx";
import { scoreLook } from "#web/leads/score-words.ts";
import { leadNoun } from "#web/leads/words.ts";
import { problemOf } from "#web/problem.ts";
import { saveOnto } from "#web/shell/save-onto.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Chart } from "#web/ui/chart.tsx";
import { Field } from "#web/ui/field.tsx";
import { countOf, formatNumber } from "#web/ui/format.ts";
import { Input } from "#web/ui/input.tsx";
import { Progress } from "#web/ui/progress.tsx";
import { TOOK_THEIRS } from "#web/ui/took-theirs.ts";

const rulesQuery = api.leads.scoreRules.get.queryOptions();

export function load(queries: QueryClient) {
  return queries.ensureQueryData(rulesQuery);
}

/** `base`: the rules that the changes began from. */
type Draft = { rows: readonly RuleRow[]; halfLife: string; base: ScoreSettingsView };

const draftOf = (base: ScoreSettingsView): Draft => ({
  rows: base.rules.map(rowOf),
  halfLife: String(base.halfLifeDays),
  base,
});

type Wanted = Pick<ScoreSettingsView, "rules" | "halfLifeDays">;

const ruleNoun = { one: "rule", other: "rules" };
const RULE_FIELDS = {
  rules: { label: "Rules", tell: (value: unknown) => countOf(Array.isArray(value) ? value.length : 0, ruleNoun) },
  halfLifeDays: { label: "Half-life" },
};

const KINDS: readonly { value: ScoreRule["kind"]; label: string }[] = [
  { value: "field", label: "A field" },
  { value: "tag", label: "A tag" },
  { value: "source", label: "The source" },
  { value: "interest", label: "What they do" },
];
const FRESH: Record<ScoreRule["kind"], ScoreRule> = {
  field: { kind: "field", field: "company", test: "isSet", value: "", points: 5 },
  tag: { kind: "tag", tag: "", points: 10 },
  source: { kind: "source", source: "META", label: "", points: 10 },
  interest: { kind: "interest", interest: "reply", points: 40, atMost: 60 },
};

/** The rules of the score: edited, shown as what they would do, and only then applied. */
export function ScoringPage() {
  const { data: settings } = useSuspenseQuery({
    ...rulesQuery,
    refetchInterval: ({ state }) => (state.data?.run && !state.data.run.finishedAt ? 1_000 : false),
  });
  const queries = useQueryClient();
  const whyNot = useWhyNot("workspace:write");
  const [draft, setDraft] = useState<Draft>();
  // A rule that is just being written is not told that it is unfinished.
  const [isAsked, setIsAsked] = useState(false);
  const [preview, setPreview] = useState<ScorePreviewView>();
  const { rows, halfLife, base } = draft ?? draftOf(settings);
  const look = useMutation({ ...api.leads.scoreRules.preview.mutationOptions(), onSuccess: setPreview });
  const send = useMutation(api.leads.scoreRules.put.mutationOptions());
  // What somebody else has changed has come in, and nobody has seen yet what both do together.
  const [isTogether, setIsTogether] = useState(false);
  const put = useMutation({
    mutationFn: async () => {
      let newest = base;
      let together: Wanted | undefined;
      const saved = await saveOnto({
        base,
        patch: wanted(),
        fields: RULE_FIELDS,
        read: async () => (newest = await queries.fetchQuery({ ...rulesQuery, staleTime: 0 })),
        // They are set as a whole: what the person left alone is as it is by now.
        send: async ({ rules = newest.rules, halfLifeDays = newest.halfLifeDays }, expectedUpdatedAt) => {
          if (expectedUpdatedAt === base.updatedAt) return send.mutateAsync({ rules, halfLifeDays, expectedUpdatedAt });
          together = { rules, halfLifeDays };
          return newest;
        },
      });
      return saved === TOOK_THEIRS ? null : { saved, together };
    },
    onSuccess: (outcome) => {
      discard();
      if (outcome === null) return;
      const { saved, together } = outcome;
      queries.setQueryData(rulesQuery.queryKey, saved);
      if (!together) return;
      setDraft({ ...draftOf({ ...saved, ...together }), base: saved });
      setIsTogether(true);
      look.mutate(together);
    },
  });
  const discard = () => {
    setDraft(undefined);
    setIsTogether(false);
    setPreview(undefined);
    setIsAsked(false);
    look.reset();
    put.reset();
  };
  const change = (next: Partial<Draft>) => {
    setDraft({ rows, halfLife, base, ...next });
    setPreview(undefined);
  };
  const wanted = () => ({ rules: rows.map(ruleOf), halfLifeDays: Number(halfLife) });
  const faultOfDays = halfLifeFault(halfLife);
  const ask = () => {
    setIsAsked(true);
    if (faultOfDays === undefined && !rows.some(ruleFault)) look.mutate(wanted());
  };
  const error = look.error ?? put.error;
  const { run } = settings;
  return (
    <SettingsPage
      title="Lead score"
      context={`From 0 to 100: cold, warm from ${WARM_FROM}, hot from ${HOT_FROM}. Points for what a lead is stay; points for what it does halve.`}
    >
      {whyNot ? <Banner tone="info">You can look at these rules. {whyNot}.</Banner> : null}
      {run && !run.finishedAt ? (
        <Progress label="Scoring all leads by the new rules" value={run.done} total={run.total} />
      ) : null}
      <Card title="Rules" description="All that apply are added up. Points for what a lead is may be taken away, too.">
        <ul className="grid gap-2">
          {rows.map((row, place) => (
            <ScoreRuleRow
              key={row.id}
              row={row}
              place={place}
              fault={isAsked ? ruleFault(row) : undefined}
              whyNot={whyNot}
              onChange={(next) => change({ rows: rows.map((one) => (one.id === row.id ? next : one)) })}
              onRemove={() => change({ rows: rows.filter(({ id }) => id !== row.id) })}
            />
          ))}
        </ul>
        <div className="flex flex-wrap gap-2 pt-3">
          {KINDS.map(({ value, label }) => (
            <Button
              key={value}
              size="sm"
              icon={Plus}
              disabledReason={whyNot ?? (rows.length >= 50 ? "At most 50 rules" : null)}
              onClick={() =>
                change({ rows: [...rows, rowOf(FRESH[value], 1 + Math.max(-1, ...rows.map(({ id }) => id)))] })
              }
            >
              {label}
            </Button>
          ))}
        </div>
      </Card>
      <Card title="Half-life" description="After so many days, what a lead did counts half.">
        <Field label="Days" error={isAsked ? faultOfDays : undefined}>
          {(control) => (
            <div className="w-32">
              <Input
                {...control}
                disabled={whyNot !== null}
                inputMode="numeric"
                autoComplete="off"
                value={halfLife}
                onChange={(text) => change({ halfLife: text })}
              />
            </div>
          )}
        </Field>
      </Card>
      {error ? (
        <Banner tone="danger">
          {[problemOf(error).title, ...(problemOf(error).errors ?? []).map(({ detail }) => detail)].join(" · ")}
        </Banner>
      ) : null}
      {isTogether ? (
        <Banner tone="info">
          The rules were changed elsewhere meanwhile: these are both changes together. Nothing is applied yet.
        </Banner>
      ) : null}
      {preview ? <Preview preview={preview} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        {draft ? <Button onClick={discard}>Discard</Button> : null}
        <Button
          variant={preview ? "secondary" : "primary"}
          disabledReason={whyNot ?? (draft ? null : "Nothing is changed")}
          loading={look.isPending}
          onClick={ask}
        >
          Preview
        </Button>
        <Button
          variant={preview ? "primary" : "secondary"}
          disabledReason={whyNot ?? (preview ? null : "Look at the preview first")}
          loading={put.isPending}
          onClick={() => put.mutate()}
        >
          Apply to all leads
        </Button>
      </div>
    </SettingsPage>
  );
}

function Preview({ preview }: { preview: ScorePreviewView }) {
  const { before, after, sampled, total } = preview;
  const points = before.bars.map((count, place) => ({
    score: place === 9 ? "90–100" : `${place * 10}–${place * 10 + 9}`,
    before: count,
    after: after.bars[place] ?? 0,
  }));
  const hot = after.labels.HOT - before.labels.HOT;
  const sentence =
    hot === 0
      ? "As many leads would be hot as now."
      : `${countOf(Math.abs(hot), leadNoun)} ${hot > 0 ? "more" : "fewer"} would be hot.`;
  return (
    <Card
      title="Before and after"
      description={
        sampled < total
          ? `On ${formatNumber(sampled)} of ${formatNumber(total)} leads, taken evenly over time.`
          : `On all ${countOf(total, leadNoun)}.`
      }
    >
      <Chart
        kind="bar"
        sentence={sentence}
        points={points}
        x="score"
        series={[
          { key: "before", name: "Before" },
          { key: "after", name: "After" },
        ]}
      />
      <ul className="flex flex-wrap gap-x-6 gap-y-1 pt-3 text-sm tabular-nums">
        {SCORE_LABELS.map((label) => (
          <li key={label}>
            {`${scoreLook[label].label}: ${formatNumber(before.labels[label])} → ${formatNumber(after.labels[label])}`}
          </li>
        ))}
      </ul>
    </Card>
  );
}
