import { useRouter } from "@tanstack/react-router";
import {
  AtSign,
  BadgeDollarSign,
  CalendarDays,
  FileText,
  FlaskConical,
  House,
  Megaphone,
  MessagesSquare,
  Send,
  Settings,
  Users,
  Workflow,
  type LucideIcon,
} from "lucide-react";
import type { Permission } from "#platform/permissions.ts";
import { useMay } from "#web/shell/viewer.tsx";

export type NavLink = { label: string; to: string; icon: LucideIcon; permission?: Permission };
export type NavGroup = { label: string; icon: LucideIcon; links: readonly NavLink[] };
export type NavItem = NavLink | NavGroup;

/** The rail, top to bottom. A page adds its line here and its route in routes.tsx. */
export const navigation: readonly NavItem[] = [
  { label: "Home", to: "/", icon: House },
  { label: "Leads", to: "/leads", icon: Users, permission: "leads:read" },
  {
    label: "Outreach",
    icon: Send,
    links: [
      { label: "Campaigns", to: "/campaigns", icon: Megaphone, permission: "outreach:read" },
      { label: "Sequences", to: "/sequences", icon: Workflow, permission: "outreach:read" },
      { label: "Calendar", to: "/calendar", icon: CalendarDays, permission: "outreach:read" },
      { label: "Scripts", to: "/scripts", icon: FileText, permission: "outreach:read" },
      { label: "Messages", to: "/messages", icon: MessagesSquare, permission: "messages:read" },
      { label: "Conversions", to: "/conversions", icon: BadgeDollarSign, permission: "conversions:read" },
    ],
  },
];

/** The foot of the rail. */
export const footNavigation: readonly NavItem[] = [
  { label: "Sandbox", to: "/sandbox", icon: FlaskConical, permission: "sandbox:use" },
  { label: "Settings", to: "/settings", icon: Settings, permission: "workspace:read" },
];

/** Places that are looked for by name: the palette knows them, the rail has no room for them. */
export const furtherNavigation: readonly NavItem[] = [
  { label: "Senders", to: "/settings/senders", icon: AtSign, permission: "integrations:read" },
];

/** What this person may open. A line whose page is not part of this build does not appear. */
export function useNavigation(items: readonly NavItem[]): readonly NavItem[] {
  const may = useMay();
  const { routesByPath } = useRouter();
  const open = (link: NavLink) => may(link.permission) && Object.hasOwn(routesByPath, link.to);
  return items.flatMap((item): NavItem[] => {
    if ("to" in item) return open(item) ? [item] : [];
    const links = item.links.filter(open);
    return links.length > 0 ? [{ ...item, links }] : [];
  });
}

/** All links of the lists, groups opened: for the palette and the home page. */
export function linksOf(items: readonly NavItem[]): readonly NavLink[] {
  return items.flatMap((item) => ("to" in item ? [item] : item.links));
}
