import { useSyncExternalStore } from "react";
import { askedNow, onAsked } from "#web/shell/collisions.ts";
import { late } from "#web/ui/late.tsx";

const CollisionDialog = late(() => import("#web/shell/collision-dialog.tsx").then((module) => module.CollisionDialog));

/** Where the question appears whose change is to stand; once in the frame. */
export function CollisionPlace() {
  const asked = useSyncExternalStore(onAsked, askedNow);
  return asked ? <CollisionDialog collision={asked.collision} decide={asked.decide} /> : null;
}
