import type { Problem } from "#web/problem.ts";
import { Banner } from "#web/ui/banner.tsx";

export type SequenceFaultsProps = {
  /** What keeps it from being started. */
  faults: readonly { code: string; detail: string }[];
  /** The server's refusal of the last act. */
  problem: Problem | undefined;
  isPaused: boolean;
};

/** Everything to put right before a sequence may run, and why the last act was refused. */
export function SequenceFaults({ faults, problem, isPaused }: SequenceFaultsProps) {
  if (faults.length === 0 && !problem) return null;
  return (
    <div className="grid gap-2 px-4 pb-3 sm:px-6">
      {problem ? (
        <Banner tone="danger">
          <p className="font-medium">{problem.title}</p>
          {problem.errors?.length ? (
            <ul>
              {problem.errors.map(({ pointer, detail }) => (
                <li key={`${pointer} ${detail}`}>{detail}</li>
              ))}
            </ul>
          ) : (
            <p>{problem.detail}</p>
          )}
        </Banner>
      ) : null}
      {faults.length > 0 ? (
        <Banner tone="warning">
          <p className="font-medium">{isPaused ? "Before it can go on" : "Before it can start"}</p>
          <ul>
            {faults.map(({ code, detail }) => (
              <li key={`${code} ${detail}`}>{detail}</li>
            ))}
          </ul>
        </Banner>
      ) : null}
    </div>
  );
}
