import type { UseQueryResult } from "@tanstack/react-query";
import type { MessagingOverview } from "#domains/messaging/contract.ts";
import { PERIODS, type Period } from "#web/home/search.ts";
import { SectionBody } from "#web/home/section.tsx";
import { sentenceOf } from "#web/home/sends-words.ts";
import { Button } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Chart } from "#web/ui/chart.tsx";
import { useNow } from "#web/ui/clock.ts";
import { shortDate } from "#web/ui/format.ts";
import { Skeleton } from "#web/ui/skeleton.tsx";

const SERIES = [
  { key: "EMAIL", name: "E-mail" },
  { key: "SMS", name: "SMS" },
  { key: "CALL", name: "Call" },
] as const;

export type SendsProps = {
  messaging: UseQueryResult<MessagingOverview>;
  period: Period;
  onPeriod: (period: Period) => void;
  className: string;
};

/** How many messages went out each day, stacked by channel. */
export function Sends({ messaging, period, onPeriod, className }: SendsProps) {
  const now = useNow();
  return (
    <Card
      title="Sends over time"
      className={className}
      actions={
        <div role="group" aria-label="Period" className="flex gap-1">
          {PERIODS.map((days) => (
            <Button
              key={days}
              size="sm"
              variant={days === period ? "secondary" : "ghost"}
              aria-pressed={days === period}
              onClick={() => onPeriod(days)}
            >
              {days} days
            </Button>
          ))}
        </div>
      }
    >
      <SectionBody
        query={messaging}
        padded
        pending={
          <div className="grid gap-4">
            <Skeleton className="w-60" />
            <Skeleton className="h-55" />
          </div>
        }
      >
        {({ sends }) => (
          <Chart
            kind="stack"
            sentence={sentenceOf(sends)}
            // Days have no clock: noon of UTC is that day wherever it is written.
            points={sends.days.map(({ day, ...sent }) => ({
              day: shortDate(new Date(`${day}T12:00:00Z`), now, "UTC"),
              ...sent,
            }))}
            x="day"
            series={SERIES}
          />
        )}
      </SectionBody>
    </Card>
  );
}
