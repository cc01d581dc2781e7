import { defineProblem } from "#platform/problems.ts";

export const TestRefused = defineProblem(
  "test-refused",
  409,
  "The test was not sent",
  "Nothing was sent: the address is suppressed, nobody sends on the channel, its messages of this minute are used up, the integration's credentials cannot be read, or a value of the script is missing.",
);
