import type { ReactNode } from "react";
import type { Permission } from "#platform/permissions.ts";
import { permissionWords } from "#web/accounts/words.ts";
import { Page } from "#web/shell/page.tsx";
import { useMay } from "#web/shell/viewer.tsx";
import { NoPermission } from "#web/ui/states.tsx";

export type PermittedProps = { permission: Permission; title: string; children: ReactNode };

/** Around a page that not everybody may open: whoever may not is told so, and nothing is asked of the server that it would refuse. */
export function Permitted({ permission, title, children }: PermittedProps) {
  if (useMay()(permission)) return children;
  return (
    <Page title={title}>
      <NoPermission detail={`It takes the permission “${permissionWords[permission]}”.`} />
    </Page>
  );
}
