import { clsx } from "clsx";
import { Link, type LinkProps } from "@tanstack/react-router";
import { ChevronLeft, Ellipsis } from "lucide-react";
import type { ReactNode } from "react";
import { useCommands } from "#web/shell/commands.ts";
import { IconButton } from "#web/ui/button.tsx";
import { DropdownMenu, type MenuSection } from "#web/ui/dropdown-menu.tsx";

export type PageProps = {
  title: string;
  /** One line that says what stands here. */
  context?: ReactNode;
  /** A state beside the title: a StatusPill. */
  status?: ReactNode;
  /** The one primary act. */
  action?: ReactNode;
  /** Everything else that can be done here; the palette offers it too. */
  menu?: readonly MenuSection[];
  /** Up one level. */
  back?: Pick<LinkProps, "to" | "params" | "search"> & { label: string };
  /** The content brings its own scrolling (a table, a builder) instead of scrolling as one. */
  fill?: boolean;
  /** One readable column: settings, forms, wizards. */
  narrow?: boolean;
  children: ReactNode;
};

/** The shell of every page: the head stays, the content scrolls. */
export function Page({ title, context, status, action, menu, back, fill, narrow, children }: PageProps) {
  useCommands(commandsOf(menu));
  return (
    <>
      <title>{`${title} · Throughline`}</title>
      <header className="grid shrink-0 gap-1 px-4 pt-4 pb-3 sm:px-6">
        {back ? (
          <Link
            to={back.to}
            params={back.params}
            search={back.search}
            className="-ml-1 flex w-fit items-center gap-1 rounded-md text-xs text-ink-subtle hover:text-ink"
          >
            <ChevronLeft className="icon size-3" aria-hidden />
            {back.label}
          </Link>
        ) : null}
        <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-2">
          {/* On a phone a title with its state takes a line of its own before an act beside it breaks it word by word. */}
          <div className={clsx("flex min-w-0 grow basis-36 items-center gap-3 pr-2", status && "max-sm:basis-56")}>
            <h1 className="min-w-0 text-xl font-semibold sm:truncate">{title}</h1>
            {status}
          </div>
          {action ? (
            <div
              className={clsx(
                "ml-auto flex flex-wrap items-center justify-end gap-2",
                // On a phone the menu stays beside the title, and the acts share a line of their own.
                menu && "max-sm:order-last max-sm:ml-0 max-sm:basis-full max-sm:*:grow",
              )}
            >
              {action}
            </div>
          ) : null}
          {menu ? <DropdownMenu trigger={<IconButton icon={Ellipsis} label="More actions" />} sections={menu} /> : null}
        </div>
        {context ? <div className="max-w-prose text-sm text-pretty text-ink-muted">{context}</div> : null}
      </header>
      {fill ? (
        <div className="flex min-h-0 grow">{children}</div>
      ) : (
        <div className="scroll-quiet relative min-h-0 grow overflow-y-auto">
          <div className={clsx("px-4 pb-8 sm:px-6", narrow && "max-w-xl")}>{children}</div>
        </div>
      )}
    </>
  );
}

/** What of a menu can be done now. */
const commandsOf = (menu: readonly MenuSection[] = []) =>
  menu
    .flatMap(({ items }) => items)
    .filter(({ disabledReason }) => !disabledReason)
    .map(({ label, icon, keys, onSelect }) => ({ id: `page:${label}`, label, icon, keys, run: onSelect }));

export type RecordLayoutProps = {
  /** Identity and key facts. */
  identity: ReactNode;
  /** More of it: under the identity, on a phone only after what happened. */
  facts?: ReactNode;
  /** Everything that is known, to be edited in place. */
  properties: ReactNode;
  /** Tabs or one timeline. */
  children: ReactNode;
};

/** Who at the left, what happened in the middle, what is known at the right; on a phone one under the other. */
export function RecordLayout({ identity, facts, properties, children }: RecordLayoutProps) {
  return (
    <div className="scroll-quiet relative flex min-h-0 grow flex-col overflow-y-auto border-t lg:flex-row lg:overflow-hidden">
      <div className="max-lg:contents lg:relative lg:w-70 lg:shrink-0 lg:overflow-y-auto lg:border-r">
        <div className="shrink-0 px-4 py-4 sm:px-6">{identity}</div>
        {facts ? (
          <div className="shrink-0 px-4 pb-4 max-lg:order-1 max-lg:border-t max-lg:pt-4 sm:px-6 lg:pt-2">{facts}</div>
        ) : null}
      </div>
      <div className="min-w-0 px-4 py-4 max-lg:shrink-0 max-lg:border-t sm:px-6 lg:relative lg:grow lg:overflow-y-auto">
        {children}
      </div>
      <div className="shrink-0 px-4 py-4 max-lg:order-2 max-lg:border-t sm:px-6 lg:relative lg:w-80 lg:overflow-y-auto lg:border-l">
        {properties}
      </div>
    </div>
  );
}
