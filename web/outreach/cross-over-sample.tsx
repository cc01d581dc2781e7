import type { CrossOverView } from "#domains/outreach/contract/versions.ts";
import { leadName } from "#web/leads/words.ts";
import { RelativeTime } from "#web/ui/relative-time.tsx";

type Crosser = CrossOverView["sample"][number];

/** Some of those inside: their next touch now, and by the new version. */
export function CrossOverSample({ sample }: { sample: readonly Crosser[] }) {
  if (sample.length === 0) return null;
  return (
    <div className="scroll-quiet relative max-h-64 overflow-auto rounded-md border bg-canvas">
      <table className="w-full text-sm">
        <caption className="sr-only">Some of them, with their next touch now and then</caption>
        <thead className="sticky top-0 bg-raised text-left text-xs text-ink-muted">
          <tr>
            <th scope="col" className="px-2 py-1 font-medium">
              Lead
            </th>
            <th scope="col" className="px-2 py-1 font-medium">
              Next touch now
            </th>
            <th scope="col" className="px-2 py-1 font-medium">
              By the new version
            </th>
          </tr>
        </thead>
        <tbody>
          {sample.map((one) => (
            <tr key={one.enrollmentId} className="border-t">
              <th scope="row" className="px-2 py-1 text-left font-normal wrap-anywhere">
                {leadName({ ...one, email: null, phone: null })}
              </th>
              <td className="px-2 py-1">
                <Touch touch={one.before} isPaused={one.isPaused} />
              </td>
              <td className="px-2 py-1">
                {one.turn === "stays" ? (
                  <span className="text-ink-muted">stays in version {one.version}</span>
                ) : one.turn === "finishes" ? (
                  "through"
                ) : (
                  <Touch touch={one.after} isPaused={one.isPaused} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Touch({ touch, isPaused }: { touch: Crosser["before"]; isPaused: boolean }) {
  if (!touch) return <span className="text-ink-muted">being handed over</span>;
  return (
    <>
      Step {touch.stepOrder + 1}
      {touch.at ? (
        <>
          , <RelativeTime at={touch.at} />
        </>
      ) : isPaused ? (
        ", paused"
      ) : null}
    </>
  );
}
