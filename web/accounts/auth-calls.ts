import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { reportReachable } from "#web/connection.ts";
import { ProblemError, readProblem } from "#web/problem.ts";

const signedIn = z.object({ user: z.object({ name: z.string(), email: z.string() }) }).nullable();

/**
 * Passwords and sessions, which are not operations of the API (`/api/auth`). Unlike `request` of api.ts, a 401 stays where it is: here it
 * means a wrong password. Throws ProblemError.
 */
async function call(path: string, body?: object): Promise<unknown> {
  const response = await fetch(`/api/auth/${path}`, {
    method: body ? "POST" : "GET",
    headers: body ? { "content-type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
  reportReachable(true);
  if (!response.ok) throw new ProblemError(await readProblem(response));
  return response.json();
}

/** Who is signed in, or null. Asking renews a session that is older than a day: the web asks once when it opens. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async () => signedIn.parse(await call("get-session")),
  staleTime: Infinity,
});

/** Opens a session. */
export const signIn = (values: { email: string; password: string }) => call("sign-in/email", values);

/** Makes an account and opens its first session; `invitation` is the token of a link, for whoever follows one. */
export const signUp = (values: { name: string; email: string; password: string; invitation?: string }) =>
  call("sign-up/email", values);

/** Asks for a mail with a link. The answer is the same whether or not there is such an account. */
export const requestPasswordReset = (values: { email: string }) => call("request-password-reset", values);

/** Sets the password of the account that the link's token stands for, and ends all its sessions. */
export const resetPassword = (values: { token: string; newPassword: string }) => call("reset-password", values);

/** Ends the session and stays on the page. */
export const endSession = () => call("sign-out", {});
