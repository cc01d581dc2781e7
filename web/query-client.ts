import { QueryClient } from "@tanstack/react-query";
import { problemOf } from "#web/problem.ts";

/** A refusal (4xx) stays one however often it is asked; anything else is worth two more tries. */
function retry(failures: number, error: unknown): boolean {
  const { status } = problemOf(error);
  return failures < 2 && !(status >= 400 && status < 500);
}

/** The cache of everything the server said. Live events mark what has changed, so answers are not asked for again by age. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry,
      staleTime: 30_000,
      // "always": whether the server can be reached is found out by asking it (see connection.ts).
      networkMode: "always",
      refetchOnReconnect: false,
    },
    // Never repeated by themselves: a write that got no answer is shown to the person, whose words are still there.
    mutations: { retry: false, networkMode: "always" },
  },
});
