import { clsx } from "clsx";

/** A grey bar where text or a control will stand. Invisible for the first 150 ms, so that fast answers do not flash. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={clsx("skeleton", className)} />;
}

/** Lines of text to come. */
export function SkeletonText({ lines = 3 }: { lines?: number }) {
  return (
    <span className="grid gap-2" aria-hidden>
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} className={index === lines - 1 ? "w-1/2" : "w-full"} />
      ))}
    </span>
  );
}
