/** `npm test`: everything there is. Its last line sums up: `N passed, N failed`. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { STATIC_STEPS, bin, report, runStep, say } from "./steps.ts";

/** Cheapest first: a type error shows before a browser is started. */
const SUITES = ["rules", "server", "browser"] as const;

const resultsSchema = z.object({ numPassedTests: z.int(), numFailedTests: z.int(), numFailedTestSuites: z.int() });

type Count = { passed: number; failed: number };

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
  if (written === null) return { passed: 0, failed: result.ok ? 0 : 1 };
  const { numPassedTests, numFailedTests, numFailedTestSuites } = resultsSchema.parse(JSON.parse(written));
  // A file that breaks while it is loaded has no failed test; a run may also fail by an error outside of any.
  const failed = numFailedTests > 0 ? numFailedTests : Math.max(numFailedTestSuites, result.ok ? 0 : 1);
  return { passed: numPassedTests, failed };
}

const counts: Count[] = [];
for (const step of STATIC_STEPS) {
  const result = await runStep(step, { stream: false });
  report(result);
  counts.push(result.ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
}
const reports = await mkdtemp(join(tmpdir(), "throughline-reports-"));
for (const suite of SUITES) counts.push(await runSuite(suite, join(reports, `${suite}.json`)));
await rm(reports, { recursive: true, force: true });

const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
process.exitCode = failed > 0 ? 1 : 0;
say(`${passed} passed, ${failed} failed`);
