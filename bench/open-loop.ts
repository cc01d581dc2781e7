import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import { elapsed } from "#platform/clock.ts";

/** A request as a vendor posts it. */
export type Post = { path: string; headers: Record<string, string>; body: string };

/** More than are ever under way at once unless the server stalls; then the rest waits, and its wait is counted. */
const CONNECTIONS = 100;

/**
 * Posts at a fixed rate, whether or not earlier ones have been answered, as vendors do. Each latency, in milliseconds, is counted from the
 * instant at which the request was due, not from when it could be sent: a server that stalls is charged for everybody whom it kept
 * waiting. Throws when an answer is not 200.
 */
export async function postAtRate(url: string, posts: readonly Post[], perSecond: number): Promise<number[]> {
  const pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1 });
  const latencies: number[] = [];
  const underWay = new Set<Promise<void>>();
  let failure: Error | undefined;
  const start = elapsed();

  async function send(post: Post, dueAt: number): Promise<void> {
    const { statusCode, body } = await pool.request({ ...post, method: "POST" });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`${post.path} was answered with ${statusCode}: ${text.slice(0, 200)}`);
    latencies.push(elapsed() - dueAt);
  }

  for (const [place, post] of posts.entries()) {
    const dueAt = start + (place * 1_000) / perSecond;
    const early = dueAt - elapsed();
    if (early > 0) await sleep(early);
    if (failure) break;
    const one = send(post, dueAt)
      .catch((error: unknown) => {
        failure ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => underWay.delete(one));
    underWay.add(one);
  }
  await Promise.all(underWay);
  await pool.close();
  if (failure) throw failure;
  return latencies;
}
