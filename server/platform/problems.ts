import { z } from "zod";

/** A fault of one field: an RFC 6901 pointer into the request, and what is wrong with it. */
export const problemDetailSchema = z.object({ pointer: z.string(), detail: z.string() });

/** RFC 9457 problem document, as every refused request is answered. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  instance: z.string().optional(),
  code: z.string(),
  errors: z.array(problemDetailSchema).optional(),
  request_id: z.string().optional(),
  /** The id of what the resource asked for is part of now. */
  moved_to: z.string().optional(),
  /** Of `changed-elsewhere`: when, by whom (`name` is null for what is not a person or key of the workspace), and which fields, where they are known. */
  changed_at: z.string().optional(),
  changed_by: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string().nullable() }).optional(),
  changed_fields: z.array(z.string()).optional(),
});
export type ProblemDocument = z.infer<typeof problemSchema>;

/** The last change of a row. `fields` is empty where they are not known. */
export type Changed = {
  at: Date;
  by: { kind: string; id: string | null; name: string | null } | null;
  fields: readonly string[];
};

export type ProblemDefinition = {
  code: string;
  status: number;
  title: string;
  /** For the page at /problems/:code: what happened and what to do about it. */
  about: string;
};

/** The way a command refuses: thrown, turned into a problem document at the edge. */
export class Problem extends Error {
  readonly definition: ProblemDefinition;
  readonly detail: string | undefined;
  readonly errors: { pointer: string; detail: string }[] | undefined;
  readonly headers: Record<string, string>;
  /** The id of what the resource asked for is part of now. */
  readonly movedTo: string | undefined;
  readonly changed: Changed | undefined;

  constructor(
    definition: ProblemDefinition,
    options: {
      detail?: string;
      errors?: { pointer: string; detail: string }[];
      headers?: Record<string, string>;
      movedTo?: string;
      changed?: Changed;
    } = {},
  ) {
    super(options.detail ?? definition.title);
    this.name = "Problem";
    this.definition = definition;
    this.detail = options.detail;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
    this.movedTo = options.movedTo;
    this.changed = options.changed;
  }
}

const registry = new Map<string, ProblemDefinition>();

export type ProblemFactory = ((detail?: string, errors?: { pointer: string; detail: string }[]) => Problem) & {
  definition: ProblemDefinition;
};

/** Declares a problem beside the contract that can utter it. The code is unique in the whole system. */
export function defineProblem(code: string, status: number, title: string, about: string): ProblemFactory {
  if (registry.has(code)) throw new Error(`Problem ${code} is declared twice`);
  const definition = { code, status, title, about };
  registry.set(code, definition);
  const make = (detail?: string, errors?: { pointer: string; detail: string }[]) =>
    new Problem(definition, { detail, errors });
  return Object.assign(make, { definition });
}

export const listProblems = () => [...registry.values()].toSorted((a, b) => a.code.localeCompare(b.code));
export const findProblem = (code: string) => registry.get(code);

export const NotSignedIn = defineProblem(
  "not-signed-in",
  401,
  "Sign in first",
  "The request carries no valid session or API key. Sign in, or send an API key in the x-api-key header.",
);
export const NotAllowed = defineProblem(
  "not-allowed",
  403,
  "You may not do this",
  "Your role or API key lacks the permission that this operation names. An owner or admin of the workspace can give it to you.",
);
export const NoWorkspace = defineProblem(
  "no-workspace",
  403,
  "Choose a workspace first",
  "You are signed in, but belong to no workspace yet or have not chosen one. Create or choose a workspace and try again.",
);
export const CrossSite = defineProblem(
  "cross-site",
  403,
  "This request came from another site",
  "A page of another site made your browser send this. If the address is yours, set PUBLIC_URL to it and start again.",
);
export const NotFound = defineProblem(
  "not-found",
  404,
  "Not found",
  "Nothing with this id exists in your workspace. It may have been deleted, or belong to another workspace.",
);
export const Invalid = defineProblem(
  "invalid-request",
  422,
  "The request has faults",
  "Each entry of errors points at a field and says what is wrong with it. Nothing was changed.",
);
export const BadRequest = defineProblem(
  "bad-request",
  400,
  "The request cannot be read",
  "The body is not valid JSON, or its type is not the one this operation takes.",
);
export const TooLarge = defineProblem(
  "too-large",
  413,
  "The request is too large",
  "The body is over the limit of this operation. Send less at once, or use an import.",
);
export const TooManyRequests = defineProblem(
  "too-many-requests",
  429,
  "Too many requests",
  "You are over the rate limit. Wait for the seconds in the Retry-After header and try again.",
);
export const TooManyStreams = defineProblem(
  "too-many-streams",
  429,
  "Too many live connections",
  "You have too many pages open that listen for changes. Close some; the rest keep working.",
);
export const Conflict = defineProblem(
  "conflict",
  409,
  "This clashes with what is there",
  "The request clashes with the present state. Read the resource again and decide.",
);

const changedElsewhere = defineProblem(
  "changed-elsewhere",
  409,
  "Somebody changed this meanwhile",
  "The change names the state that it was made from (expectedUpdatedAt), and that is no longer the newest: changed_by, changed_at and changed_fields say whose the last change was. Nothing was written. Read the resource again, decide, and send the change with the updatedAt that you then have, or without expectedUpdatedAt to write over whatever is there.",
);
/** Refuses a change that was made from an older state of a row. */
export const ChangedElsewhere = Object.assign(
  (changed: Changed) =>
    new Problem(changedElsewhere.definition, {
      detail: `${changed.by?.name ?? "Somebody"} changed it at ${changed.at.toISOString()}. Nothing was written.`,
      changed,
    }),
  { definition: changedElsewhere.definition },
);
export const IdempotencyReused = defineProblem(
  "idempotency-key-reused",
  422,
  "This Idempotency-Key belongs to another request",
  "The key was sent before with another address or body. Use a new key for each new request, and the same one only to repeat a request.",
);
export const IdempotencyInFlight = defineProblem(
  "idempotency-in-flight",
  409,
  "The first request with this Idempotency-Key is still running",
  "Wait a moment and send the same request again: you will get the answer of the first. If the first one died, the key is free again after a minute.",
);
export const AnswerForgotten = defineProblem(
  "answer-forgotten",
  410,
  "This was done before, and its answer is no longer kept",
  "A request with this Idempotency-Key was answered; nothing was done again. Since then a person's data was erased, and with it every kept answer, because any of them might speak of that person. The detail says which status the answer had. Where that was a success, read the resource to see how it stands; where it was a refusal, nothing had been done, and the request may be sent with a new key.",
);
export const SecretShownOnce = defineProblem(
  "secret-shown-once",
  409,
  "This was done, and its secret is not shown again",
  "A request with this Idempotency-Key was carried out. Its answer held a secret, which is kept nowhere. If that answer was lost, revoke what was made and make another, with a new key.",
);
export const Unexpected = defineProblem(
  "unexpected",
  500,
  "Something went wrong on our side",
  "This is a fault of ours. The request id finds it in the log.",
);
export const Unavailable = defineProblem(
  "unavailable",
  503,
  "Not available just now",
  "The server or its database is starting, stopping or overloaded. Try again shortly.",
);
