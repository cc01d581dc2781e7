import { clsx } from "clsx";
import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import type { Channel } from "#domains/messaging/channels.ts";
import { api } from "#web/api.ts";
import { GateChecks, Tries } from "#web/messaging/gate-checks.tsx";
import { readChecks } from "#web/messaging/verdict.ts";
import { decisionOf, stepInWords, whenInZone, type ExplainedStep } from "#web/outreach/enrollment-words.ts";
import { problemOf } from "#web/problem.ts";
import { useMay } from "#web/shell/viewer.tsx";
import { StatusPill } from "#web/ui/badge.tsx";
import { ChannelIcon, channelLook } from "#web/ui/channel-icon.tsx";
import { useNow } from "#web/ui/clock.ts";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";

type Step = ExplainedStep & {
  executionId: string | null;
  /** Of the sequence: the one that it was planned by. */
  version: number | null;
  stepOrder: number;
  channel: Channel;
  scriptName: string | null;
  dueAt: string | null;
  scheduledAt: string | null;
  executedAt: string | null;
  attempt: { provider: string | null; tries: unknown; result: string | null } | null;
  message: {
    id: string;
    status: string;
    failure: string | null;
    openedAt: string | null;
    clickedAt: string | null;
    scriptVersion: number | null;
  } | null;
};

export type ExplainedStepsProps = {
  steps: readonly Step[];
  /** The execution that was asked about. */
  touch: string | undefined;
  zone: string | undefined;
  hasEnded: boolean;
};

/** Every step of a run, each with what happened and, opened, all that it rests on. */
export function ExplainedSteps({ steps, touch, zone, hasEnded }: ExplainedStepsProps) {
  return (
    <section aria-label="Steps" className="grid gap-2">
      <h3 className="text-sm font-medium">Steps</h3>
      <ol className="grid grid-cols-[minmax(0,1fr)] gap-2">
        {steps.map((step, index) => (
          <StepLine
            // Asked about another touch, the panel opens that one.
            key={`${step.stepOrder} ${step.executionId !== null && step.executionId === touch}`}
            step={step}
            position={index + 1}
            startsOpen={step.executionId !== null && step.executionId === touch}
            zone={zone}
            hasEnded={hasEnded}
          />
        ))}
      </ol>
    </section>
  );
}

type StepLineProps = {
  step: Step;
  position: number;
  startsOpen: boolean;
  zone: string | undefined;
  hasEnded: boolean;
};

function StepLine({ step, position, startsOpen, zone, hasEnded }: StepLineProps) {
  const [isOpen, setIsOpen] = useState(startsOpen);
  const { label, tone, rule } = stepInWords(step);
  const isReached = step.executionId !== null;
  const when = step.executedAt ?? step.scheduledAt;
  return (
    <li className={clsx("rounded-lg border", startsOpen && "border-accent")}>
      <button
        type="button"
        aria-expanded={isOpen}
        disabled={!isReached}
        onClick={() => setIsOpen(!isOpen)}
        className="grid w-full gap-1 rounded-lg px-3 py-2 text-left text-sm not-disabled:hover:bg-hover"
      >
        <span className="flex min-w-0 items-center gap-2">
          <ChannelIcon channel={step.channel} />
          <span className="min-w-0 grow truncate font-medium">
            {position}. {step.scriptName ?? `${channelLook[step.channel].name} without a script`}
          </span>
          <StatusPill tone={tone}>{step.status === null && hasEnded ? "Never reached" : label}</StatusPill>
          {isReached ? (
            <ChevronRight
              className={clsx("icon text-ink-subtle transition-transform", isOpen && "rotate-90")}
              aria-hidden
            />
          ) : null}
        </span>
        {rule || when ? (
          <span className="block text-xs break-words text-ink-muted">
            {rule ? <span className="inline-block first-letter:uppercase">{rule}</span> : null}
            {rule && when ? " · " : null}
            {when ? <RelativeTime at={when} zone={zone} /> : null}
          </span>
        ) : null}
      </button>
      {isOpen && isReached ? <Evidence step={step} zone={zone} /> : null}
    </li>
  );
}

/** What one touch rests on: its times, the deciding rule, its words, the tries and every question of the gate. */
function Evidence({ step, zone }: { step: Step; zone: string | undefined }) {
  const now = useNow();
  const decision = decisionOf(step.verdict);
  const times = [
    ["Due after its wait", step.dueAt],
    ["Planned for", step.executedAt ? null : step.scheduledAt],
    ["Done", step.executedAt],
    ["Opened", step.message?.openedAt ?? null],
    ["Clicked", step.message?.clickedAt ?? null],
  ] as const;
  return (
    <div className="grid animate-fade grid-cols-[minmax(0,1fr)] gap-4 border-t px-3 py-3">
      <dl className="grid gap-1 text-xs text-ink-muted">
        {times.map(([name, at]) =>
          at ? (
            <div key={name} className="flex flex-wrap gap-x-2">
              <dt>{name}:</dt>
              <dd className="tabular-nums">{zone ? whenInZone(at, now, zone) : <RelativeTime at={at} />}</dd>
            </div>
          ) : null,
        )}
        {step.version === null ? null : (
          <div className="flex flex-wrap gap-x-2">
            <dt>Planned by:</dt>
            <dd>version {step.version} of the sequence</dd>
          </div>
        )}
        {decision ? (
          <div className="flex flex-wrap gap-x-2">
            <dt>Decided by:</dt>
            <dd>{decision.question}</dd>
          </div>
        ) : null}
        {step.message?.scriptVersion ? (
          <div className="flex flex-wrap gap-x-2">
            <dt>Written as:</dt>
            <dd>
              {step.scriptName}, version {step.message.scriptVersion}
            </dd>
          </div>
        ) : null}
        {step.attempt?.provider ? (
          <div className="flex flex-wrap gap-x-2">
            <dt>Through:</dt>
            <dd>{step.attempt.provider}</dd>
          </div>
        ) : null}
      </dl>
      {step.message ? <Words messageId={step.message.id} /> : null}
      <Tries stored={step.attempt?.tries} />
      {readChecks(step.verdict) ? (
        <GateChecks stored={step.verdict} />
      ) : (
        <p className="text-sm text-ink-muted">
          {step.executedAt ? "The gate was not asked." : "The gate is asked when it is due."}
        </p>
      )}
    </div>
  );
}

/** The message itself, for whoever may read messages. */
function Words({ messageId }: { messageId: string }) {
  const may = useMay()("messages:read");
  const { data, error, refetch } = useQuery({
    ...api.messaging.messages.get.queryOptions({ input: { messageId } }),
    enabled: may,
  });
  if (!may) return null;
  return (
    <section className="grid grid-cols-[minmax(0,1fr)] gap-2 text-sm">
      <h3 className="font-medium">{data?.subject ?? "Message"}</h3>
      {data ? (
        <p className="rounded-lg border bg-sunken p-3 wrap-anywhere whitespace-pre-wrap">
          {data.text || "This message has no text."}
        </p>
      ) : error ? (
        <InlineError problem={problemOf(error)} onRetry={() => void refetch()} />
      ) : (
        <SkeletonText lines={3} />
      )}
    </section>
  );
}
