import { clsx } from "clsx";
import { ChevronsUpDown } from "lucide-react";
import { createContext, useContext, type ReactNode } from "react";
import { initials } from "#web/ui/avatar.tsx";
import { useViewer } from "#web/shell/viewer.tsx";
import { DropdownMenu, type MenuSection } from "#web/ui/dropdown-menu.tsx";

/** What accounts hands to the frame: changing the workspace, and further lines such as "New workspace" or "Sign out". */
export type AccountActs = {
  switchWorkspace?: (workspaceId: string) => void;
  workspaceSections?: readonly MenuSection[];
  userSections?: readonly MenuSection[];
};

const Acts = createContext<AccountActs>({});

/** Around the frame: the acts on workspace and account that the menus offer. */
export function AccountActsProvider({ acts, children }: { acts: AccountActs; children: ReactNode }) {
  return <Acts value={acts}>{children}</Acts>;
}

/** The acts that were handed to the frame. */
export function useAccountActs(): AccountActs {
  return useContext(Acts);
}

/** The name of the workspace; a menu where there is more than one. */
export function WorkspaceSwitcher({ collapsed }: { collapsed: boolean }) {
  const { workspace, workspaces } = useViewer();
  const { switchWorkspace, workspaceSections = [] } = useAccountActs();
  const mark = (
    <span
      aria-hidden
      className="flex size-6 shrink-0 items-center justify-center rounded-md bg-accent text-xs font-semibold text-on-accent"
    >
      {initials(workspace.name).slice(0, 1)}
    </span>
  );
  const name = <span className="min-w-0 grow truncate text-left text-base font-semibold">{workspace.name}</span>;
  const look = clsx("flex h-8 min-w-0 items-center gap-2 rounded-md px-1 pointer-coarse:h-11", !collapsed && "grow");
  const choices = switchWorkspace && workspaces.length > 1 ? workspaces : [];
  if (choices.length === 0 && workspaceSections.length === 0) {
    return (
      <div className={look}>
        {mark}
        {collapsed ? <span className="sr-only">{workspace.name}</span> : name}
      </div>
    );
  }
  return (
    <DropdownMenu
      align="start"
      trigger={
        <button
          type="button"
          aria-label={collapsed ? `Workspace: ${workspace.name}` : undefined}
          className={clsx(look, "hover:bg-hover")}
        >
          {mark}
          {collapsed ? null : name}
          {collapsed ? null : <ChevronsUpDown className="icon size-3 text-ink-subtle" aria-hidden />}
        </button>
      }
      sections={[
        {
          heading: "Workspaces",
          items: choices.map((choice) => ({
            label: choice.name,
            checked: choice.id === workspace.id,
            onSelect: () => switchWorkspace?.(choice.id),
          })),
        },
        ...workspaceSections,
      ].filter((section) => section.items.length > 0)}
    />
  );
}
