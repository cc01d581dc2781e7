import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  LabelList,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";

// Told apart by dash and direct label as well as by colour, for those who see few colours.
const DASHES = ["", "6 3", "2 3", "8 3 2 3"];

export type ChartCanvasProps = {
  kind: "line" | "bar" | "area" | "stack";
  points: readonly Record<string, string | number | null>[];
  x: string;
  series: readonly { key: string; name: string }[];
  format: (value: number) => string;
};

/** The drawing alone. Loaded with the first chart, since the library is as large as the rest of a page. */
export function ChartCanvas({ kind, points, x, series, format }: ChartCanvasProps) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const animation = { isAnimationActive: !still, animationDuration: 200 };
  // Names stand at the right of the last point; bars carry theirs in the tooltip and as numbers on top.
  const isBars = kind === "bar" || kind === "stack";
  const margin = { top: kind === "bar" ? 20 : 8, right: isBars ? 8 : 84, bottom: 0, left: 0 };
  const ticks = ticksOf(tallest(points, series, kind === "stack"));
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart data={[...points]} margin={margin} accessibilityLayer={false} barCategoryGap="24%" barGap={2}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey={x}
          tickLine={false}
          axisLine={{ stroke: "var(--line)" }}
          tick={TICK}
          interval="equidistantPreserveStart"
          minTickGap={24}
        />
        <YAxis
          tickLine={false}
          axisLine={false}
          tick={TICK}
          width={44}
          tickFormatter={(value: number) => format(value)}
          ticks={ticks}
          domain={[0, ticks.at(-1) ?? 1]}
        />
        <Tooltip
          cursor={isBars ? { fill: "var(--hover)" } : { stroke: "var(--control)" }}
          formatter={(value) => (typeof value === "number" ? format(value) : value)}
          contentStyle={TOOLTIP}
          itemStyle={{ color: "var(--ink)", padding: 0 }}
          labelStyle={{ color: "var(--ink-muted)" }}
          isAnimationActive={false}
        />
        {series.map((one, index) => {
          const color = `var(--chart-${index + 1})`;
          const shared = { dataKey: one.key, name: one.name, ...animation };
          if (kind === "stack") {
            const top = points.length > 40 ? 1 : 3;
            // A line of the ground between the parts, for those who see few colours.
            return (
              <Bar
                key={one.key}
                {...shared}
                stackId="whole"
                fill={color}
                stroke="var(--canvas)"
                strokeWidth={1}
                radius={index === series.length - 1 ? [top, top, 0, 0] : 0}
                maxBarSize={32}
              />
            );
          }
          if (kind === "bar") {
            return (
              <Bar key={one.key} {...shared} fill={color} radius={[3, 3, 0, 0]} maxBarSize={40}>
                {series.length === 1 ? (
                  <LabelList
                    dataKey={one.key}
                    position="top"
                    {...TICK}
                    formatter={(value) => numberWords(value, format)}
                  />
                ) : null}
              </Bar>
            );
          }
          const label = <EndLabel name={one.name} last={points.length - 1} color={color} />;
          const stroke = { stroke: color, strokeWidth: 2, strokeDasharray: DASHES[index], dot: false, label };
          return kind === "area" ? (
            <Area key={one.key} {...shared} {...stroke} type="linear" fill={color} fillOpacity={0.12} />
          ) : (
            <Line key={one.key} {...shared} {...stroke} type="linear" />
          );
        })}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

type Points = ChartCanvasProps["points"];

function tallest(points: Points, series: ChartCanvasProps["series"], isStack: boolean): number {
  const heights = points.map((point) => {
    const values = series.flatMap(({ key }) => {
      const value = point[key];
      return typeof value === "number" ? [value] : [];
    });
    return isStack ? values.reduce((sum, value) => sum + value, 0) : Math.max(0, ...values);
  });
  return Math.max(0, ...heights);
}

/** Two to six lines at round numbers, from 0 to the first one that nothing overtops; what is counted in wholes has no halves. */
export function ticksOf(most: number): number[] {
  if (most <= 0) return [0, 1];
  const rough = most / 4;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const round = ([1, 2, 5, 10].find((factor) => factor * unit >= rough) ?? 10) * unit;
  const step = Number.isInteger(most) ? Math.max(1, round) : round;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, place) => Number((place * step).toPrecision(12)));
}

const TICK = { fill: "var(--ink-subtle)", fontSize: 12 };

const TOOLTIP = {
  background: "var(--raised)",
  border: "none",
  borderRadius: 6,
  boxShadow: "var(--float)",
  fontSize: 12,
  padding: 8,
};

function numberWords(value: unknown, format: (value: number) => string): string {
  return typeof value === "number" ? format(value) : "";
}

type EndLabelProps = {
  name: string;
  last: number;
  color: string;
  index?: number;
  x?: number | string;
  y?: number | string;
};

/** The name of a line, written where the line ends. */
function EndLabel({ name, last, color, index, x, y }: EndLabelProps) {
  if (index !== last) return null;
  return (
    <text x={Number(x) + 8} y={Number(y)} dy={4} fill={color} fontSize={12} fontWeight={500}>
      {name}
    </text>
  );
}
