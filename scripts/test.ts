/** `npm test`: everything there is. Its last line sums up: `N passed, N failed`. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { STATIC_STEPS, bin, report, runStep, say } from "./steps.ts";

/** Cheapest first: a type error shows before a browser is started. */
const SUITES = ["rules", "server", "browser"] as const;

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

/** `unsteady`: tests that passed at their second attempt, with what the first one said. */
type Count = { passed: number; failed: number; unsteady: string[] };

async function runSuite(project: string, outputFile: string): Promise<Count> {
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
    ],
  };
  const result = await runStep(step, { stream: true });
  report(result);
  const written = await readFile(outputFile, "utf8").catch(() => null);
  // Nothing written: the suite did not even begin, or there is none.
  if (written === null) return { passed: 0, failed: result.ok ? 0 : 1, unsteady: [] };
  const { numPassedTests, numFailedTests, numFailedTestSuites, testResults } = resultsSchema.parse(JSON.parse(written));
  // A file that breaks while it is loaded has no failed test; a run may also fail by an error outside of any.
  const failed = numFailedTests > 0 ? numFailedTests : Math.max(numFailedTestSuites, result.ok ? 0 : 1);
  const unsteady = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status, failureMessages }) => status === "passed" && failureMessages.length > 0)
    .map(({ title, failureMessages }) => `${title}\n${failureMessages.join("\n")}`);
  return { passed: numPassedTests, failed, unsteady };
}

const counts: Count[] = [];
for (const step of STATIC_STEPS) {
  const result = await runStep(step, { stream: false });
  report(result);
  counts.push({ passed: result.ok ? 1 : 0, failed: result.ok ? 0 : 1, unsteady: [] });
}
const reports = await mkdtemp(join(tmpdir(), "throughline-reports-"));
for (const suite of SUITES) counts.push(await runSuite(suite, join(reports, `${suite}.json`)));
await rm(reports, { recursive: true, force: true });

const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
const unsteady = counts.flatMap((count) => count.unsteady);
if (unsteady.length > 0) say(`Passed at the second attempt only:\n${unsteady.join("\n\n")}`);
process.exitCode = failed > 0 ? 1 : 0;
say(`${passed} passed, ${failed} failed`);
