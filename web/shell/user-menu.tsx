import { clsx } from "clsx";
import { Moon, Sun, SunMoon } from "lucide-react";
import { setTheme, THEMES, useTheme, type Theme } from "#web/shell/theme.ts";
import { useViewer } from "#web/shell/viewer.tsx";
import { useAccountActs } from "#web/shell/workspace-switcher.tsx";
import { Avatar } from "#web/ui/avatar.tsx";
import { DropdownMenu } from "#web/ui/dropdown-menu.tsx";

const LOOKS = {
  system: { label: "As the system", icon: SunMoon },
  light: { label: "Light", icon: Sun },
  dark: { label: "Dark", icon: Moon },
} satisfies Record<Theme, object>;

/** The person at the foot of the rail: theme, and what accounts adds (profile, sign out). */
export function UserMenu({ collapsed }: { collapsed: boolean }) {
  const { name, email, role } = useViewer();
  const { userSections = [] } = useAccountActs();
  const theme = useTheme();
  return (
    <DropdownMenu
      align="start"
      header={
        <div className="grid px-2 py-1">
          <span className="truncate font-medium">{name}</span>
          <span className="truncate text-xs text-ink-subtle">{email}</span>
        </div>
      }
      trigger={
        <button
          type="button"
          className={clsx(
            "flex h-10 min-w-0 items-center gap-2 rounded-md px-1 hover:bg-hover",
            collapsed && "justify-center",
          )}
        >
          <Avatar name={name} />
          {collapsed ? (
            <span className="sr-only">{name}</span>
          ) : (
            <span className="grid min-w-0 grow text-left">
              <span className="truncate text-sm leading-4 font-medium">{name}</span>
              <span className="truncate text-xs leading-4 text-ink-subtle">
                {role[0] + role.slice(1).toLowerCase()}
              </span>
            </span>
          )}
        </button>
      }
      sections={[
        {
          heading: "Theme",
          items: THEMES.map((one) => ({
            ...LOOKS[one],
            checked: one === theme,
            onSelect: () => setTheme(one),
          })),
        },
        ...userSections,
      ]}
    />
  );
}
