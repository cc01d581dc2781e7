import type { ReactNode } from "react";
import { Skeleton, SkeletonText } from "#web/ui/skeleton.tsx";

/** While the step builder is on its way: as many cards as the sequence has steps, where they will stand, and the settings beside them. */
export function StepsPending({ steps, hasFigures, head }: { steps: number; hasFigures: boolean; head: ReactNode }) {
  return (
    <div className="flex min-h-0 min-w-0 grow flex-col overflow-hidden lg:flex-row">
      <div className="min-w-0 grow px-4 py-4 sm:px-6">
        {head ? <div className="mx-auto max-w-lg pb-6">{head}</div> : null}
        <div className="mx-auto grid max-w-lg gap-2" aria-hidden>
          {Array.from({ length: steps }, (_, step) => (
            <div key={step} className="grid justify-items-center gap-2">
              <Skeleton className="my-1 w-40" />
              <Skeleton className={hasFigures ? "h-16.5 w-full" : "h-12.5 w-full"} />
            </div>
          ))}
        </div>
      </div>
      <div className="shrink-0 px-4 py-4 max-lg:border-t sm:px-6 lg:w-80 lg:border-l">
        <SkeletonText lines={6} />
      </div>
    </div>
  );
}
