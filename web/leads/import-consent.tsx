import type { ImportView } from "#domains/leads/contract.ts";
import { CONSENT_BASES, CONSENT_CHANNELS } from "#domains/leads/sets.ts";
import { basisWords } from "#web/leads/words.ts";
import { channelLook } from "#web/ui/channel-icon.tsx";
import { Checkbox } from "#web/ui/choices.tsx";
import { Field } from "#web/ui/field.tsx";
import { Input } from "#web/ui/input.tsx";
import { Select } from "#web/ui/select.tsx";

type Consent = NonNullable<ImportView["options"]["consent"]>;

export type ImportConsentProps = {
  consent: Consent | undefined;
  onChange: (consent: Consent | undefined) => void;
};

/** Whether the file is the proof that its people may be written to, and of what. */
export function ImportConsent({ consent, onChange }: ImportConsentProps) {
  const isGiven = consent !== undefined;
  const set = (change: Partial<Consent>) => consent && onChange({ ...consent, ...change });
  const toggle = (channel: Consent["channels"][number], on: boolean) => {
    const channels = CONSENT_CHANNELS.filter((one) => (one === channel ? on : consent?.channels.includes(one)));
    if (channels.length > 0) set({ channels });
  };
  return (
    <div className="grid gap-4">
      <Checkbox
        value={isGiven}
        onChange={(on) => onChange(on ? { basis: "CONSENT", channels: ["EMAIL"], source: "" } : undefined)}
        label="Everybody in this file agreed to be written to"
        hint="Recorded for each person with the file and line as the proof. Who took it back stays left out."
      />
      {consent ? (
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <Field label="Basis">
            {(control) => (
              <Select
                {...control}
                value={consent.basis}
                onChange={(basis) => set({ basis })}
                options={CONSENT_BASES.map((value) => ({ value, label: basisWords[value] }))}
              />
            )}
          </Field>
          <Field label="Where it comes from" hint="The form, fair or contract.">
            {(control) => (
              <Input {...control} value={consent.source} onChange={(source) => set({ source })} maxLength={300} />
            )}
          </Field>
          <div role="group" aria-label="For which channels" className="flex flex-wrap gap-4 sm:col-span-2">
            {CONSENT_CHANNELS.map((channel) => (
              <Checkbox
                key={channel}
                value={consent.channels.includes(channel)}
                onChange={(on) => toggle(channel, on)}
                label={channelLook[channel].name}
              />
            ))}
          </div>
        </div>
      ) : null}
    </div>
  );
}
