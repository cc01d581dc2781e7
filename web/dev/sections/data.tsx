import { useState } from "react";
import { Specimen, Specimens } from "#web/dev/sections/specimen.tsx";
import { Avatar } from "#web/ui/avatar.tsx";
import { Badge, StatusPill, TONES } from "#web/ui/badge.tsx";
import { Chart } from "#web/ui/chart.tsx";
import { ChannelIcon } from "#web/ui/channel-icon.tsx";
import { readClock } from "#web/ui/clock.ts";
import { CodeBlock } from "#web/ui/code-block.tsx";
import { FilterChips, type FilterValues } from "#web/ui/filter-chips.tsx";
import { rowCountOf } from "#web/ui/format.ts";
import { NumberText } from "#web/ui/number-text.tsx";
import { Property, PropertyList } from "#web/ui/property-list.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { Stat, StatRow } from "#web/ui/stat.tsx";
import { Timeline } from "#web/ui/timeline.tsx";

const WEEKS = [
  { week: "2 Mar", sent: 1240, delivered: 1198, replied: 84 },
  { week: "9 Mar", sent: 1312, delivered: 1275, replied: 97 },
  { week: "16 Mar", sent: 1105, delivered: 1080, replied: 122 },
  { week: "23 Mar", sent: 1490, delivered: 1451, replied: 178 },
  { week: "30 Mar", sent: 1522, delivered: 1489, replied: 191 },
  { week: "6 Apr", sent: 1601, delivered: 1570, replied: 204 },
];

const STEPS = [
  { step: "Entered", people: 2400 },
  { step: "E-mail 1", people: 2310 },
  { step: "SMS 2", people: 1740 },
  { step: "Call 3", people: 980 },
  { step: "Booked", people: 214 },
];

export function DataSection() {
  return (
    <Specimens>
      <Specimen title="Figures" wide>
        <StatRow>
          <Stat
            label="Sent this week"
            value={<NumberText value={12_048} />}
            change={{ direction: "up", words: "+12% on last week", tone: "positive" }}
          />
          <Stat
            label="Delivered"
            value={<NumberText kind="share" value={0.981} />}
            change={{ direction: "same", words: "as last week" }}
          />
          <Stat
            label="Bounced"
            value={<NumberText kind="share" value={0.0134} />}
            change={{ direction: "up", words: "+0.4 points", tone: "danger" }}
          />
          <Stat label="Time to reply" value={<NumberText kind="duration" value={11_100} />} />
        </StatRow>
      </Specimen>
      <Specimen title="Lines">
        <Chart
          kind="line"
          sentence="Replies doubled in five weeks while the number of messages grew by a third."
          points={WEEKS}
          x="week"
          series={[
            { key: "sent", name: "Sent" },
            { key: "replied", name: "Replied" },
          ]}
        />
      </Specimen>
      <Specimen title="Bars">
        <Chart
          kind="bar"
          sentence="Most people are lost between the SMS and the call."
          points={STEPS}
          x="step"
          series={[{ key: "people", name: "People" }]}
        />
      </Specimen>
      <SmallThings />
      <Filters />
      <ExampleTimeline />
      <Facts />
      <Specimen title="Code">
        <CodeBlock label="DNS record">
          {'mail._domainkey.example.com.  3600  IN  TXT  "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEB"'}
        </CodeBlock>
        <CodeBlock label="Answer" wrap>
          {JSON.stringify({ data: [{ id: "lead_01k8p3v6w2f7x", status: "NEW" }], next_cursor: null }, null, 2)}
        </CodeBlock>
      </Specimen>
    </Specimens>
  );
}

