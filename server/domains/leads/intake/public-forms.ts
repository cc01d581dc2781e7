import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Context } from "#platform/context.ts";
import { wantsHtml } from "#platform/http/html.ts";
import { findUnstorable } from "#platform/http/json.ts";
import { type Buckets, createBuckets } from "#platform/http/rate-limit.ts";
import { BadRequest, Invalid, Problem, TooManyRequests } from "#platform/problems.ts";
import type { Runtime } from "#platform/runtime.ts";
import { submitForm } from "../commands/submit-form.ts";
import { IntakeNotFound, OriginNotAllowed } from "../problems.ts";
import { findSourceByToken, type IntakeSource, workspaceOfToken } from "../queries/intake-sources.ts";
import { type FormFault, formPage, nameOf, refusalPage, thanksPage } from "./form-page.ts";
import { firstOf, type Given, givenOf, givenOfForm, hasConsented, whyNotGiven } from "./read-form.ts";
import { RESERVED } from "./source-settings.ts";
import { makeStamp, readStamp } from "./stamp.ts";

const MAX_BODY = 64 * 1024;
/** From one address to one form, in a minute: people behind one address share it. */
const PER_ADDRESS = 20;

type Found = { ctx: Context; source: IntakeSource };
type Params = { Params: { token: string } };

/**
 * The ways in that need no login: `POST /intake/:token` for forms in other pages and for programs, `GET` and `POST /f/:token` for the page that
 * this server shows itself. Who has a token may give leads and learns nothing: whether a person was known, whether their address is closed.
 */
export function publicForms(server: FastifyInstance, runtime: Runtime): void {
  const buckets = createBuckets(runtime.clock);
  server.register(async (scope) => {
    scope.addContentTypeParser<string>(
      "application/x-www-form-urlencoded",
      { parseAs: "string", bodyLimit: MAX_BODY },
      (_request, text, done) => done(null, new URLSearchParams(text)),
    );
    scope.options<Params>("/intake/:token", async (request, reply) => {
      const { source } = await find(runtime, request.params.token);
      allowOrigin(runtime, source, request, reply);
      return reply
        .headers({
          "access-control-allow-methods": "POST, OPTIONS",
          "access-control-allow-headers": "content-type, idempotency-key",
          "access-control-max-age": "600",
        })
        .code(204)
        .send();
    });
    scope.post<Params>("/intake/:token", { bodyLimit: MAX_BODY }, async (request, reply) => {
      const found = await find(runtime, request.params.token);
      allowOrigin(runtime, found.source, request, reply);
      return takeSubmission(found, request, reply, buckets);
    });
    scope.get<Params>("/f/:token", async (request, reply) => {
      const { source } = await findForm(runtime, request.params.token);
      const isDone = new URL(request.raw.url ?? "/", "http://localhost").searchParams.has("done");
      return html(reply, source, isDone ? thanksPage(source.settings) : freshForm(runtime, source));
    });
    scope.post<Params>("/f/:token", { bodyLimit: MAX_BODY }, async (request, reply) =>
      takePage(runtime, await findForm(runtime, request.params.token), request, reply, buckets),
    );
  });
}

async function find(runtime: Runtime, token: string): Promise<Found> {
  const workspace = /^[\w-]{10,60}$/.test(token)
    ? await workspaceOfToken({ db: runtime.database.forWorkspace("") }, token)
    : null;
  if (workspace === null) throw IntakeNotFound();
  const ctx = runtime.contextFor(workspace, { kind: "system", id: "leads.intake" });
  const source = await findSourceByToken(ctx, token);
  if (!source?.isActive) throw IntakeNotFound();
  return { ctx, source };
}

async function findForm(runtime: Runtime, token: string): Promise<Found> {
  const found = await find(runtime, token);
  if (found.source.kind !== "form") throw IntakeNotFound();
  return found;
}

/** Browsers say which page sends; programs say nothing. Refuses pages that the source does not name. */
function allowOrigin(runtime: Runtime, source: IntakeSource, request: FastifyRequest, reply: FastifyReply): void {
  const { origin } = request.headers;
  if (!origin) return;
  const { allowedOrigins } = source.settings;
  const isOurs = origin === new URL(runtime.config.publicUrl).origin;
  if (allowedOrigins.length > 0 && !isOurs && !allowedOrigins.includes(origin)) throw OriginNotAllowed();
  reply.headers({
    "access-control-allow-origin": origin,
    "cross-origin-resource-policy": "cross-origin",
    vary: "origin",
  });
}

function limit({ source }: Found, request: FastifyRequest, buckets: Buckets): void {
  const taken = [
    buckets.take(`source ${source.id}`, source.settings.ratePerMinute),
    // A program sends all of its leads from one address.
    ...(source.kind === "form" ? [buckets.take(`address ${source.id} ${request.ip}`, PER_ADDRESS)] : []),
  ].find(({ allowed }) => !allowed);
  if (!taken) return;
  const wait = String(taken.retryAfterSeconds);
  throw new Problem(TooManyRequests.definition, {
    detail: `Try again in ${wait} s.`,
    headers: { "retry-after": wait },
  });
}

/** What the body gives, whichever of the three ways it is written in. */
async function readGiven(request: FastifyRequest): Promise<Given> {
  const given = await givenIn(request);
  if (given === null) throw BadRequest("Send an object of fields, as JSON or as a form.");
  if (findUnstorable(given) !== null) throw Invalid("A text holds a NUL or half a character, which cannot be stored.");
  const fault = whyNotGiven(given);
  if (fault) throw Invalid(undefined, [fault]);
  return given;
}

