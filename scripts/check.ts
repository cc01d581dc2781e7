/** `npm run check`: types, lint, format and the rules of the architecture, side by side, in under half a minute. */
import { STATIC_STEPS, bin, report, runStep, say } from "./steps.ts";

const architecture = {
  name: "architecture",
  command: bin("vitest"),
  args: ["run", "--project", "rules"],
};

const results = await Promise.all(
  [...STATIC_STEPS, architecture].map(async (step) => {
    const result = await runStep(step, { stream: false });
    report(result);
    return result;
  }),
);
const failed = results.filter((result) => !result.ok).length;
say(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
