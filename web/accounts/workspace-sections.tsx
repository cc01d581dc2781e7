import { useMutation, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { NAME_MAX } from "#domains/accounts/rules.ts";
import { settingsSchema, type SettingsInput } from "#domains/accounts/settings.ts";
import { countryOptions, zoneOptions } from "#web/accounts/places.ts";
import { api } from "#web/api.ts";
import { meQuery } from "#web/session.ts";
import { useRecordForm } from "#web/shell/record-form.ts";
import { saveOnto } from "#web/shell/save-onto.ts";
import { useViewer } from "#web/shell/viewer.tsx";
import { Card } from "#web/ui/card.tsx";
import { Combobox } from "#web/ui/combobox.tsx";
import { Form, FormActions, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input, Textarea } from "#web/ui/input.tsx";

export type Settings = SettingsInput & { updatedAt: string };

export type SectionProps = {
  settings: Settings;
  /** Why nothing here can be saved, or null. */
  whyNot: string | null;
  /** `base`: the settings that the changes began from. Throws the API's refusal. */
  onSave: (changes: Partial<SettingsInput>, base: Settings) => Promise<unknown>;
};

const nameSchema = z.object({
  name: z.string().trim().min(1, "Give it a name").max(NAME_MAX, `At most ${NAME_MAX} characters`),
});

const nameOf = ({ name }: { name: string }) => ({ name });

/** The name of the workspace, which is not one of its settings but stands with them. */
export function NameSection({ whyNot }: { whyNot: string | null }) {
  const { workspace } = useViewer();
  const queries = useQueryClient();
  const rename = useMutation(
    api.accounts.workspaces.rename.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: api.accounts.me.key() }),
    }),
  );
  const form = useSchemaForm(nameSchema, nameOf(workspace));
  const base = useRecordForm(form, workspace, nameOf);
  const read = async () => {
    const { workspaces } = await queries.fetchQuery({ ...meQuery, staleTime: 0 });
    return workspaces.find(({ id }) => id === workspace.id) ?? workspace;
  };
  const save = (patch: { name: string }) =>
    saveOnto({
      base,
      patch,
      fields: { name: { label: "Name" } },
      read,
      send: (_some, expectedUpdatedAt) => rename.mutateAsync({ ...patch, expectedUpdatedAt }),
    });
  return (
    <Card title="Name" description="As members and invited people see it.">
      <Form form={form} onSubmit={save}>
        <fieldset disabled={whyNot !== null} className="grid min-w-0 gap-4">
          <FormField form={form} name="name" label="Name of the workspace">
            {(control) => <Input {...control} maxLength={NAME_MAX} />}
          </FormField>
        </fieldset>
        <FormActions form={form} action="Save name" disabledReason={whyNot} />
      </Form>
    </Card>
  );
}

const placeSchema = settingsSchema.pick({ timeZone: true, country: true });
const countries = countryOptions();

const placeOf = ({ timeZone, country }: Settings) => ({ timeZone, country });

/** Where the workspace is: the zone of its times and the country of numbers without a prefix. */
export function PlaceSection({ settings, whyNot, onSave }: SectionProps) {
  const form = useSchemaForm(placeSchema, placeOf(settings));
  const base = useRecordForm(form, settings, placeOf);
  return (
    <Card
      title="Place"
      description="Times are shown in this zone. Phone numbers without a prefix are read in this country."
    >
      <Form form={form} onSubmit={(values) => onSave(values, base)}>
        <fieldset disabled={whyNot !== null} className="grid min-w-0 gap-4">
          <FormField form={form} name="timeZone" label="Time zone">
            {(control) => <Combobox {...control} options={zoneOptions(settings.timeZone)} />}
          </FormField>
          <FormField form={form} name="country" label="Country">
            {(control) => <Combobox {...control} options={countries} />}
          </FormField>
        </fieldset>
        <FormActions form={form} action="Save place" disabledReason={whyNot} />
      </Form>
    </Card>
  );
}

const senderSchema = settingsSchema.pick({ senderName: true, senderEmail: true, postalAddress: true });

const senderOf = ({ senderName, senderEmail, postalAddress }: Settings) => ({ senderName, senderEmail, postalAddress });

/** In whose name messages go out. */
export function SenderSection({ settings, whyNot, onSave }: SectionProps) {
  const form = useSchemaForm(senderSchema, senderOf(settings));
  const base = useRecordForm(form, settings, senderOf);
  return (
    <Card title="Sender" description="In whose name messages go out.">
      <Form form={form} onSubmit={(values) => onSave(values, base)}>
        <fieldset disabled={whyNot !== null} className="grid min-w-0 gap-4">
          <FormField form={form} name="senderName" label="Sender name" optional>
            {(control) => <Input {...control} maxLength={200} autoComplete="off" />}
          </FormField>
          <FormField form={form} name="senderEmail" label="Sender e-mail" optional>
            {(control) => <Input {...control} type="email" autoComplete="off" />}
          </FormField>
          <FormField
            form={form}
            name="postalAddress"
            label="Postal address"
            hint="Stands at the foot of e-mails, which do not go out without it: the law of many countries asks for it."
            optional
          >
            {(control) => <Textarea {...control} maxLength={500} />}
          </FormField>
        </fieldset>
        <FormActions form={form} action="Save sender" disabledReason={whyNot} />
      </Form>
    </Card>
  );
}
