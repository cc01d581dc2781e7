import { formatDuration, formatMoney, formatNumber, formatShare } from "#web/ui/format.ts";

export type NumberTextProps =
  | { kind?: "number"; value: number | null | undefined }
  | { kind: "share"; value: number | null | undefined }
  | { kind: "duration"; value: number | null | undefined }
  | { kind: "money"; value: number | null | undefined; currency: string };

/**
 * A figure with equal-width digits, for columns. `share` is between 0 and 1, `duration` in seconds, `money` in minor
 * units. What is not known is a dash that says so, never a zero.
 */
export function NumberText(props: NumberTextProps) {
  if (props.value === null || props.value === undefined) return <NotKnown />;
  return <span className="tabular-nums">{words(props, props.value)}</span>;
}

function words(props: NumberTextProps, value: number): string {
  if (props.kind === "share") return formatShare(value);
  if (props.kind === "duration") return formatDuration(value);
  if (props.kind === "money") return formatMoney(value, props.currency);
  return formatNumber(value);
}

/** A dash for a value that is not there. */
export function NotKnown({ label = "none" }: { label?: string }) {
  return (
    <>
      <span aria-hidden className="text-ink-subtle">
        –
      </span>
      <span className="sr-only">{label}</span>
    </>
  );
}
