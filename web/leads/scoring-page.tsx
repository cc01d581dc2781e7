import { useMutation, useQueryClient, useSuspenseQuery, type QueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import type { ScorePreviewView, ScoreRule, ScoreSettingsView } from "#domains/leads/contract.ts";
import {
  HOT_FROM,
  INTEREST_KINDS,
  SCORE_FIELDS,
  SCORE_LABELS,
  SCORE_TESTS,
  WARM_FROM,
} from "#domains/leads/score/sets.ts";
import { LEAD_SOURCES } from "#domains/leads/sets.ts";
import { SettingsPage } from "#web/accounts/settings-page.tsx";
import { api } from "#web/api.ts";
import { scoreLook, testWords } from "#web/leads/score-words.ts";
import { fieldName, leadNoun, sourceWords } from "#web/leads/words.ts";
import { problemOf } from "#web/problem.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button, IconButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Chart } from "#web/ui/chart.tsx";
import { countOf, formatNumber } from "#web/ui/format.ts";
import { Input } from "#web/ui/input.tsx";
import { Progress } from "#web/ui/progress.tsx";
import { Select } from "#web/ui/select.tsx";

const rulesQuery = api.leads.scoreRules.get.queryOptions();

export function load(queries: QueryClient) {
  return queries.ensureQueryData(rulesQuery);
}

type Rules = Pick<ScoreSettingsView, "rules" | "halfLifeDays">;

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
const INTERESTS = { reply: "Replies", click: "Follows a link", booking: "Books a call" };

/** The rules of the score: edited, shown as what they would do, and only then applied. */
export function ScoringPage() {
  const { data: settings } = useSuspenseQuery({
    ...rulesQuery,
    refetchInterval: ({ state }) => (state.data?.run && !state.data.run.finishedAt ? 1_000 : false),
  });
  const queries = useQueryClient();
  const whyNot = useWhyNot("workspace:write");
  const [draft, setDraft] = useState<Rules>();
  const [preview, setPreview] = useState<ScorePreviewView>();
  const { rules, halfLifeDays } = draft ?? settings;
  const look = useMutation({ ...api.leads.scoreRules.preview.mutationOptions(), onSuccess: setPreview });
  const put = useMutation({
    ...api.leads.scoreRules.put.mutationOptions(),
    onSuccess: (next) => {
      queries.setQueryData(rulesQuery.queryKey, next);
      setDraft(undefined);
      setPreview(undefined);
    },
  });
  const change = (next: Partial<Rules>) => {
    setDraft({ rules: [...rules], halfLifeDays, ...next });
    setPreview(undefined);
  };
  const set = (place: number, rule: ScoreRule) =>
    change({ rules: rules.map((one, at) => (at === place ? rule : one)) });
  const error = look.error ?? put.error;
  const { run } = settings;
  return (
    <SettingsPage
      title="Lead score"
      context={`From 0 to 100: cold, warm from ${WARM_FROM}, hot from ${HOT_FROM}. Points for what a lead is stay; points for what it does halve.`}
    >
      {run && !run.finishedAt ? (
        <Progress label="Scoring all leads by the new rules" value={run.done} total={run.total} />
      ) : null}
      <Card title="Rules" description="All that apply are added up. Points for what a lead is may be taken away, too.">
        <ul className="grid gap-2">
          {rules.map((rule, place) => (
            <li key={place} className="flex flex-wrap items-center gap-2 rounded-md border p-2">
              <RuleFields rule={rule} place={place} onChange={(next) => set(place, next)} />
              <IconButton
                icon={X}
                size="sm"
                label={`Leave out rule ${place + 1}`}
                disabledReason={whyNot}
                onClick={() => change({ rules: rules.filter((_one, at) => at !== place) })}
              />
            </li>
          ))}
        </ul>
        <div className="flex flex-wrap gap-2 pt-3">
          {KINDS.map(({ value, label }) => (
            <Button
              key={value}
              size="sm"
              icon={Plus}
              disabledReason={whyNot ?? (rules.length >= 50 ? "At most 50 rules" : null)}
              onClick={() => change({ rules: [...rules, FRESH[value]] })}
            >
              {label}
            </Button>
          ))}
        </div>
      </Card>
      <Card title="Half-life" description="After so many days, what a lead did counts half.">
        <div className="w-32">
          <Input
            label="Half-life in days"
            inputMode="numeric"
            suffix="days"
            value={String(halfLifeDays)}
            onChange={(text) => change({ halfLifeDays: Number(text.replace(/\D/g, "")) })}
          />
        </div>
      </Card>
      {error ? (
        <Banner tone="danger">
          {[problemOf(error).title, ...(problemOf(error).errors ?? []).map(({ detail }) => detail)].join(" · ")}
        </Banner>
      ) : null}
      {preview ? <Preview preview={preview} /> : null}
      <div className="flex flex-wrap justify-end gap-2">
        {draft ? <Button onClick={() => setDraft(undefined)}>Discard</Button> : null}
        <Button
          variant={preview ? "secondary" : "primary"}
          disabledReason={draft ? null : "Nothing is changed"}
          loading={look.isPending}
          onClick={() => look.mutate({ rules: [...rules], halfLifeDays })}
        >
          Preview
        </Button>
        <Button
          variant={preview ? "primary" : "secondary"}
          disabledReason={whyNot ?? (preview ? null : "Look at the preview first")}
          loading={put.isPending}
          onClick={() => put.mutate({ rules: [...rules], halfLifeDays })}
        >
          Apply to all leads
        </Button>
      </div>
    </SettingsPage>
  );
}

type RuleProps = { rule: ScoreRule; place: number; onChange: (rule: ScoreRule) => void };

function RuleFields({ rule, place, onChange }: RuleProps) {
  const n = place + 1;
  return (
    <>
      {rule.kind === "field" ? (
        <>
          <Select
            label={`Field of rule ${n}`}
            className="sm:w-36"
            value={rule.field}
            options={SCORE_FIELDS.map((value) => ({ value, label: fieldName(value) }))}
            onChange={(field) => onChange({ ...rule, field })}
          />
          <Select
            label={`Test of rule ${n}`}
            className="sm:w-28"
            value={rule.test}
            options={SCORE_TESTS.map((value) => ({ value, label: testWords[value] }))}
            onChange={(test) => onChange({ ...rule, test, value: test === "isSet" ? "" : rule.value })}
          />
          {rule.test === "isSet" ? (
            <span className="grow" />
          ) : (
            <Text label={`Words of rule ${n}`} value={rule.value} onChange={(value) => onChange({ ...rule, value })} />
          )}
        </>
      ) : null}
      {rule.kind === "tag" ? (
        <>
          <span className="text-sm">Tag</span>
          <Text label={`Tag of rule ${n}`} value={rule.tag} onChange={(tag) => onChange({ ...rule, tag })} />
        </>
      ) : null}
      {rule.kind === "source" ? (
        <>
          <Select
            label={`Source of rule ${n}`}
            className="sm:w-40"
            value={rule.source}
            options={LEAD_SOURCES.map((value) => ({ value, label: sourceWords[value] }))}
            onChange={(source) => onChange({ ...rule, source })}
          />
          <Text
            label={`Form or file of rule ${n}`}
            placeholder="any form"
            value={rule.label}
            onChange={(label) => onChange({ ...rule, label })}
          />
        </>
      ) : null}
      {rule.kind === "interest" ? (
        <>
          <Select
            label={`Deed of rule ${n}`}
            className="sm:w-40"
            value={rule.interest}
            options={INTEREST_KINDS.map((value) => ({ value, label: INTERESTS[value] }))}
            onChange={(interest) => onChange({ ...rule, interest })}
          />
          <span className="grow" />
          <Points
            label={`Together at most, rule ${n}`}
            suffix="at most"
            value={rule.atMost}
            onChange={(atMost) => onChange({ ...rule, atMost })}
          />
        </>
      ) : null}
      <Points
        label={`Points of rule ${n}`}
        suffix="points"
        value={rule.points}
        onChange={(points) => onChange({ ...rule, points })}
      />
    </>
  );
}

type TextProps = { label: string; value: string; placeholder?: string; onChange: (text: string) => void };

const Text = (props: TextProps) => (
  <div className="min-w-24 grow basis-24">
    <Input {...props} maxLength={200} />
  </div>
);

type PointsProps = { label: string; suffix: string; value: number; onChange: (points: number) => void };

/** A minus by itself is being typed, not yet a number. */
function Points({ label, suffix, value, onChange }: PointsProps) {
  const [text, setText] = useState(String(value));
  const type = (typed: string) => {
    setText(typed);
    if (/^-?\d{1,3}$/.test(typed)) onChange(Number(typed));
  };
  return (
    <div className="w-28">
      <Input label={label} inputMode="text" suffix={suffix} value={text} onChange={type} />
    </div>
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
