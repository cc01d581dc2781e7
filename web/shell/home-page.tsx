import { Link } from "@tanstack/react-router";
import { footNavigation, linksOf, navigation, useNavigation } from "#web/shell/navigation.ts";
import { Page } from "#web/shell/page.tsx";
import { useViewer } from "#web/shell/viewer.tsx";
import { Kbd } from "#web/ui/kbd.tsx";

/** Where one arrives: every page this person may open. */
export function HomePage() {
  const { name, workspace } = useViewer();
  const links = linksOf([...useNavigation(navigation), ...useNavigation(footNavigation)]).filter(
    ({ to }) => to !== "/",
  );
  return (
    <Page
      title={`Welcome, ${name.split(/\s/u)[0] ?? name}`}
      context={
        <>
          You are in {workspace.name}. <Kbd keys={["mod", "k"]} /> finds anything from anywhere.
        </>
      }
    >
      <ul className="grid gap-2 sm:grid-cols-2 xl:grid-cols-3">
        {links.map((link) => (
          <li key={link.to}>
            <Link
              to={link.to}
              className="flex h-12 items-center gap-3 rounded-lg border px-4 font-medium hover:bg-hover"
            >
              <link.icon className="icon text-ink-muted" aria-hidden />
              {link.label}
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  );
}
