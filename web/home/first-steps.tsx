import { windowInWords } from "#web/home/window-words.ts";
import { clsx } from "clsx";
import type { LinkProps } from "@tanstack/react-router";
import { Check } from "lucide-react";
import type { Channel } from "#domains/messaging/channels.ts";
import type { SendWindow } from "#domains/messaging/window.ts";
import type { OutreachOverview } from "#domains/outreach/contract/overview.ts";
import type { Permission } from "#platform/permissions.ts";
import { useMay } from "#web/shell/viewer.tsx";
import { LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";

export type Step = {
  title: string;
  why: string;
  isDone: boolean;
  action: string;
  to: LinkProps["to"];
  permission: Permission;
};

/** The way of a new workspace to its first answer; empty while it is not known how far it has come. */
export function stepsOf(
  setup: OutreachOverview["setup"] | undefined,
  messaging: { hasReceived: boolean } | undefined,
  channels: readonly { channel: Channel; via: string }[] | undefined,
  place: { timeZone: string; sendWindow: SendWindow; isChecked: boolean } | undefined,
): Step[] {
  if (!setup || !messaging || !channels || !place) return [];
  const steps: Step[] = [
    {
      title: "Set your time zone and sending hours",
      why: `The workspace's clock is that of ${place.timeZone}. Touches go out in the sending hours alone: ${windowInWords(place.sendWindow)}.`,
      // Whoever has started a sequence was told the hours on the way.
      isDone: place.isChecked || setup.hasStartedSequence,
      action: "Open settings",
      to: "/settings/workspace",
      permission: "workspace:write",
    },
    {
      title: "Import leads",
      why: "A CSV file of any shape, or one lead by hand.",
      isDone: setup.hasLeads,
      action: "Import leads",
      to: "/leads/import",
      permission: "leads:import",
    },
    {
      title: "Write a script",
      why: "What an e-mail, a text or a call says. E-mails also need your postal address: Settings, Workspace.",
      isDone: setup.hasScripts,
      action: "Write script",
      to: "/scripts",
      permission: "outreach:write",
    },
    {
      title: "Start a sequence",
      why: "Steps that follow each other until somebody answers.",
      isDone: setup.hasStartedSequence,
      action: "Open sequences",
      to: "/sequences",
      permission: "outreach:write",
    },
  ];
  // Where every channel has a vendor, answers come from people.
  if (!channels.some(({ via }) => via === "sandbox")) return steps;
  const sandbox: Step = {
    title: "Answer in the sandbox",
    why: "Be the lead: read what arrived and write back. The sequence stops for that lead.",
    isDone: messaging.hasReceived,
    action: "Open sandbox",
    to: "/sandbox",
    permission: "sandbox:use",
  };
  return [...steps, sandbox];
}

/** What a new workspace does first, ticked as it is done. */
export function FirstSteps({ steps, className }: { steps: readonly Step[]; className: string }) {
  const may = useMay();
  const next = steps.findIndex(({ isDone }) => !isDone);
  const done = steps.filter(({ isDone }) => isDone).length;
  return (
    <Card title="First steps" description={`${done} of ${steps.length} done`} flush className={className}>
      <ol>
        {steps.map(({ title, why, isDone, action, to, permission }, index) => (
          <li key={title} className="flex items-center gap-3 border-t px-4 py-3">
            <span
              className={clsx(
                "flex size-6 shrink-0 items-center justify-center self-start rounded-full text-xs font-medium tabular-nums",
                isDone
                  ? "bg-positive-soft text-positive-ink"
                  : index === next
                    ? "bg-accent text-on-accent"
                    : "border text-ink-muted",
              )}
            >
              {isDone ? <Check className="icon size-3.5 stroke-2" aria-hidden /> : index + 1}
            </span>
            <div className="grid min-w-0 grow">
              <span className={clsx("text-base", isDone ? "text-ink-muted" : "font-medium")}>
                {title}
                {isDone ? <span className="sr-only">, done</span> : null}
              </span>
              {isDone ? null : <span className="text-sm text-ink-muted">{why}</span>}
            </div>
            {isDone || !may(permission) ? null : (
              <LinkButton to={to} size="sm" variant={index === next ? "primary" : "secondary"}>
                {action}
              </LinkButton>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}
