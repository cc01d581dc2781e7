/** One fault of one value. `pointer` is an RFC 6901 JSON pointer into the request: `/address/city`. */
export type Fault = { pointer: string; detail: string };

/** An RFC 9457 problem document, as every refusal and failure of the API arrives. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  detail?: string;
  /** Stable and readable by programs: `lead-opted-out`. */
  code: string;
  errors?: readonly Fault[];
  request_id?: string;
  /** The id of what the resource asked for is part of now. */
  moved_to?: string;
  /** Of `changed-elsewhere`: when and by whom. */
  changed_at?: string;
  changed_by?: { kind: string; id: string | null; name: string | null };
};

/** The server could not be reached at all: nothing was read, nothing was saved. */
export const UNREACHABLE = "unreachable";

/** True for the body of an `application/problem+json` answer. */
export function isProblem(body: unknown): body is Problem {
  return (
    typeof body === "object" &&
    body !== null &&
    "title" in body &&
    typeof body.title === "string" &&
    "status" in body &&
    typeof body.status === "number" &&
    "code" in body &&
    typeof body.code === "string"
  );
}

/** A problem on its way up: thrown by the client, caught by forms, tables and error pages. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = "ProblemError";
    this.problem = problem;
  }
}

/** The problem in an answer that is not a success, also when a proxy wrote the answer and not the server. */
export async function readProblem(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => undefined);
  if (isProblem(body)) return body;
  return {
    type: "about:blank",
    title: response.status >= 500 ? "The server could not answer" : "The request was refused",
    status: response.status,
    detail: `The answer had status ${response.status} and no explanation.`,
    code: "unreadable-answer",
    request_id: response.headers.get("x-request-id") ?? undefined,
  };
}

/** Whatever was thrown, as a problem that can be shown: what happened, and what to do. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  // fetch rejects with a TypeError when no answer came, whatever the reason.
  if (error instanceof TypeError) {
    return {
      type: "about:blank",
      title: "The server cannot be reached",
      status: 0,
      detail: "Nothing was saved. What you typed is still here; try again when the connection is back.",
      code: UNREACHABLE,
    };
  }
  return {
    type: "about:blank",
    title: "Something went wrong on this page",
    status: 0,
    detail: error instanceof Error ? error.message : undefined,
    code: "page-error",
  };
}

/** A JSON pointer as the path of a form field: `/steps/0/body` → `steps.0.body`; the whole document → ``. */
export function fieldOf(pointer: string): string {
  return pointer
    .replace(/^#/, "")
    .split("/")
    .slice(1)
    .map((segment) => decodeURIComponentSafely(segment).replaceAll("~1", "/").replaceAll("~0", "~"))
    .join(".");
}

/**
 * Sorts the faults of a problem onto the fields that a form shows. What belongs to no shown field is left for the
 * form's head, so that no fault disappears.
 */
export function sortFaults(
  problem: Problem,
  fields: readonly string[],
): { byField: ReadonlyMap<string, string>; rest: readonly string[] } {
  const byField = new Map<string, string>();
  const rest: string[] = [];
  for (const { pointer, detail } of problem.errors ?? []) {
    const path = fieldOf(pointer);
    const field = tailsOf(path).flatMap(
      (tail) => fields.find((one) => one === tail || tail.startsWith(`${one}.`)) ?? [],
    )[0];
    if (field === undefined) rest.push(path ? `${path}: ${detail}` : detail);
    else byField.set(field, byField.has(field) ? `${byField.get(field)} ${detail}` : detail);
  }
  return { byField, rest };
}

/** The path and what is left of it without the objects it begins with: a form may show flat what is sent nested. */
function tailsOf(path: string): string[] {
  const segments = path.split(".");
  const list = segments.findIndex((segment) => /^\d+$/.test(segment));
  // What lies in a list belongs to the whole list, never to a field that happens to have the same name.
  const objects = list < 0 ? segments : segments.slice(0, list);
  return objects.map((_segment, from) => segments.slice(from).join("."));
}

function decodeURIComponentSafely(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
