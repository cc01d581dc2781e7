import { CloudOff } from "lucide-react";
import { useReachable } from "#web/connection.ts";
import { Banner } from "#web/ui/banner.tsx";

/** Says that the server is gone for as long as it is. */
export function OfflineBanner() {
  if (useReachable()) return null;
  return (
    <Banner tone="warning" icon={CloudOff} wide>
      The server cannot be reached. You see what was loaded before; nothing can be saved until it is back.
    </Banner>
  );
}