function SmallThings() {
  const now = readClock().getTime();
  return (
    <Specimen title="Words and marks">
      <div className="flex flex-wrap gap-2">
        {TONES.map((tone) => (
          <Badge key={tone} tone={tone}>
            {tone}
          </Badge>
        ))}
      </div>
      <div className="flex flex-wrap gap-4">
        {TONES.map((tone) => (
          <StatusPill key={tone} tone={tone}>
            {tone}
          </StatusPill>
        ))}
      </div>
      <div className="flex flex-wrap items-center gap-4">
        <Avatar name="Ana Banerjee" size="sm" />
        <Avatar name="Ana Banerjee" />
        <Avatar name="Ana Banerjee" size="lg" />
        <ChannelIcon channel="CALL" named />
        <ChannelIcon channel="SMS" named />
        <ChannelIcon channel="EMAIL" named />
      </div>
      <div className="flex flex-wrap gap-4">
        <RelativeTime at={new Date(now)} />
        <RelativeTime at={new Date(now - 300_000)} />
        <RelativeTime at={new Date(now + 10_800_000)} zone="Asia/Kolkata" />
        <RelativeTime at={new Date(now - 40 * 86_400_000)} />
      </div>
      <div className="flex flex-wrap gap-4">
        <NumberText value={1_204_300} />
        <NumberText kind="money" value={123_456} currency="EUR" />
        <NumberText kind="money" value={123_456} currency="JPY" />
        <NumberText value={null} />
        <span>{rowCountOf({ value: 1_204_300, exact: false }, { one: "lead", other: "leads" })}</span>
      </div>
    </Specimen>
  );
}

function Filters() {
  const [values, setValues] = useState<FilterValues>({ status: ["NEW", "LOST"], company: ["studio"] });
  return (
    <Specimen title="Filters" about="Kept in the URL by the page.">
      <FilterChips
        filters={[
          {
            id: "status",
            label: "Status",
            kind: "choice",
            options: [
              { value: "NEW", label: "New" },
              { value: "CONTACTED", label: "Contacted" },
              { value: "LOST", label: "Lost" },
            ],
          },
          { id: "company", label: "Company", kind: "text" },
          { id: "owner", label: "Owner", kind: "choice", single: true, options: [{ value: "me", label: "Me" }] },
        ]}
        values={values}
        onChange={(change) => setValues((now) => ({ ...now, ...change }))}
      />
    </Specimen>
  );
}

function ExampleTimeline() {
  const now = readClock().getTime();
  const before = (hours: number) => new Date(now - hours * 3_600_000).toISOString();
  return (
    <Specimen title="Timeline">
      <Timeline
        label="Example timeline"
        entries={[
          {
            id: "a",
            at: before(1),
            icon: <ChannelIcon channel="SMS" />,
            who: "Ana Banerjee",
            what: "replied “Thursday works”",
            detail: "Thursday works, thank you!",
          },
          {
            id: "b",
            at: before(4),
            icon: <ChannelIcon channel="SMS" />,
            who: "Spring webinar",
            what: "sent step 2",
            outcome: <StatusPill tone="positive">Delivered</StatusPill>,
          },
          {
            id: "c",
            at: before(30),
            icon: <ChannelIcon channel="EMAIL" />,
            who: "AI",
            what: "drafted an answer about prices that is too long for one line",
            outcome: <Badge tone="info">Draft</Badge>,
          },
          {
            id: "d",
            at: before(80),
            icon: <ChannelIcon channel="CALL" />,
            who: "Odile Moreau",
            what: "called",
            outcome: <StatusPill tone="warning">No answer</StatusPill>,
          },
        ]}
      />
    </Specimen>
  );
}

function Facts() {
  const [company, setCompany] = useState("Northlight Studio");
  const [status, setStatus] = useState("NEW");
  return (
    <Specimen title="Properties" about="Edited in place, saved when the field is left, undone from the message.">
      <PropertyList label="Example properties">
        <Property
          label="Company"
          value={company}
          onSave={async (value) => setCompany(value)}
          source="From CSV import, 2 March 2026"
        />
        <Property
          label="Status"
          value={status}
          options={[
            { value: "NEW", label: "New" },
            { value: "LOST", label: "Lost" },
          ]}
          onSave={async (value) => setStatus(value)}
        />
        <Property label="Notes" kind="lines" value="" onSave={async () => {}} />
        <Property label="Always refused" value="old" onSave={() => Promise.reject(new TypeError("Failed to fetch"))} />
        <Property label="Time zone" value="Europe/Berlin" source="From the phone number" />
      </PropertyList>
    </Specimen>
  );
}
