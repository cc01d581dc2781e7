import type { FastifyReply } from "fastify";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { TooManyRequests } from "../problems.ts";
import type { SignedIn } from "./request-context.ts";

type Bucket = { tokens: number; at: number };

/** Buckets kept at once; a process that serves more callers a minute forgets those that have filled up again. */
const MAX_BUCKETS = 50_000;
const MINUTE_MS = 60_000;

export type Taken = { allowed: boolean; limit: number; remaining: number; retryAfterSeconds: number };

/**
 * Token buckets in the memory of this process: each holds a minute's worth and refills evenly, so a caller may burst but not keep on.
 * With several processes each allows the whole limit.
 */
export function createBuckets(clock: Clock) {
  const buckets = new Map<string, Bucket>();

  function forgetFull(now: number): void {
    for (const [key, bucket] of buckets) if (now - bucket.at >= MINUTE_MS) buckets.delete(key);
    // Still too many within one minute: the oldest go.
    for (const key of buckets.keys()) {
      if (buckets.size < MAX_BUCKETS) return;
      buckets.delete(key);
    }
  }

  return {
    /** Takes one token of `key`, whose bucket holds `perMinute`; 0 means no limit. */
    take(key: string, perMinute: number): Taken {
      if (perMinute === 0) return { allowed: true, limit: 0, remaining: 0, retryAfterSeconds: 0 };
      const now = clock.now().getTime();
      const known = buckets.get(key);
      if (!known && buckets.size >= MAX_BUCKETS) forgetFull(now);
      const before = known ?? { tokens: perMinute, at: now };
      // A clock that was set back must not take tokens away.
      const gained = (Math.max(0, now - before.at) * perMinute) / MINUTE_MS;
      const tokens = Math.min(perMinute, before.tokens + gained);
      const allowed = tokens >= 1;
      const left = allowed ? tokens - 1 : tokens;
      buckets.set(key, { tokens: left, at: now });
      const retryAfterSeconds = allowed ? 0 : Math.max(1, Math.ceil(((1 - left) * 60) / perMinute));
      return { allowed, limit: perMinute, remaining: Math.floor(left), retryAfterSeconds };
    },
  };
}

export type Buckets = ReturnType<typeof createBuckets>;

/** Counts the request against the caller's API key, else their user, else their address. Throws TooManyRequests when the bucket is empty. */
export function limitRate(
  buckets: Buckets,
  limits: Config["rateLimits"],
  reply: FastifyReply,
  caller: SignedIn | null,
): void {
  const taken = takeFor(buckets, limits, reply.request.ip, caller);
  if (taken.limit === 0) return;
  reply.headers({ "ratelimit-limit": String(taken.limit), "ratelimit-remaining": String(taken.remaining) });
  if (taken.allowed) return;
  reply.header("retry-after", String(taken.retryAfterSeconds));
  throw TooManyRequests(`Try again in ${taken.retryAfterSeconds} s.`);
}

function takeFor(buckets: Buckets, limits: Config["rateLimits"], ip: string, caller: SignedIn | null): Taken {
  if (caller?.identity.apiKeyId) return buckets.take(`key ${caller.identity.apiKeyId}`, limits.perKey);
  if (caller?.identity.userId) return buckets.take(`user ${caller.identity.userId}`, limits.perUser);
  return buckets.take(`address ${ip}`, limits.perAddress);
}
