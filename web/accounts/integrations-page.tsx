import { useSuspenseQuery, type QueryClient } from "@tanstack/react-query";
import { Megaphone, Plug } from "lucide-react";
import { Suspense, useState } from "react";
import type { Integration, Vendor } from "#platform/integrations/contract.ts";
import { IntegrationCard } from "#web/accounts/integration-card.tsx";
import { SettingsPage } from "#web/accounts/settings-page.tsx";
import { pausesQuery, VendorPauses } from "#web/accounts/vendor-pauses.tsx";
import { api } from "#web/api.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { StatusPill, type Tone } from "#web/ui/badge.tsx";
import { Button } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { ChannelIcon } from "#web/ui/channel-icon.tsx";
import { late } from "#web/ui/late.tsx";

const ConnectDialog = late(() => import("#web/accounts/connect-dialog.tsx").then((module) => module.ConnectDialog));

const vendorsQuery = api.integrations.vendors.queryOptions({ staleTime: Infinity });
const integrationsQuery = api.integrations.list.queryOptions();

export function load(queries: QueryClient) {
  return Promise.all([
    queries.ensureQueryData(vendorsQuery),
    queries.ensureQueryData(integrationsQuery),
    queries.ensureQueryData(pausesQuery),
  ]);
}

const VIA: Record<"integration" | "sandbox" | "none", { tone: Tone; words: string }> = {
  integration: { tone: "positive", words: "Reaches people" },
  sandbox: { tone: "info", words: "Sandbox: reaches nobody" },
  none: { tone: "warning", words: "Nothing can be sent" },
};

type Editing = { vendor: Vendor; integration?: Integration };

/** What each channel sends through, the vendors that are connected, and those that can be. */
export function IntegrationsPage() {
  const { data: vendors } = useSuspenseQuery(vendorsQuery);
  const { data: integrations } = useSuspenseQuery(integrationsQuery);
  const [editing, setEditing] = useState<Editing>();
  const whyNot = useWhyNot("integrations:write");
  const vendorOf = (provider: string) => vendors.data.find((vendor) => vendor.provider === provider);
  const connected = new Set(integrations.data.map(({ provider }) => provider));
  const open = vendors.data.filter(({ provider }) => !connected.has(provider));
  return (
    <SettingsPage
      title="Integrations"
      context="The vendors that carry your calls, texts and e-mails, and bring your leads."
    >
      <VendorPauses />
      <Card title="Channels" description="Where messages go now." flush>
        <ul>
          {integrations.channels.map(({ channel, via, integrationId }) => (
            <li key={channel} className="flex items-center justify-between gap-4 border-t px-4 py-2">
              <ChannelIcon channel={channel} named />
              <StatusPill tone={VIA[via].tone}>
                {integrations.data.find(({ id }) => id === integrationId)?.label ?? VIA[via].words}
              </StatusPill>
            </li>
          ))}
        </ul>
      </Card>
      {integrations.data.map((integration) => {
        const vendor = vendorOf(integration.provider);
        return (
          <IntegrationCard
            key={integration.id}
            integration={integration}
            onEdit={vendor ? () => setEditing({ vendor, integration }) : undefined}
          />
        );
      })}
      {open.length > 0 ? (
        <Card title="Connect a vendor" description="A channel sends through the vendor that was connected last." flush>
          <ul>
            {open.map((vendor) => (
              <li key={vendor.provider} className="flex items-center gap-3 border-t px-4 py-2">
                {vendor.type === "LEADS" ? (
                  <Megaphone className="icon text-ink-muted" aria-hidden />
                ) : (
                  <ChannelIcon channel={vendor.type} />
                )}
                <span className="min-w-0 grow truncate">{vendor.label}</span>
                <Button size="sm" icon={Plug} disabledReason={whyNot} onClick={() => setEditing({ vendor })}>
                  Connect<span className="sr-only"> {vendor.label}</span>
                </Button>
              </li>
            ))}
          </ul>
        </Card>
      ) : null}
      <Suspense>{editing ? <ConnectDialog {...editing} onClose={() => setEditing(undefined)} /> : null}</Suspense>
    </SettingsPage>
  );
}
