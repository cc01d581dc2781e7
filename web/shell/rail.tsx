import { clsx } from "clsx";
import { Link } from "@tanstack/react-router";
import { PanelLeft, PanelLeftClose, Search } from "lucide-react";
import type { ReactNode } from "react";
import { footNavigation, navigation, useNavigation, type NavItem, type NavLink } from "#web/shell/navigation.ts";
import { UserMenu } from "#web/shell/user-menu.tsx";
import { WorkspaceSwitcher } from "#web/shell/workspace-switcher.tsx";
import { IconButton } from "#web/ui/button.tsx";
import { Kbd } from "#web/ui/kbd.tsx";
import { Tooltip } from "#web/ui/tooltip.tsx";

export type RailProps = {
  /** Icons only. */
  collapsed: boolean;
  /** Absent inside the sheet of a phone, which is never collapsed. */
  onCollapse?: (collapsed: boolean) => void;
  onSearch: () => void;
  /** A place was chosen: the sheet closes. */
  onGo?: () => void;
};

/** Where one can go: workspace, search, pages; the person at the bottom. */
export function Rail({ collapsed, onCollapse, onSearch, onGo }: RailProps) {
  return (
    <div className="flex h-full min-h-0 flex-col gap-2 p-2">
      <div className={clsx("flex items-center gap-1", collapsed && "flex-col")}>
        <WorkspaceSwitcher collapsed={collapsed} />
        {onCollapse ? (
          <IconButton
            size="sm"
            icon={collapsed ? PanelLeft : PanelLeftClose}
            label={collapsed ? "Widen the menu" : "Narrow the menu"}
            tooltipSide="right"
            onClick={() => onCollapse(!collapsed)}
          />
        ) : null}
      </div>
      <Named label="Search and commands" collapsed={collapsed}>
        <button
          type="button"
          aria-label={collapsed ? "Search and commands" : undefined}
          onClick={onSearch}
          className={clsx(
            "flex h-8 items-center gap-2 rounded-md border bg-canvas px-2 text-sm text-ink-subtle hover:bg-hover pointer-coarse:h-11",
            collapsed && "justify-center px-0",
          )}
        >
          <Search className="icon" aria-hidden />
          {collapsed ? null : (
            <>
              <span className="grow text-left">
                Search<span className="sr-only"> and commands</span>
              </span>
              <span aria-hidden className="max-md:hidden pointer-coarse:hidden">
                <Kbd keys={["mod", "k"]} />
              </span>
            </>
          )}
        </button>
      </Named>
      <nav aria-label="Pages" className="scroll-quiet relative -mx-2 flex min-h-0 grow flex-col overflow-y-auto px-2">
        <Items items={useNavigation(navigation)} collapsed={collapsed} onGo={onGo} />
        <div className="grow" />
        <Items items={useNavigation(footNavigation)} collapsed={collapsed} onGo={onGo} />
      </nav>
      <UserMenu collapsed={collapsed} />
    </div>
  );
}

type ItemsProps = { items: readonly NavItem[]; collapsed: boolean; onGo?: () => void };

function Items({ items, collapsed, onGo }: ItemsProps) {
  return (
    <ul className="grid gap-px">
      {items.map((item) =>
        "to" in item ? (
          <li key={item.to}>
            <Place link={item} collapsed={collapsed} onGo={onGo} />
          </li>
        ) : (
          <li key={item.label} className="pt-3">
            {collapsed ? null : <p className="px-2 pb-1 text-xs font-medium text-ink-subtle">{item.label}</p>}
            <ul aria-label={item.label} className="grid gap-px">
              {item.links.map((link) => (
                <li key={link.to}>
                  <Place link={link} collapsed={collapsed} onGo={onGo} />
                </li>
              ))}
            </ul>
          </li>
        ),
      )}
    </ul>
  );
}

function Place({ link, collapsed, onGo }: { link: NavLink; collapsed: boolean; onGo?: () => void }) {
  return (
    <Named label={link.label} collapsed={collapsed}>
      <Link
        to={link.to}
        activeOptions={{ exact: link.to === "/", includeSearch: false }}
        onClick={onGo}
        aria-label={collapsed ? link.label : undefined}
        className={clsx(
          "flex h-8 items-center gap-2 rounded-md px-2 text-base text-ink-muted transition-colors hover:bg-hover hover:text-ink pointer-coarse:h-11",
          "data-[status=active]:bg-pressed data-[status=active]:font-medium data-[status=active]:text-ink",
          collapsed && "justify-center px-0",
        )}
      >
        <link.icon className="icon" aria-hidden />
        {collapsed ? null : <span className="truncate">{link.label}</span>}
      </Link>
    </Named>
  );
}

function Named({ label, collapsed, children }: { label: string; collapsed: boolean; children: ReactNode }) {
  if (!collapsed) return children;
  return (
    <Tooltip content={label} side="right">
      {children}
    </Tooltip>
  );
}
