import { useQuery } from "@tanstack/react-query";
import type { TrackingDomainView } from "#domains/messaging/contract.ts";
import { settingsSchema } from "#domains/accounts/settings.ts";
import type { SectionProps, Settings } from "#web/accounts/workspace-sections.tsx";
import { api } from "#web/api.ts";
import { problemOf } from "#web/problem.ts";
import { StatusPill } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { useRecordForm } from "#web/shell/record-form.ts";
import { Card } from "#web/ui/card.tsx";
import { Checkbox } from "#web/ui/choices.tsx";
import { CodeBlock } from "#web/ui/code-block.tsx";
import { Form, FormActions, FormField, FormValue, useSchemaForm } from "#web/ui/form.tsx";
import { Input } from "#web/ui/input.tsx";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";

const schema = settingsSchema.pick({ trackClicks: true, trackOpens: true, trackingHost: true });

const trackingOf = ({ trackClicks, trackOpens, trackingHost }: Settings) => ({ trackClicks, trackOpens, trackingHost });

/** Whether opens and clicks are noted, and on whose host the links are. */
export function TrackingSection({ settings, whyNot, onSave }: SectionProps) {
  const form = useSchemaForm(schema, trackingOf(settings));
  const base = useRecordForm(form, settings, trackingOf);
  return (
    <Card
      title="Opens and clicks"
      description="Links of messages lead over this server, and mails carry an invisible picture. What machines do is kept apart. Links to unsubscribe are never touched."
    >
      <div className="grid gap-4">
        <Form form={form} onSubmit={(values) => onSave(values, base)}>
          <fieldset disabled={whyNot !== null} className="grid min-w-0 gap-4">
            <FormValue form={form} name="trackClicks">
              {(control) => (
                <Checkbox
                  {...control}
                  label="Note clicks"
                  hint="On links of e-mails and, made short, of text messages."
                />
              )}
            </FormValue>
            <FormValue form={form} name="trackOpens">
              {(control) => (
                <Checkbox
                  {...control}
                  label="Note opens"
                  hint="Of e-mails whose pictures are loaded. Several countries want people to be told, or asked."
                />
              )}
            </FormValue>
            <FormField
              form={form}
              name="trackingHost"
              label="Host of the links"
              optional
              hint="A name under your own domain: mailboxes trust links that are of the sender's house. Without one, links are on this server's address."
            >
              {(control) => <Input {...control} placeholder="go.example.com" autoComplete="off" inputMode="url" />}
            </FormField>
          </fieldset>
          <FormActions form={form} action="Save tracking" disabledReason={whyNot} />
        </Form>
        {settings.trackingHost === "" ? null : <DomainCheck host={settings.trackingHost} />}
      </div>
    </Card>
  );
}

const LOOKS = {
  points: { label: "Points here", tone: "positive" },
  elsewhere: { label: "Points elsewhere", tone: "danger" },
  missing: { label: "Not found", tone: "warning" },
  unknown: { label: "Not known", tone: "warning" },
  none: { label: "None", tone: "neutral" },
} as const satisfies Record<TrackingDomainView["state"], { label: string; tone: string }>;

/** The record to publish, and whether it is there. */
function DomainCheck({ host }: { host: string }) {
  const { data, error, refetch, isFetching } = useQuery({
    ...api.messaging.tracking.domain.queryOptions(),
    // Another host is another question, though the operation asks for none.
    queryKey: [...api.messaging.tracking.domain.key(), host],
  });
  return (
    <section aria-label="DNS record" className="grid gap-2 border-t pt-4 text-sm">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="font-medium">DNS record</h3>
        {data ? <StatusPill tone={LOOKS[data.state].tone}>{LOOKS[data.state].label}</StatusPill> : null}
        <Button size="sm" className="ml-auto" loading={isFetching} onClick={() => void refetch()}>
          Look again
        </Button>
      </div>
      {data ? (
        <>
          <p className="text-ink-muted">{data.detail}</p>
          {data.state === "points" ? null : (
            <>
              <CodeBlock label="DNS record" wrap>{`${data.host}.  CNAME  ${data.target}.`}</CodeBlock>
              <p className="text-ink-muted">
                Publish it where your domain is kept, and let the certificate of your proxy cover the name too.
              </p>
            </>
          )}
        </>
      ) : error ? (
        <InlineError problem={problemOf(error)} onRetry={() => void refetch()} />
      ) : (
        <SkeletonText lines={2} />
      )}
    </section>
  );
}
