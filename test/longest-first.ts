import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take longest, longest first. By size, as a first run would sort them, the shortest of these would come last and be waited for alone. */
const LONGEST = [
  "test/browser/pages.spec.ts",
  "test/browser/more-pages.spec.ts",
  "test/browser/behaviour.spec.ts",
  "test/browser/whole-path.spec.ts",
  "server/domains/leads/imports/imports.test.ts",
  "server/domains/leads/imports/limits.test.ts",
  "test/kill.test.ts",
  "test/lifecycle.test.ts",
  "test/stories/simulation.test.ts",
  "test/stories/fairness.test.ts",
  "server/demo/seed.test.ts",
  "simulator/simulator.test.ts",
  "server/domains/outreach/engine/dispatch.test.ts",
];

const place = ({ moduleId }: TestSpecification) => {
  const at = LONGEST.findIndex((path) => moduleId.endsWith(`/${path}`));
  return at === -1 ? LONGEST.length : at;
};

/** Begins the long files first, so that no worker is left with one of them while the others have nothing more to do. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => place(one) - place(other));
  }
}
