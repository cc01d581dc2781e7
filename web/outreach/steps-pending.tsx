import { Skeleton, SkeletonText } from "#web/ui/skeleton.tsx";

/** While the step builder is on its way: as many cards as the sequence has steps, and the settings beside them. */
export function StepsPending({ steps }: { steps: number }) {
  return (
    <div className="flex min-h-0 min-w-0 grow flex-col overflow-hidden lg:flex-row" aria-hidden>
      <div className="min-w-0 grow px-4 py-4 sm:px-6">
        <div className="mx-auto grid max-w-lg gap-2">
          {Array.from({ length: steps }, (_, step) => (
            <div key={step} className="grid justify-items-center gap-2">
              <Skeleton className="w-40" />
              <Skeleton className="h-13 w-full" />
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
