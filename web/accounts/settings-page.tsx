import { clsx } from "clsx";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Permission } from "#platform/permissions.ts";
import { Page, type PageProps } from "#web/shell/page.tsx";
import { useMay } from "#web/shell/viewer.tsx";
import { fadeEdges } from "#web/ui/fade-edges.ts";

type SettingsLink = { label: string; to: NonNullable<LinkProps["to"]>; permission?: Permission };

const LINKS: readonly SettingsLink[] = [
  { label: "Workspace", to: "/settings/workspace", permission: "workspace:read" },
  { label: "Lead fields", to: "/settings/lead-fields", permission: "leads:read" },
  { label: "Members", to: "/settings/members", permission: "members:read" },
  { label: "Lead score", to: "/settings/scoring", permission: "leads:read" },
  { label: "Integrations", to: "/settings/integrations", permission: "integrations:read" },
  { label: "Senders", to: "/settings/senders", permission: "integrations:read" },
  { label: "API keys", to: "/settings/api-keys", permission: "api-keys:write" },
  { label: "Jobs", to: "/settings/jobs", permission: "jobs:read" },
  { label: "Sessions", to: "/settings/sessions" },
];

export type SettingsPageProps = Omit<PageProps, "fill" | "narrow" | "back"> & {
  /** The content is a table that fills the page; else it is one readable column. */
  table?: boolean;
  /** Beside the table: the side panel of its open row. */
  panel?: ReactNode;
};

/** The shell of every settings page: the other settings beside it, on a phone above it. */
export function SettingsPage({ table, panel, children, ...head }: SettingsPageProps) {
  const may = useMay();
  return (
    <Page {...head} fill>
      <div className="flex min-h-0 min-w-0 grow flex-col lg:flex-row">
        <nav
          aria-label="Settings"
          ref={fadeEdges}
          className="fade-edges scroll-quiet relative flex shrink-0 gap-1 overflow-x-auto px-4 pb-3 sm:px-6 lg:w-48 lg:flex-col lg:pr-0"
        >
          {LINKS.filter(({ permission }) => may(permission)).map(({ label, to }) => (
            <Link
              key={to}
              to={to}
              className={clsx(
                "flex h-8 shrink-0 items-center rounded-md px-2 text-ink-muted hover:bg-hover hover:text-ink",
                "aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-ink pointer-coarse:h-11",
              )}
            >
              {label}
            </Link>
          ))}
        </nav>
        {table ? (
          <div className="flex min-h-0 min-w-0 max-w-5xl grow flex-col lg:mr-6">{children}</div>
        ) : (
          <div className="scroll-quiet relative min-h-0 grow overflow-y-auto">
            <div className="grid max-w-xl content-start gap-4 px-4 pb-8 sm:px-6">{children}</div>
          </div>
        )}
        {panel}
      </div>
    </Page>
  );
}
