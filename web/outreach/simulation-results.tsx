import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { SimulationDetail, SimulationResult } from "#domains/outreach/contract/simulations.ts";
import { leadQuery } from "#web/leads/lead-query.ts";
import { leadName, leadNoun } from "#web/leads/words.ts";
import { dayName } from "#web/outreach/calendar-days.ts";
import { plainDetail } from "#web/outreach/enrollment-words.ts";
import { Banner } from "#web/ui/banner.tsx";
import { channelLook } from "#web/ui/channel-icon.tsx";
import { Chart } from "#web/ui/chart.tsx";
import { clockTime, countOf, dayKey, formatNumber, longDay, shortDate, zoneName } from "#web/ui/format.ts";
import { NumberText } from "#web/ui/number-text.tsx";
import { useZone } from "#web/ui/relative-time.tsx";
import { Stat, StatRow } from "#web/ui/stat.tsx";

const touchNoun = { one: "touch", other: "touches" };

/** What came out of a simulation: when and how many, who not and why, and what the busiest hour asks for. */
export function SimulationResults({ simulation, result }: { simulation: SimulationDetail; result: SimulationResult }) {
  const zone = useZone();
  const { enrolled, touches, answers, neverTouched, ended, underWay, refusals, violations } = result;
  return (
    <>
      {violations.length > 0 ? (
        <Banner tone="danger">
          <p className="font-medium">
            Rules were broken. This is a fault of Throughline: please report it with the seed.
          </p>
          {violations.map((violation) => (
            <p key={violation}>{violation}</p>
          ))}
        </Banner>
      ) : null}
      <StatRow>
        <Stat label="Came in" value={<NumberText value={enrolled} />} />
        <Stat label="Touches" value={<NumberText value={touches} />} />
        <Stat label="Answered" value={<NumberText value={answers.replies + answers.callsAnswered} />} />
        <Stat label="Opted out" value={<NumberText value={answers.optOuts} />} />
        <Stat label="Never touched" value={<NumberText value={neverTouched.count} />} />
      </StatRow>
      {result.byDay.length > 0 ? (
        <Section title="Touches by day">
          <Chart
            kind="stack"
            sentence={sentenceOf(result, simulation.days)}
            points={daysOf(simulation, result, zone)}
            x="date"
            series={(["EMAIL", "SMS", "CALL"] as const).map((key) => ({ key, name: channelLook[key].name }))}
          />
        </Section>
      ) : null}
      <Section title="Load and cost">
        <Facts result={result} />
      </Section>
      <Section title="Steps">
        <Steps steps={result.steps} />
      </Section>
      <Section title="Who missed a touch, and why">
        {result.missed.length === 0 ? (
          <p className="text-sm text-ink-muted">Nobody: every touch that came due went out.</p>
        ) : (
          <ul className="grid rounded-lg border">
            {result.missed.map((one) => (
              <Missed key={`${one.stepOrder} ${one.channel} ${one.reason}`} {...one} />
            ))}
          </ul>
        )}
      </Section>
      <Section title="Who got nothing at all">
        {neverTouched.count === 0 ? (
          <p className="text-sm text-ink-muted">Nobody: whoever came in was written to or called at least once.</p>
        ) : (
          <div className="grid gap-2">
            <Reasons groups={neverTouched.reasons} />
            <Names leadIds={neverTouched.leadIds} count={neverTouched.count} />
          </div>
        )}
      </Section>
      <Section title="How it ended">
        <Reasons
          groups={[
            ...ended,
            ...(underWay > 0 ? [{ reason: "still under way", count: underWay }] : []),
            ...refusals.map(({ reason, count }) => ({ reason: `did not come in: ${reason}`, count })),
          ]}
        />
      </Section>
    </>
  );
}

const DAY_MS = 86_400_000;

/** Every day of the simulation, those on which nothing went out too. */
function daysOf({ startAt, days }: SimulationDetail, { byDay }: SimulationResult, zone: string) {
  const noon = Date.parse(`${dayKey(new Date(startAt), zone)}T12:00:00Z`);
  return Array.from({ length: days }, (_, place) => {
    const at = new Date(noon + place * DAY_MS);
    const found = byDay.find(({ date }) => date === dayKey(at, "UTC"));
    return { EMAIL: 0, SMS: 0, CALL: 0, ...found, date: shortDate(at, at, "UTC") };
  });
}

function sentenceOf({ touches, byDay }: SimulationResult, days: number): string {
  const totals = byDay.map(({ date, EMAIL, SMS, CALL }) => ({ date, count: EMAIL + SMS + CALL }));
  const most = totals.reduce((one, other) => (other.count > one.count ? other : one), { date: "", count: 0 });
  return `${countOf(touches, touchNoun)} in ${countOf(days, { one: "day", other: "days" })}, most of them on ${dayName(most.date)}: ${formatNumber(most.count)}.`;
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <h2 className="text-lg font-semibold">{title}</h2>
      {children}
    </section>
  );
}

