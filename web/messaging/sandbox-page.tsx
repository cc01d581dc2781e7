import { useQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { FlaskConical } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import { CHANNELS } from "#domains/messaging/channels.ts";
import { api } from "#web/api.ts";
import { leadName } from "#web/leads/words.ts";
import { CallsPane } from "#web/messaging/calls-pane.tsx";
import { deliveriesQuery, deviceInUse, useDeliveries } from "#web/messaging/deliveries.ts";
import { MailboxPane } from "#web/messaging/mailbox-pane.tsx";
import { PhonePane } from "#web/messaging/phone-pane.tsx";
import type { SandboxSearch, SandboxTab } from "#web/messaging/search.ts";
import { mayLoad } from "#web/session.ts";
import { plainDetail } from "#web/outreach/enrollment-words.ts";
import { Page } from "#web/shell/page.tsx";
import { Permitted } from "#web/shell/permitted.tsx";
import { useMay } from "#web/shell/viewer.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { channelLook } from "#web/ui/channel-icon.tsx";
import { formatNumber } from "#web/ui/format.ts";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { Tabs } from "#web/ui/tabs.tsx";

// Loader

export function load(queries: QueryClient) {
  if (!mayLoad(queries, "sandbox:use")) return;
  for (const channel of CHANNELS) void queries.prefetchInfiniteQuery(deliveriesQuery(channel));
}

// Page

const route = getRouteApi("/frame/sandbox");

export function SandboxPage() {
  return (
    <Permitted permission="sandbox:use" title="Sandbox">
      <Devices />
    </Permitted>
  );
}

function Devices() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const isWide = useIsWide();
  const texts = useDeliveries("SMS");
  const mails = useDeliveries("EMAIL");
  const calls = useDeliveries("CALL");
  const change = (next: SandboxSearch) => void navigate({ search: (now) => ({ ...now, ...next }), replace: true });

  // Chosen once: what arrives later takes nobody to another device.
  const [first, setFirst] = useState<SandboxTab>();
  const isReady = [texts, mails, calls].every(({ state }) => state === "ready");
  const inUse = isReady ? deviceInUse({ phone: texts.rows, mailbox: mails.rows, calls: calls.rows }) : undefined;
  if (!first && inUse) setFirst(inUse);

  const isEmpty = [texts, mails, calls].every(({ state, rows }) => state === "ready" && rows.length === 0);
  const phone = <PhonePane source={texts} number={search.number} onNumber={(number) => change({ number })} />;
  const mailbox = (
    <MailboxPane source={mails} mailId={search.mail} onMail={(mail) => change({ mail })} isWide={isWide} />
  );
  const log = <CallsPane source={calls} callId={search.call} onCall={(call) => change({ call })} />;

  return (
    <Page title="Sandbox" context="What channels without a real vendor send, and the way to answer it." fill>
      {isEmpty ? (
        <div className="relative grow overflow-y-auto border-t">
          <EmptyState
            icon={FlaskConical}
            title="Nothing has been sent yet"
            action={
              <LinkButton variant="primary" to="/leads">
                Open leads
              </LinkButton>
            }
          >
            <FirstDue />
          </EmptyState>
        </div>
      ) : isWide ? (
        <div className="grid min-h-0 grow grid-cols-[20rem_minmax(0,1fr)_20rem] gap-4 px-6 pb-6">
          {phone}
          {mailbox}
          {log}
        </div>
      ) : (
        <Tabs
          label="Devices"
          value={search.tab ?? first ?? "phone"}
          onChange={(tab) => change({ tab })}
          className="min-w-0 grow px-4 pb-4 sm:px-6"
          tabs={[
            { value: "phone", label: "Phone", content: phone },
            { value: "mailbox", label: "Mailbox", content: mailbox },
            { value: "calls", label: "Calls", content: log },
          ]}
        />
      )}
    </Page>
  );
}

/** What will arrive here first, and when; without anything planned, how something comes to be. */
function FirstDue() {
  const maySee = useMay()("outreach:read");
  const { data, isPending } = useQuery({ ...api.outreach.overview.get.queryOptions(), enabled: maySee });
  const [first] = data?.due ?? [];
  if (maySee && isPending) return null;
  if (!first)
    return "Enrol a lead in a sequence. Over channels that have no real vendor yet, its texts, mails and calls arrive here instead, and you answer them yourself.";
  const { count, isMore } = data?.nextDay ?? { count: 0, isMore: false };
  return (
    <>
      <p>
        {`${channelLook[first.channel].name} to ${leadName(first)} arrives here `}
        <RelativeTime at={first.scheduledAt} />
        {`: ${plainDetail(first.waiting.reason)}.`}
      </p>
      {count > 1 ? <p>{`${isMore ? "More than " : ""}${formatNumber(count)} touches are due within a day.`}</p> : null}
    </>
  );
}

const wide = typeof matchMedia === "undefined" ? undefined : matchMedia("(min-width: 80rem)");

function subscribe(listener: () => void) {
  wide?.addEventListener("change", listener);
  return () => wide?.removeEventListener("change", listener);
}

/** Whether the three devices fit beside each other. */
function useIsWide(): boolean {
  return useSyncExternalStore(subscribe, () => wide?.matches ?? true);
}
