import type { FunnelView } from "#domains/outreach/contract/stats.ts";
import { NumberText } from "#web/ui/number-text.tsx";
import { Stat, StatRow } from "#web/ui/stat.tsx";

/** How far people came: everybody who entered, and what became of them. */
export function Funnel({ funnel: { entered, executed, responded, converted, dropped } }: { funnel: FunnelView }) {
  return (
    <StatRow>
      <Stat label="Entered" value={<NumberText value={entered} />} />
      <Stat label="Written to" value={<NumberText value={executed} />} />
      <Stat label="Answered" value={<NumberText value={responded} />} />
      <Stat label="Converted" value={<NumberText value={converted} />} />
      <Stat label="Left early" value={<NumberText value={dropped} />} />
    </StatRow>
  );
}
