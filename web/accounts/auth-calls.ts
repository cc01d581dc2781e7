import { queryOptions } from "@tanstack/react-query";
import { reportReachable } from "#web/connection.ts";
import { ProblemError, readProblem } from "#web/problem.ts";
import { browserZone } from "#web/ui/format.ts";

export type SignedIn = { user: { name: string; email: string } };

// By hand and not by a schema: this file comes with the first page.
function isSignedIn(answer: unknown): answer is SignedIn {
  if (typeof answer !== "object" || answer === null || !("user" in answer)) return false;
  const { user } = answer;
  return (
    typeof user === "object" &&
    user !== null &&
    "name" in user &&
    typeof user.name === "string" &&
    "email" in user &&
    typeof user.email === "string"
  );
}

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
  queryFn: async (): Promise<SignedIn | null> => {
    const answer = await call("get-session");
    return isSignedIn(answer) ? answer : null;
  },
  staleTime: Infinity,
});

/** Opens a session. */
export const signIn = (values: { email: string; password: string }) => call("sign-in/email", values);

/** Makes an account and opens its first session; `invitation` is the token of a link, for whoever follows one. A taken address is a fault of its field. */
export async function signUp(values: { name: string; email: string; password: string; invitation?: string }) {
  try {
    return await call("sign-up/email", { ...values, timeZone: browserZone() });
  } catch (error) {
    const problem = error instanceof ProblemError ? error.problem : undefined;
    if (problem?.code !== "address-taken") throw error;
    const detail = [problem.title, problem.detail].filter(Boolean).join(". ");
    throw new ProblemError({ ...problem, errors: [{ pointer: "/email", detail }] });
  }
}

/** Asks for a mail with a link. The answer is the same whether or not there is such an account. */
export const requestPasswordReset = (values: { email: string }) => call("request-password-reset", values);

/** Sets the password of the account that the link's token stands for, and ends all its sessions. */
export const resetPassword = (values: { token: string; newPassword: string }) => call("reset-password", values);

/** Ends the session and stays on the page. */
export const endSession = () => call("sign-out", {});
