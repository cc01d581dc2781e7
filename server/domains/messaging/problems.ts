import { defineProblem } from "#platform/problems.ts";

export const TestRefused = defineProblem(
  "test-refused",
  409,
  "The test was not sent",
  "Nothing was sent: the address is suppressed, nobody sends on the channel, its messages of this minute are used up, the integration's credentials cannot be read, or a value of the script is missing.",
);

export const SenderExists = defineProblem(
  "sender-exists",
  409,
  "This address is a sender already",
  "A channel has each address once. Change the sender that is there, or add another address.",
);
