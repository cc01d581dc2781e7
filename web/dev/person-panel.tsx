import { useQueryClient } from "@tanstack/react-query";
import { statusLook } from "#web/dev/person-words.ts";
import { changePerson, STATUSES, type Person } from "#web/dev/sample.ts";
import { SidePanel } from "#web/shell/side-panel.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { NumberText } from "#web/ui/number-text.tsx";
import { Property, PropertyList } from "#web/ui/property-list.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";

/** What is known of a person, edited in place; the same in the panel and on the page. */
export function PersonProperties({ person }: { person: Person }) {
  const queries = useQueryClient();
  const save = (change: Partial<Person>) =>
    changePerson(person.id, change).then(() => queries.invalidateQueries({ queryKey: ["people"] }));
  const statuses = STATUSES.map((value) => ({ value, label: statusLook[value].label }));
  return (
    <PropertyList label="Properties">
      <Property
        label="Status"
        value={person.status}
        options={statuses}
        onSave={(value) => save({ status: STATUSES.find((status) => status === value) })}
      />
      <Property
        label="E-mail"
        kind="email"
        value={person.email}
        source="From CSV import, 2 March 2026"
        onSave={(email) => save({ email })}
      />
      <Property label="Phone" kind="tel" value={person.phone} onSave={(phone) => save({ phone })} />
      <Property label="Company" value={person.company} onSave={(company) => save({ company })} />
      <Property label="Last touch" value={person.last_touch_at}>
        <RelativeTime at={person.last_touch_at} zone={person.time_zone} />
      </Property>
      <Property label="Value" value={String(person.value)}>
        <NumberText kind="money" currency="USD" value={person.value || null} />
      </Property>
      <Property label="Time zone" value={person.time_zone} source="From the phone number" />
    </PropertyList>
  );
}

/** A person beside the list. */
export function PersonPanel({ person, onClose }: { person: Person; onClose: () => void }) {
  return (
    <SidePanel
      title={person.name}
      onClose={onClose}
      actions={
        <LinkButton size="sm" variant="ghost" to="/dev/ui/list/$personId" params={{ personId: person.id }}>
          Open page
        </LinkButton>
      }
    >
      <PersonProperties person={person} />
    </SidePanel>
  );
}
