import { countSegments } from "#domains/messaging/segments.ts";
import { countOf, formatNumber } from "#web/ui/format.ts";

/** The parts an SMS is sent in and paid for, and what makes it dearer. Variables count as they are written. */
export function SegmentCounter({ text }: { text: string }) {
  const { segments, remaining, encoding, offenders, units } = countSegments(text);
  return (
    <div className="grid gap-1 text-xs text-ink-subtle">
      <p className="tabular-nums">
        {countOf(segments, { one: "part", other: "parts" })} · {formatNumber(units)} characters used ·{" "}
        {formatNumber(remaining)} free in the last part · {encoding}
      </p>
      {offenders.length > 0 ? (
        <p className="text-warning-ink">
          {offenders.slice(0, 10).join(" ")} {offenders.length === 1 ? "is" : "are"} outside the plain SMS alphabet:
          each part holds 70 characters instead of 160.
        </p>
      ) : null}
      {/\{[{%]/.test(text) ? <p>Variables are counted as they are written; the preview counts what is sent.</p> : null}
    </div>
  );
}
