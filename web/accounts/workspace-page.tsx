import { useMutation, useQueryClient, useSuspenseQuery, type QueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { SettingsPage } from "#web/accounts/settings-page.tsx";
import { ChannelDaysSection } from "#web/accounts/channel-days-section.tsx";
import { LIMIT_FIELDS, LimitsSection } from "#web/accounts/limits-section.tsx";
import { ConsentSection } from "#web/accounts/consent-section.tsx";
import { NameSection, PlaceSection, type SectionProps, SenderSection } from "#web/accounts/workspace-sections.tsx";
import { WindowSection } from "#web/accounts/window-section.tsx";
import { api, client } from "#web/api.ts";
import { settingsQuery } from "#web/session.ts";
import { problemOf } from "#web/problem.ts";
import { saveOnto } from "#web/shell/save-onto.ts";
import { useViewer, useWhyNot } from "#web/shell/viewer.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";

// At the foot of the page, out of sight when it is drawn.
const TrackingSection = lazy(() =>
  import("#web/accounts/tracking-section.tsx").then((module) => ({ default: module.TrackingSection })),
);

export function load(queries: QueryClient) {
  return queries.ensureQueryData(settingsQuery);
}

const SETTING_FIELDS = {
  timeZone: { label: "Time zone" },
  country: { label: "Country" },
  senderName: { label: "Sender name" },
  senderEmail: { label: "Sender e-mail" },
  postalAddress: { label: "Postal address" },
  sendWindow: { label: "Send window" },
  holidays: { label: "Holidays" },
  consentPolicy: { label: "Consent" },
  channelLimits: { label: "Limits of the day" },
  trackClicks: { label: "Note clicks" },
  trackOpens: { label: "Note opens" },
  trackingHost: { label: "Host of the links" },
  ...LIMIT_FIELDS,
};

/** What the workspace says once for all its leads. */
export function WorkspacePage() {
  const { data: settings } = useSuspenseQuery(settingsQuery);
  const queries = useQueryClient();
  const whyNot = useWhyNot("workspace:write");
  const update = useMutation(
    api.accounts.settings.update.mutationOptions({
      onSuccess: (saved) => queries.setQueryData(settingsQuery.queryKey, saved),
    }),
  );
  const section: SectionProps = {
    settings,
    whyNot,
    onSave: (patch, base) =>
      saveOnto({
        base,
        patch,
        fields: SETTING_FIELDS,
        read: () => queries.fetchQuery({ ...settingsQuery, staleTime: 0 }),
        send: (some, expectedUpdatedAt) => update.mutateAsync({ ...some, expectedUpdatedAt }),
      }),
  };
  return (
    <SettingsPage title="Workspace" context="What holds for every lead, script and sequence here.">
      {whyNot ? <Banner tone="info">You can look at these settings. {whyNot}.</Banner> : null}
      <NameSection whyNot={whyNot} />
      <PlaceSection {...section} />
      <SenderSection {...section} />
      <WindowSection {...section} />
      <LimitsSection {...section} />
      <ChannelDaysSection {...section} />
      <ConsentSection {...section} />
      <Suspense>
        <TrackingSection {...section} />
      </Suspense>
      <LeaveSection />
    </SettingsPage>
  );
}

function LeaveSection() {
  const { workspace } = useViewer();
  const [asking, setAsking] = useState(false);
  const leave = useMutation({
    mutationFn: () => client.accounts.workspaces.leave(),
    // A whole new page: nothing of this workspace stays on the screen.
    onSuccess: () => location.assign("/"),
  });
  return (
    <>
      <Card
        title="Leave this workspace"
        description="You lose access at once, and your API keys stop working. What you did stays."
        actions={
          <Button variant="danger" size="sm" onClick={() => setAsking(true)}>
            Leave
          </Button>
        }
      />
      <ConfirmDialog
        open={asking}
        onOpenChange={(open) => {
          leave.reset();
          setAsking(open);
        }}
        title={`Leave ${workspace.name}?`}
        consequences="Only a member who may invite can let you in again."
        action="Leave workspace"
        typeToConfirm="leave"
        loading={leave.isPending}
        error={leave.error ? (problemOf(leave.error).detail ?? problemOf(leave.error).title) : undefined}
        onConfirm={() => leave.mutate()}
      />
    </>
  );
}
