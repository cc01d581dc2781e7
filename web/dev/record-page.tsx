import { queryOptions, useSuspenseQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { CalendarCheck, PhoneCall, StickyNote } from "lucide-react";
import { useState } from "react";
import { PersonProperties } from "#web/dev/person-panel.tsx";
import { statusLook } from "#web/dev/person-words.ts";
import { getPerson, type Person } from "#web/dev/sample.ts";
import { Page, RecordLayout } from "#web/shell/page.tsx";
import { Avatar } from "#web/ui/avatar.tsx";
import { Badge, StatusPill } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { ChannelIcon } from "#web/ui/channel-icon.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { Tabs } from "#web/ui/tabs.tsx";
import { Timeline, type TimelineEntry } from "#web/ui/timeline.tsx";

// Queries

const personQuery = (id: string) => queryOptions({ queryKey: ["people", "one", id], queryFn: () => getPerson(id) });

// Fields

const HOUR = 3_600_000;

function entriesOf(person: Person): TimelineEntry[] {
  const end = new Date(person.last_touch_at).getTime();
  const before = (hours: number) => new Date(end - hours * HOUR).toISOString();
  return [
    {
      id: "1",
      at: before(0),
      icon: <ChannelIcon channel="SMS" />,
      who: person.name,
      what: "replied “Yes, Thursday works”",
      outcome: <Badge tone="positive">Positive</Badge>,
      detail: "Yes, Thursday works. Can you send me the link again?",
    },
    {
      id: "2",
      at: before(3),
      icon: <ChannelIcon channel="SMS" />,
      who: "Spring webinar",
      what: "sent step 2, “Quick question”",
      outcome: <StatusPill tone="positive">Delivered</StatusPill>,
      detail: `Hi ${person.name.split(" ")[0]}, would Thursday at 10:00 suit you for a short call?`,
    },
    {
      id: "3",
      at: before(27),
      icon: <ChannelIcon channel="EMAIL" />,
      who: "Spring webinar",
      what: "sent step 1, “Your seat is saved”",
      outcome: <StatusPill tone="positive">Opened</StatusPill>,
      detail: "Your seat is saved. The recording will be in this mailbox an hour after we end.",
    },
    {
      id: "4",
      at: before(30),
      icon: <ChannelIcon channel="CALL" />,
      who: "Spring webinar",
      what: "held back a call: outside of 08:00 to 21:00",
      outcome: <StatusPill tone="warning">Withheld</StatusPill>,
      why: (
        <Button size="sm" variant="ghost">
          Why?
        </Button>
      ),
    },
    {
      id: "5",
      at: before(52),
      icon: <StickyNote className="icon" />,
      who: "Odile Moreau",
      what: "imported 312 people from a file",
    },
  ];
}

// Loader

/** Awaited: a record's page is drawn once its record is there, so nothing below tests for missing data. */
export function load(queries: QueryClient, id: string) {
  return queries.ensureQueryData(personQuery(id));
}

// Page

const route = getRouteApi("/dev/dev/ui/list/$personId");
const VIEWS = ["timeline", "notes"] as const;

export function RecordPage() {
  const { personId } = route.useParams();
  const { data: person } = useSuspenseQuery(personQuery(personId));
  const [view, setView] = useState<(typeof VIEWS)[number]>("timeline");
  const { label, tone } = statusLook[person.status];
  return (
    <Page
      title={person.name}
      status={<StatusPill tone={tone}>{label}</StatusPill>}
      back={{ to: "/dev/ui/list", label: "People" }}
      fill
      action={
        <Button variant="primary" icon={PhoneCall}>
          Call
        </Button>
      }
      menu={[{ items: [{ label: "Book a meeting", icon: CalendarCheck, onSelect: () => {} }] }]}
    >
      <RecordLayout
        identity={
          <div className="grid gap-4">
            <div className="flex items-center gap-3">
              <Avatar name={person.name} size="lg" />
              <div className="grid min-w-0">
                <span className="truncate font-semibold">{person.name}</span>
                <span className="truncate text-sm text-ink-muted">{person.company}</span>
              </div>
            </div>
            <div className="flex flex-wrap gap-1">
              {person.tags.map((tag) => (
                <Badge key={tag}>{tag}</Badge>
              ))}
            </div>
            <div className="grid gap-1 text-sm">
              <p className="text-ink-muted">Next touch</p>
              <p>
                {person.next_touch_at ? (
                  <>
                    Step 3, call, <RelativeTime at={person.next_touch_at} />
                  </>
                ) : (
                  "None planned: they have replied"
                )}
              </p>
            </div>
          </div>
        }
        properties={<PersonProperties person={person} />}
      >
        <Tabs
          label="Views"
          value={view}
          onChange={setView}
          tabs={[
            {
              value: "timeline",
              label: "Timeline",
              content: <Timeline label="Timeline" entries={entriesOf(person)} />,
            },
            { value: "notes", label: "Notes", count: 0, content: <p className="text-ink-muted">No notes.</p> },
          ]}
        />
      </RecordLayout>
    </Page>
  );
}
