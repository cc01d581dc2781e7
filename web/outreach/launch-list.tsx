import { Link } from "@tanstack/react-router";
import { clsx } from "clsx";
import { ChevronDown, CircleAlert, CircleCheck, CircleDashed } from "lucide-react";
import { Suspense, useState } from "react";
import type { LaunchPointView, SequenceDetail } from "#domains/outreach/contract/sequences.ts";
import { SequenceLeadCheck } from "#web/outreach/sequence-lead-check.tsx";
import { underWay } from "#web/outreach/words.ts";
import type { Problem } from "#web/problem.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button } from "#web/ui/button.tsx";
import { useNow } from "#web/ui/clock.ts";
import { late } from "#web/ui/late.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";

const CheckLeadsDialog = late(() =>
  import("#web/outreach/check-leads-dialog.tsx").then((module) => module.CheckLeadsDialog),
);

export type LaunchListProps = {
  sequence: SequenceDetail;
  /** Undefined while it is not asked or not known. */
  points: readonly LaunchPointView[] | undefined;
  /** The server's refusal of the last act. */
  problem: Problem | undefined;
};

/** Everything a sequence needs before it may run, done or not, and why the last act was refused. */
export function LaunchList({ sequence, points, problem }: LaunchListProps) {
  if (!points && !problem) return null;
  return (
    <div className="grid shrink-0 gap-2 px-4 pb-3 sm:px-6">
      {problem ? (
        <Banner tone="danger">
          <p className="font-medium">{problem.title}</p>
          {problem.errors?.length ? (
            <ul>
              {problem.errors.map(({ pointer, detail }) => (
                <li key={`${pointer} ${detail}`}>{detail}</li>
              ))}
            </ul>
          ) : (
            <p>{problem.detail}</p>
          )}
        </Banner>
      ) : null}
      {points ? <Points sequence={sequence} points={points} /> : null}
    </div>
  );
}

function Points({ sequence, points }: { sequence: SequenceDetail; points: readonly LaunchPointView[] }) {
  const undone = points.filter(({ isDone }) => !isDone).length;
  const blocked = points.some(({ isDone, required }) => required && !isDone);
  const [wish, setWish] = useState<boolean>();
  const [isChecking, setIsChecking] = useState(false);
  const whyNotCheck = useWhyNot("leads:read");
  const { id: sequenceId, name, status, enrolled, steps } = sequence;
  const inside = underWay(enrolled);
  // Whoever has nothing left to do sees one line, until they ask.
  const isOpen = wish ?? (undone > 0 || inside > 0);
  const goesOn = status === "PAUSED";
  const title = blocked
    ? goesOn
      ? "Before it can go on"
      : "Before it can start"
    : goesOn
      ? "Ready to go on"
      : "Ready to start";
  return (
    <section aria-label={title} className="rounded-lg border bg-sunken text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setWish(!isOpen)}
          className="flex min-w-0 grow basis-40 items-center gap-2 rounded-md text-left"
        >
          <ChevronDown className={clsx("icon text-ink-muted", !isOpen && "-rotate-90")} aria-hidden />
          <span className="font-medium">{title}</span>
          <span className="text-ink-muted tabular-nums">{`${points.length - undone} of ${points.length} done`}</span>
        </button>
        <Button size="sm" disabledReason={whyNotCheck} onClick={() => setIsChecking(true)}>
          Check leads
        </Button>
      </div>
      {isOpen ? (
        <div
          role="group"
          aria-label="What it needs"
          // Scrolled with the keyboard too, when there is nothing in it to press.
          tabIndex={0}
          className="scroll-quiet relative grid max-h-60 gap-3 overflow-y-auto border-t px-3 py-3 focus-visible:-outline-offset-2 max-sm:max-h-44"
        >
          <ul className="grid grid-cols-[minmax(0,1fr)] gap-x-6 gap-y-2 sm:grid-cols-2 xl:grid-cols-3">
            {points
              .toSorted((a, b) => Number(a.isDone) - Number(b.isDone))
              .map((point) => (
                <Point key={`${point.code} ${point.channel}`} point={point} />
              ))}
          </ul>
          {inside > 0 ? (
            <SequenceLeadCheck
              sequenceId={sequenceId}
              whom={{ inside: true }}
              basis={steps.map(({ scriptId, isActive }) => `${scriptId} ${isActive}`).join()}
            />
          ) : null}
        </div>
      ) : null}
      <Suspense>
        {isChecking ? <CheckLeadsDialog of={{ sequenceId }} name={name} onClose={() => setIsChecking(false)} /> : null}
      </Suspense>
    </section>
  );
}

type Place = "/settings/integrations" | "/settings/senders" | "/settings/workspace";

/** Where each point is put right, outside of this page. */
const PLACES: Partial<Record<LaunchPointView["code"], { to: Place; label: string }>> = {
  channel: { to: "/settings/integrations", label: "Open integrations" },
  senders: { to: "/settings/senders", label: "Open senders" },
  window: { to: "/settings/workspace", label: "Open settings" },
  sender: { to: "/settings/workspace", label: "Open settings" },
};

function Point({ point }: { point: LaunchPointView }) {
  const { code, isDone, required, title, details, opensAt } = point;
  const place = PLACES[code];
  const Icon = isDone ? CircleCheck : required ? CircleAlert : CircleDashed;
  return (
    <li className="flex min-w-0 items-start gap-2">
      <Icon
        className={clsx(
          "icon mt-0.5",
          isDone ? "text-positive-ink" : required ? "text-danger-ink" : "text-warning-ink",
        )}
        aria-hidden
      />
      <div className="min-w-0 wrap-anywhere">
        <p>
          <span className="font-medium">{title}</span>
          <span className="sr-only">{isDone ? ", done" : ", to do"}</span>
        </p>
        {details.map((detail) => (
          <p key={detail} className="text-ink-muted">
            {detail}
          </p>
        ))}
        {isDone && opensAt ? <Opening at={opensAt} /> : null}
        {!isDone && place ? (
          <Link to={place.to} className="rounded-md text-accent-ink underline underline-offset-4">
            {place.label}
          </Link>
        ) : null}
      </div>
    </li>
  );
}

function Opening({ at }: { at: string }) {
  const now = useNow();
  // The server answers with its own instant when it is open; the page's clock is up to a minute behind it.
  if (new Date(at).getTime() <= now.getTime() + 60_000)
    return <p className="text-ink-muted">Open now, on the workspace's clock</p>;
  return (
    <p className="text-ink-muted">
      Opens <RelativeTime at={at} />
    </p>
  );
}
