import { lazy, Suspense } from "react";
import { formatNumber } from "#web/ui/format.ts";
import { Skeleton } from "#web/ui/skeleton.tsx";

/** One line or set of bars: which value of each point, and its name as it stands at the line's end. */
export type Series<Point> = { key: keyof Point & string; name: string };

export type ChartProps<Point extends Record<string, string | number | null>> = {
  /** `stack`: bars of parts that make a whole; the parts are named beside them with their sums. */
  kind: "line" | "bar" | "area" | "stack";
  /** What the chart shows, as a sentence a person would say: "Replies doubled in the second week." */
  sentence: string;
  points: readonly Point[];
  /** The value of each point along the bottom. */
  x: keyof Point & string;
  /** At most four; more belong in a table. */
  series: readonly Series<Point>[];
  /** How values are written; thousands separators unless given. */
  format?: (value: number) => string;
  height?: number;
};

const Canvas = lazy(() => import("#web/ui/chart-canvas.tsx").then((module) => ({ default: module.ChartCanvas })));

/** A sentence, the chart with its names at the lines, and the numbers as a table for whoever wants them. */
export function Chart<Point extends Record<string, string | number | null>>(props: ChartProps<Point>) {
  const { kind, sentence, points, x, series, format = formatNumber, height = 220 } = props;
  return (
    <figure className="grid min-w-0 gap-3">
      <figcaption className="max-w-prose text-base">{sentence}</figcaption>
      <div className="flex min-w-0 gap-x-4 gap-y-2 max-sm:flex-col" aria-hidden>
        <div className="min-w-0 grow" style={{ height }}>
          <Suspense fallback={<Skeleton className="size-full" />}>
            <Canvas kind={kind} points={points} x={x} series={series} format={format} />
          </Suspense>
        </div>
        {kind === "stack" ? <Parts points={points} series={series} format={format} /> : null}
      </div>
      <details className="text-sm">
        <summary className="w-fit cursor-pointer rounded-md text-ink-muted hover:text-ink">Numbers</summary>
        <div className="scroll-quiet max-h-60 overflow-auto pt-2" tabIndex={0} role="region" aria-label={sentence}>
          <table className="w-full text-sm tabular-nums">
            <thead>
              <tr className="text-left text-xs text-ink-subtle">
                <th className="py-1 pr-4 font-medium first-letter:uppercase">{x}</th>
                {series.map((one) => (
                  <th key={one.key} className="py-1 pr-4 text-right font-medium">
                    {one.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {points.map((point) => (
                <tr key={String(point[x])} className="border-t">
                  <th className="py-1 pr-4 text-left font-normal">{point[x]}</th>
                  {series.map((one) => (
                    <td key={one.key} className="py-1 pr-4 text-right">
                      {valueWords(point[one.key], format)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

type PartsProps<Point> = Pick<ChartProps<Point & Record<string, string | number | null>>, "points" | "format"> & {
  series: readonly Series<Point>[];
};

/** The parts of a stack in its order from the top, each with what it comes to over all points. */
function Parts<Point extends Record<string, string | number | null>>({
  points,
  series,
  format = formatNumber,
}: PartsProps<Point>) {
  return (
    <ul className="flex shrink-0 gap-x-4 gap-y-2 text-sm max-sm:flex-wrap sm:w-28 sm:flex-col-reverse sm:justify-end sm:pb-8">
      {series.map((one, index) => (
        <li key={one.key} className="flex items-baseline gap-2">
          <span className="size-2 shrink-0 rounded-full" style={{ background: `var(--chart-${index + 1})` }} />
          <span className="text-ink-muted">{one.name}</span>
          <span className="ml-auto tabular-nums">{format(sumOf(points, one.key))}</span>
        </li>
      ))}
    </ul>
  );
}

function sumOf<Point extends Record<string, string | number | null>>(
  points: readonly Point[],
  key: keyof Point & string,
): number {
  return points.reduce((sum, point) => {
    const value = point[key];
    return typeof value === "number" ? sum + value : sum;
  }, 0);
}

function valueWords(value: string | number | null | undefined, format: (value: number) => string): string {
  return typeof value === "number" ? format(value) : (value ?? "–");
}
