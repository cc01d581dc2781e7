/** `npm test`: everything there is. Its last line sums up: `N passed, N failed`. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { STATIC_STEPS, bin, report, runStep, say } from "./steps.ts";

type Suite = { project: string; workers?: number };

/**
 * The two suites that take minutes run side by side: each waits for databases, processes and pages about a third of its time, in which the other
 * works. The browser has a worker for each processor, the server those of `vitest.config.ts`.
 */
const TOGETHER: readonly Suite[] = [{ project: "server" }, { project: "browser", workers: availableParallelism() }];

/** Lines that are shown of what an attempt said. */
const LINES_OF_A_FAULT = 16;

const resultsSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numFailedTestSuites: z.int(),
  testResults: z.array(
    z.object({
      assertionResults: z.array(
        z.object({ title: z.string(), status: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

/** `broken`: tests that failed, with what each attempt said. `unsteady`: tests that passed at their second attempt, with what the first said. */
type Count = { passed: number; failed: number; broken: string[]; unsteady: string[] };

async function runSuite({ project, workers }: Suite, reports: string): Promise<Count> {
  const outputFile = join(reports, `${project}.json`);
  const step = {
    name: project,
    command: bin("vitest"),
    args: [
      "run",
      "--project",
      project,
      "--passWithNoTests",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${outputFile}`,
      ...(workers === undefined ? [] : [`--maxWorkers=${workers}`]),
    ],
  };
  const result = await runStep(step, { stream: true });
  report(result);
  const written = await readFile(outputFile, "utf8").catch(() => null);
  // Nothing written: the suite did not even begin, or there is none.
  if (written === null) return { passed: 0, failed: result.ok ? 0 : 1, broken: [], unsteady: [] };
  const { numPassedTests, numFailedTests, numFailedTestSuites, testResults } = resultsSchema.parse(JSON.parse(written));
  // A file that breaks while it is loaded has no failed test; a run may also fail by an error outside of any.
  const failed = numFailedTests > 0 ? numFailedTests : Math.max(numFailedTestSuites, result.ok ? 0 : 1);
  const said = (ended: string) =>
    testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status, failureMessages }) => status === ended && failureMessages.length > 0)
      .map(({ title, failureMessages }) => [title, ...failureMessages.map(beginningOf)].join("\n"));
  return { passed: numPassedTests, failed, broken: said("failed"), unsteady: said("passed") };
}

/** Its longest part is what was expected and the whole of what was found. */
const beginningOf = (message: string) => message.split("\n").slice(0, LINES_OF_A_FAULT).join("\n");

const counts: Count[] = [];
// Side by side, as `npm run check` does: none of them keeps two processors busy by itself.
const checked = STATIC_STEPS.map(async (step) => {
  const result = await runStep(step, { stream: false });
  report(result);
  return result;
});
for (const { ok } of await Promise.all(checked))
  counts.push({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, broken: [], unsteady: [] });
const reports = await mkdtemp(join(tmpdir(), "throughline-reports-"));
// Cheapest first: a type error shows before a browser is started.
counts.push(await runSuite({ project: "rules" }, reports));
counts.push(...(await Promise.all(TOGETHER.map((suite) => runSuite(suite, reports)))));
await rm(reports, { recursive: true, force: true });

const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
tell("Passed at the second attempt only:", (count) => count.unsteady);
// Last, so that whoever sees only the end of a run sees what to mend.
tell("Failed:", (count) => count.broken);
process.exitCode = failed > 0 ? 1 : 0;
say(`${passed} passed, ${failed} failed`);

function tell(heading: string, of: (count: Count) => string[]): void {
  const told = counts.flatMap(of);
  if (told.length > 0) say([heading, ...told].join("\n\n"));
}