async function givenIn(request: FastifyRequest): Promise<Given | null> {
  const { body } = request;
  if (body instanceof URLSearchParams) return givenOfForm(body);
  if (!request.isMultipart()) return givenOf(body);
  const pairs: [string, string][] = [];
  try {
    const parts = request.parts({ limits: { files: 0, fields: 101, parts: 101, fieldSize: 16 * 1024 } });
    for await (const part of parts) if (part.type === "field") pairs.push([part.fieldname, String(part.value)]);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "FST_FILES_LIMIT")
      throw Invalid("Files are not taken in here.");
    throw BadRequest("The form broke off, has too many fields, or is not multipart/form-data.");
  }
  return givenOfForm(pairs);
}

const refererOf = (request: FastifyRequest, given: Given): string | null => {
  const told = firstOf(given, RESERVED.pageUrl) || request.headers.referer || "";
  return /^https?:\/\//.test(told) ? told.slice(0, 1_000) : null;
};

async function takeSubmission(found: Found, request: FastifyRequest, reply: FastifyReply, buckets: Buckets) {
  limit(found, request, buckets);
  const given = await readGiven(request);
  const { ctx, source } = found;
  const { settings } = source;
  const key = request.headers["idempotency-key"];
  const submitted = {
    given,
    key: typeof key === "string" && key !== "" ? key.slice(0, 200) : null,
    pageUrl: refererOf(request, given),
    ip: request.ip,
    isTooFast: false,
  };
  const unagreed = consentFaults(found, given);
  const { faults } = unagreed.length > 0 ? { faults: unagreed } : await submitForm(ctx, source, submitted);
  const isForm = !(request.headers["content-type"] ?? "").includes("json") && wantsHtml(request.headers.accept);
  if (isForm && faults.length > 0) return html(reply.code(422), source, refusalPage(faults));
  if (isForm) return reply.redirect(settings.redirectUrl ?? `/f/${source.token}?done`, 303);
  if (faults.length > 0)
    throw Invalid(
      undefined,
      faults.map(({ field, reason }) => ({ pointer: field === "" ? "" : `/${field}`, detail: reason })),
    );
  return reply.code(202).send({ accepted: true });
}

function consentFaults({ source }: Found, given: Given): FormFault[] & { value: string }[] {
  const { isConsentRequired, consentText } = source.settings;
  if (!isConsentRequired || consentText === null || hasConsented(given)) return [];
  return [{ field: RESERVED.consent, value: "", reason: "Tick the box to go on." }];
}

/** The page of our own: what is missing is told at its field, and what was typed stays. */
async function takePage(
  runtime: Runtime,
  found: Found,
  request: FastifyRequest,
  reply: FastifyReply,
  buckets: Buckets,
) {
  limit(found, request, buckets);
  const { ctx, source } = found;
  const { settings } = source;
  const given = await readGiven(request);
  const shown = firstOf(given, RESERVED.stamp);
  const stamp = readStamp(runtime.config.secretKey, source.id, shown, ctx.now());
  // Who only mends a fault is quick: their time counts from the page they were given first.
  const again = (faults: FormFault[]) =>
    html(reply.code(422), source, freshForm(runtime, source, { given, faults, stamp: stamp ? shown : undefined }));
  const missing = settings.fields
    .filter((question) => question.isRequired && firstOf(given, nameOf(question)) === "")
    .map((question) => ({ field: nameOf(question), reason: "Fill this in." }));
  const faults = [...missing, ...consentFaults(found, given)];
  if (faults.length > 0) return again(faults);
  if (!stamp) return again([{ field: "", reason: "This page had been open for long: please send it again." }]);

  const taken = await submitForm(ctx, source, {
    given,
    key: `page:${stamp.nonce}`,
    pageUrl: `${runtime.config.publicUrl}/f/${source.token}`,
    ip: request.ip,
    isTooFast: stamp.ageMs < settings.minFillSeconds * 1_000,
  });
  if (taken.faults.length > 0) return again(taken.faults);
  return reply.redirect(settings.redirectUrl ?? `/f/${source.token}?done`, 303);
}

const freshForm = (
  runtime: Runtime,
  source: IntakeSource,
  { given, faults, stamp }: { given?: Given; faults?: FormFault[]; stamp?: string } = {},
) =>
  formPage(source.settings, {
    action: `/f/${source.token}`,
    stamp: stamp ?? makeStamp(runtime.config.secretKey, source.id, runtime.clock.now()),
    given,
    faults,
  });

/** Nothing but the page itself is loaded. It may stand in the pages that the source names, in any where it names none. */
function html(reply: FastifyReply, { settings }: IntakeSource, body: string) {
  const { allowedOrigins, redirectUrl } = settings;
  const frames = allowedOrigins.length > 0 ? `'self' ${allowedOrigins.join(" ")}` : "*";
  const onward = redirectUrl === null ? "" : ` ${new URL(redirectUrl).origin}`;
  return reply
    .removeHeader("x-frame-options")
    .headers({
      "content-security-policy": `default-src 'none'; style-src 'unsafe-inline'; form-action 'self'${onward}; base-uri 'none'; frame-ancestors ${frames}`,
      "cache-control": "no-store",
    })
    .type("text/html; charset=utf-8")
    .send(body);
}
