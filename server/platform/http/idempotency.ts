import { sql } from "kysely";
import type { FastifyRequest } from "fastify";
import type { Context } from "../context.ts";
import { decrypt, encrypt } from "../crypto.ts";
import { sha256 } from "../ids.ts";
import {
  AnswerForgotten,
  BadRequest,
  IdempotencyInFlight,
  IdempotencyReused,
  SecretShownOnce,
  TooManyRequests,
} from "../problems.ts";
import type { Answer } from "./orpc.ts";
import { problemAnswer, toProblem } from "./problem-reply.ts";

const KEEP_MS = 24 * 60 * 60_000;
/** A request that has not answered after this long is taken for dead: its process crashed or was killed. */
const DEAD_AFTER_MS = 60_000;
const CLEAN_EVERY = 100;
const KEY = /^[\x21-\x7e]{1,255}$/;
const METHODS = new Set(["POST", "PUT", "PATCH", "DELETE"]);

let claims = 0;

/**
 * Answers a repeated request with the answer of the first: `Idempotency-Key` on POST, PUT, PATCH and DELETE of a caller who acts in a
 * workspace. The key's row is inserted before anything happens, so of any number of equal requests at once one runs and the others get 409
 * or its answer. Multipart uploads and streamed answers are exempt: their bodies are never held in memory, so they cannot be compared or kept.
 *
 * What is kept, encrypted, because answers speak of people: answers below 500. Of an answer with a secret only the fact is kept, and a repeat
 * is told so. After a fault of ours the key stays in flight for a minute and may then be tried again.
 */
export async function answerOnce(request: FastifyRequest, run: () => Promise<Answer>): Promise<Answer> {
  const key = request.headers["idempotency-key"];
  if (key === undefined || !METHODS.has(request.method) || request.isMultipart() || !request.signedIn?.actor)
    return run();
  if (typeof key !== "string" || !KEY.test(key))
    throw BadRequest("Idempotency-Key is 1 to 255 printable characters without spaces.");

  const { ctx, runtime } = request.caller;
  const { secretKey } = runtime.config;
  const claim: Claim = {
    key: `${ctx.actor.id} ${key}`,
    route: `${request.method} ${request.url}`,
    bodyHash: sha256(JSON.stringify(request.body) ?? ""),
    at: ctx.now(),
  };
  const kept = await claimKey(ctx, claim, secretKey);
  const { answersSecret } = request.routeOptions.config;
  if (kept && answersSecret && kept.status < 400) throw SecretShownOnce();
  // Of an answer without a body its status is all that there was.
  if (kept?.isForgotten && kept.status !== 204) throw AnswerForgotten(`The answer had the status ${kept.status}.`);
  if (kept) return kept.answer;
  const answer = await runToAnswer(request, run);
  const { status } = answer;
  const body = answersSecret && status < 400 ? undefined : answer.body;
  if (typeof body === "string" || body === undefined) await keepAnswer(ctx, claim, secretKey, { status, body });
  else await forgetKey(ctx, claim);
  return answer;
}

type Claim = { key: string; route: string; bodyHash: string; at: Date };

/** `isForgotten`: only its status is known. */
type Kept = { status: number; isForgotten: boolean; answer: Answer };

/** Null: the key is ours, run the request. Otherwise the answer of the request that had it first. */
async function claimKey(ctx: Context, claim: Claim, secretKey: Buffer): Promise<Kept | null> {
  if (claims++ % CLEAN_EVERY === 0) await forgetExpired(ctx);
  const deadBefore = new Date(claim.at.getTime() - DEAD_AFTER_MS);
  const expiredBefore = new Date(claim.at.getTime() - KEEP_MS);
  const { rows } = await sql`
    insert into idempotency_keys as k (workspace_id, key, route, body_hash, created_at)
    values (${ctx.workspace}, ${claim.key}, ${claim.route}, ${claim.bodyHash}, ${claim.at})
    on conflict (workspace_id, key) do update
      set route = excluded.route, body_hash = excluded.body_hash, created_at = excluded.created_at, status = null, body = null, completed_at = null,
        is_forgotten = false
      where k.created_at <= ${expiredBefore}
        or (k.completed_at is null and k.created_at <= ${deadBefore} and k.route = excluded.route and k.body_hash = excluded.body_hash)
    returning k.key`.execute(ctx.db);
  if (rows.length > 0) return null;

  const first = await ctx.db.selectFrom("idempotencyKeys").selectAll().where("key", "=", claim.key).executeTakeFirst();
  if (!first) return claimKey(ctx, claim, secretKey);
  if (first.route !== claim.route || first.bodyHash !== claim.bodyHash) throw IdempotencyReused();
  if (first.status === null) throw IdempotencyInFlight();
  const type: Record<string, string> = first.status >= 400 ? { "content-type": "application/problem+json" } : {};
  const body = first.body === null ? undefined : decrypt(secretKey, first.body, claim.key);
  const { status, isForgotten } = first;
  return { status, isForgotten, answer: { status, headers: { ...type, "idempotency-replayed": "true" }, body } };
}

/** A refusal is an answer too. Faults of ours and "come back later" are not: they go on as errors. */
async function runToAnswer(request: FastifyRequest, run: () => Promise<Answer>): Promise<Answer> {
  try {
    return await run();
  } catch (error) {
    const { problem, expected } = toProblem(error);
    if (!expected || problem.definition.status >= 500 || problem.definition === TooManyRequests.definition) throw error;
    return problemAnswer(problem, request);
  }
}

/** Only while the key is still ours: a request given up for dead may come back after another took its place. */
async function keepAnswer(
  ctx: Context,
  claim: Claim,
  secretKey: Buffer,
  answer: { status: number; body: string | undefined },
): Promise<void> {
  const { status, body } = answer;
  const sealed = body === undefined ? null : encrypt(secretKey, body, claim.key);
  await ctx.db
    .updateTable("idempotencyKeys")
    .set({ status, body: sql`case when not is_forgotten then ${sealed}::text end`, completedAt: ctx.now() })
    .where("key", "=", claim.key)
    .where("createdAt", "=", claim.at)
    .where("completedAt", "is", null)
    .execute();
}

async function forgetKey(ctx: Context, claim: Claim): Promise<void> {
  await ctx.db.deleteFrom("idempotencyKeys").where("key", "=", claim.key).where("createdAt", "=", claim.at).execute();
}

async function forgetExpired(ctx: Context): Promise<void> {
  const expiredBefore = new Date(ctx.now().getTime() - KEEP_MS);
  await ctx.db.deleteFrom("idempotencyKeys").where("createdAt", "<=", expiredBefore).execute();
}

/**
 * After a person was erased: what was answered may speak of them, and nobody can tell which answers do without opening them all. A repeat of such
 * a request still does nothing twice; it is told so (AnswerForgotten), and so are repeats of those that are under way. `but`: the end of the address
 * of the request that erases, whose own answer speaks of nobody and is kept. Answers how many.
 */
export async function forgetAnswers(ctx: Context, but?: string): Promise<number> {
  const isOwn = sql<boolean>`completed_at is null and right(route, ${but?.length ?? 0}::int) = ${but ?? null}`;
  const { numUpdatedRows } = await ctx.db
    .updateTable("idempotencyKeys")
    .set({ body: null, isForgotten: true })
    .where("workspaceId", "=", ctx.workspace)
    .where((eb) => eb.or([eb("body", "is not", null), eb("completedAt", "is", null)]))
    .where(sql<boolean>`(${isOwn}) is not true`)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
