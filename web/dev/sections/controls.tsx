import { Bell, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import { Specimen, Specimens } from "#web/dev/sections/specimen.tsx";
import { ProblemError } from "#web/problem.ts";
import { Button, IconButton, LinkButton } from "#web/ui/button.tsx";
import { Checkbox, RadioGroup, Switch } from "#web/ui/choices.tsx";
import { Combobox } from "#web/ui/combobox.tsx";
import { Field } from "#web/ui/field.tsx";
import { Form, FormActions, FormField, FormValue, useSchemaForm } from "#web/ui/form.tsx";
import { Input, Textarea } from "#web/ui/input.tsx";
import { Kbd } from "#web/ui/kbd.tsx";
import { SearchBox } from "#web/ui/search-box.tsx";
import { Select } from "#web/ui/select.tsx";

const ZONES = [
  { value: "America/New_York", label: "New York" },
  { value: "Europe/Berlin", label: "Berlin" },
  { value: "Asia/Kolkata", label: "Kolkata" },
  { value: "Pacific/Auckland", label: "Auckland", hint: "13 hours ahead of you" },
];

const UNITS = [
  { value: "HOURS", label: "Hours" },
  { value: "DAYS", label: "Days", hint: "Keeps the hour of the day" },
  { value: "WEEKS", label: "Weeks" },
] as const;

export function ControlSection() {
  return (
    <Specimens>
      <Buttons />
      <Fields />
      <Choosing />
      <Choices />
      <ExampleForm />
    </Specimens>
  );
}

function Buttons() {
  return (
    <Specimen title="Buttons" about="A verb each. What cannot be pressed stays and says why.">
      <div className="flex flex-wrap items-center gap-2">
        <Button variant="primary">Start sequence</Button>
        <Button>Edit</Button>
        <Button variant="ghost">Cancel</Button>
        <Button variant="danger" icon={Trash2}>
          Delete
        </Button>
        <LinkButton to="/dev/ui/list">Open list</LinkButton>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Button size="sm" variant="primary" icon={Plus}>
          Add step
        </Button>
        <Button size="sm" icon={Pencil}>
          Rename
        </Button>
        <Button loading variant="primary">
          Saving
        </Button>
        <Button disabledReason="This sequence has no steps yet">Publish</Button>
        <Button variant="primary" disabledReason="Connect a sender first">
          Send
        </Button>
        <IconButton icon={Bell} label="Notifications" keys={["g", "n"]} />
        <IconButton icon={Trash2} label="Delete" variant="secondary" />
      </div>
      <div className="flex flex-wrap items-center gap-4">
        <Kbd keys={["mod", "k"]} />
        <Kbd keys={["shift", "enter"]} />
        <SearchBox label="Search the gallery" value="" onChange={() => {}} />
      </div>
    </Specimen>
  );
}

function Fields() {
  const [name, setName] = useState("Spring webinar");
  const [body, setBody] = useState("Hi {{ firstName }},\n\nyour seat is saved.");
  return (
    <Specimen title="Fields">
      <Field label="Name" hint="Only your team sees it.">
        {(control) => <Input {...control} value={name} onChange={setName} />}
      </Field>
      <Field label="Sender" error="This address is not verified. Publish the DNS record, then check again.">
        {(control) => <Input {...control} type="email" value="hello@example" onChange={() => {}} />}
      </Field>
      <div className="grid grid-cols-2 gap-4">
        <Field label="Budget" optional>
          {(control) => (
            <Input {...control} inputMode="decimal" value="" onChange={() => {}} prefix="$" placeholder="0.00" />
          )}
        </Field>
        <Field label="Daily limit">
          {(control) => (
            <Input {...control} inputMode="numeric" value="40" onChange={() => {}} suffix="a day" disabled />
          )}
        </Field>
      </div>
      <Field label="Message">{(control) => <Textarea {...control} value={body} onChange={setBody} rows={3} />}</Field>
    </Specimen>
  );
}

function Choosing() {
  const [unit, setUnit] = useState<(typeof UNITS)[number]["value"] | "">("");
  const [zone, setZone] = useState("Europe/Berlin");
  const [zones, setZones] = useState<readonly string[]>(["Europe/Berlin", "Asia/Kolkata"]);
  return (
    <Specimen title="Choosing">
      <Field label="Unit">{(control) => <Select {...control} value={unit} onChange={setUnit} options={UNITS} />}</Field>
      <Field label="Time zone">
        {(control) => <Combobox {...control} value={zone} onChange={setZone} options={ZONES} />}
      </Field>
      <Field label="Zones in which to send">
        {(control) => <Combobox {...control} multiple value={zones} onChange={setZones} options={ZONES} />}
      </Field>
      <Field label="Sender" error="Choose a sender.">
        {(control) => (
          <Select {...control} value="" onChange={() => {}} options={[]} placeholder="No senders" disabled />
        )}
      </Field>
    </Specimen>
  );
}

function Choices() {
  const [stop, setStop] = useState(true);
  const [on, setOn] = useState(true);
  const [entry, setEntry] = useState<"never" | "after" | "always" | "">("never");
  return (
    <Specimen title="Yes, no, one of">
      <Checkbox value={stop} onChange={setStop} label="Stop when they reply" hint="On any channel." />
      <Checkbox value="mixed" onChange={() => {}} label="Some of the leads" />
      <Checkbox value={false} onChange={() => {}} label="Not now" disabled />
      <Switch value={on} onChange={setOn} label="Track links" hint="Rewrites links to your own domain." />
      <Switch value={false} onChange={() => {}} label="Voice calls" disabled />
      <RadioGroup
        label="May someone enter again?"
        value={entry}
        onChange={setEntry}
        options={[
          { value: "never", label: "Never" },
          { value: "after", label: "After some days", hint: "Counted from the end of the last run." },
          { value: "always", label: "Always" },
        ]}
      />
    </Specimen>
  );
}

const campaignSchema = z.object({
  name: z.string().trim().min(1, "Give the campaign a name."),
  email: z.email("Write a whole address, such as ana@example.com."),
  unit: z.enum(["HOURS", "DAYS", "WEEKS"], "Choose a unit."),
  stop: z.boolean(),
});

// Refuses as the server would: one fault for a field that is shown, one for a value that is not.
async function refuse() {
  await new Promise((resolve) => setTimeout(resolve, 400));
  throw new ProblemError({
    type: "/problems/conflict",
    code: "conflict",
    status: 409,
    title: "This clashes with what is there",
    detail: "Another campaign uses this sender.",
    errors: [
      { pointer: "/email", detail: "taken@example.com already sends for “Autumn”." },
      { pointer: "/start_at", detail: "The start lies before today." },
    ],
    request_id: "req_01k8p3v6w2f7x",
  });
}

function ExampleForm() {
  const form = useSchemaForm(campaignSchema, { name: "", email: "taken@example.com", stop: true });
  return (
    <Specimen
      title="Form"
      about="Checks as the server does, keeps what was typed, puts each fault on its field and the rest above."
      wide
    >
      <Form form={form} onSubmit={refuse} guard={false} className="max-w-md">
        <FormField form={form} name="name" label="Name">
          {(control) => <Input {...control} placeholder="Spring webinar" />}
        </FormField>
        <FormField form={form} name="email" label="Sender" hint="Replies come back to it.">
          {(control) => <Input {...control} type="email" />}
        </FormField>
        <FormField form={form} name="unit" label="Unit">
          {(control) => <Select {...control} options={UNITS} />}
        </FormField>
        <FormValue form={form} name="stop">
          {(control) => <Checkbox {...control} label="Stop when they reply" />}
        </FormValue>
        <FormActions form={form} action="Create campaign" onCancel={() => form.reset()} />
      </Form>
    </Specimen>
  );
}
