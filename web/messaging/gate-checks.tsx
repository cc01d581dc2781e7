import { readChecks, readTries } from "#web/messaging/verdict.ts";
import { checkWords, outcomeLook } from "#web/messaging/words.ts";
import { StatusPill } from "#web/ui/badge.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";

/** Why a message went out, waits or was held back: every question that it was asked, with the answer. */
export function GateChecks({ stored }: { stored: unknown }) {
  const checks = readChecks(stored);
  return (
    <section className="grid gap-2 text-sm">
      <h3 className="font-medium">Why</h3>
      {checks ? (
        <ul className="grid rounded-lg border">
          {checks.map(({ check, outcome, detail, until }) => (
            <li key={check} className="grid gap-1 px-3 py-2 not-first:border-t">
              <div className="flex flex-wrap items-center justify-between gap-2">
                <span>{checkWords[check]}</span>
                <StatusPill tone={outcomeLook[outcome].tone}>{outcomeLook[outcome].label}</StatusPill>
              </div>
              <p className="text-xs break-words text-ink-muted">
                {detail}
                {until ? (
                  <>
                    {" · asked again "}
                    <RelativeTime at={until} />
                  </>
                ) : null}
              </p>
            </li>
          ))}
        </ul>
      ) : (
        <p className="text-ink-muted">No verdict is stored with this message.</p>
      )}
    </section>
  );
}

/** How each hand-over to the vendor ended. */
export function Tries({ stored }: { stored: unknown }) {
  const tries = readTries(stored);
  if (tries.length === 0) return null;
  return (
    <section className="grid gap-2 text-sm">
      <h3 className="font-medium">Tries</h3>
      <ol className="grid rounded-lg border">
        {tries.map(({ at, outcome, detail }) => (
          <li key={at} className="grid gap-1 px-3 py-2 not-first:border-t">
            <div className="flex flex-wrap items-center justify-between gap-2">
              <span className="first-letter:uppercase">{outcome.replaceAll("_", " ")}</span>
              <RelativeTime at={at} />
            </div>
            {detail ? <p className="text-xs break-words text-ink-muted">{detail}</p> : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