function Facts({
  result: { busiestMinute, busiestHour, otherTouches, costMicros, answers },
}: {
  result: SimulationResult;
}) {
  const zone = useZone();
  const peak = (found: SimulationResult["busiestHour"]) =>
    found
      ? `${formatNumber(found.count)}, ${longDay(new Date(found.at), zone)}, ${clockTime(new Date(found.at), zone)} (${zoneName(zone)})`
      : "none";
  const rows = [
    ["Busiest minute", peak(busiestMinute)],
    ["Busiest hour", peak(busiestHour)],
    ["Touches by other sequences", formatNumber(otherTouches)],
    ["Mails opened, clicked", `${formatNumber(answers.opens)}, ${formatNumber(answers.clicks)}`],
    ["Addresses that bounced", formatNumber(answers.bounces)],
    [
      "Cost",
      costMicros === null ? "unknown: your vendors' prices are not known here" : formatNumber(costMicros / 1_000_000),
    ],
  ] as const;
  return (
    <dl className="grid rounded-lg border text-sm">
      {rows.map(([label, value]) => (
        <div key={label} className="flex flex-wrap justify-between gap-x-4 px-3 py-2 not-first:border-t">
          <dt className="text-ink-muted">{label}</dt>
          <dd className="tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Steps({ steps }: { steps: SimulationResult["steps"] }) {
  const heads = ["Went out", "Left out", "Failed", "Waiting"];
  return (
    <div className="relative overflow-x-auto rounded-lg border" tabIndex={0} role="region" aria-label="Steps">
      <table className="w-full text-sm tabular-nums">
        <thead>
          <tr className="text-left text-xs text-ink-subtle">
            <th className="px-3 py-2 font-medium">Step</th>
            {heads.map((head) => (
              <th key={head} className="px-3 py-2 text-right font-medium">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map(({ stepOrder, channel, sent, skipped, failed, waiting }) => (
            <tr key={stepOrder} className="border-t">
              <th className="px-3 py-2 text-left font-normal">{stepInWords(stepOrder, channel)}</th>
              {[sent, skipped, failed, waiting].map((count, place) => (
                <td key={heads[place]} className="px-3 py-2 text-right">
                  {formatNumber(count)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const stepInWords = (stepOrder: number, channel: keyof typeof channelLook) =>
  `${stepOrder + 1}. ${channelLook[channel].name}`;

function Missed({ stepOrder, channel, reason, count, leadIds }: SimulationResult["missed"][number]) {
  return (
    <li className="grid gap-1 px-3 py-2 text-sm not-first:border-t">
      <p className="flex gap-2">
        <span className="w-12 shrink-0 text-right font-medium tabular-nums">{formatNumber(count)}</span>
        <span className="min-w-0 wrap-anywhere">{`${stepInWords(stepOrder, channel)}: ${plainDetail(reason)}`}</span>
      </p>
      <Names leadIds={leadIds} count={count} />
    </li>
  );
}

function Reasons({ groups }: { groups: readonly { reason: string; count: number }[] }) {
  if (groups.length === 0) return <p className="text-sm text-ink-muted">Nobody came in.</p>;
  return (
    <ul className="grid rounded-lg border">
      {groups.map(({ reason, count }) => (
        <li key={reason} className="flex gap-2 px-3 py-2 text-sm not-first:border-t">
          <span className="w-12 shrink-0 text-right font-medium tabular-nums">{formatNumber(count)}</span>
          <span className="min-w-0 wrap-anywhere">{plainDetail(reason)}</span>
        </li>
      ))}
    </ul>
  );
}

const NAMED = 5;

function Names({ leadIds, count }: { leadIds: readonly string[]; count: number }) {
  if (leadIds.length === 0) return null;
  const named = leadIds.slice(0, NAMED);
  return (
    <p className="flex flex-wrap gap-x-2 pl-14 text-xs text-ink-muted">
      {named.map((leadId) => (
        <LeadLink key={leadId} leadId={leadId} />
      ))}
      {count > named.length ? <span>{`and ${countOf(count - named.length, leadNoun)} more`}</span> : null}
    </p>
  );
}

function LeadLink({ leadId }: { leadId: string }) {
  const lead = useQuery(leadQuery(leadId)).data;
  if (!lead) return null;
  return (
    <Link to="/leads/$leadId" params={{ leadId }} className="rounded-md underline-offset-4 hover:underline">
      {leadName(lead)}
    </Link>
  );
}
