import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { createBuckets } from "#platform/http/rate-limit.ts";
import { newId } from "#platform/ids.ts";
import { NotFound, TooManyRequests } from "#platform/problems.ts";
import type { Runtime } from "#platform/runtime.ts";
import type { EngagementKind } from "../queries/engagements.ts";
import { findLink } from "../queries/tracked-links.ts";
import { botReasonOf } from "./bots.ts";
import { recorderOf } from "./recorder.ts";
import { isShortToken, type Named, readLinkToken, readPixelToken } from "./tokens.ts";

/** One transparent point. */
const POINT = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

/** Nothing of it is kept on the way, and the page that is led to is not told which message it was. */
const HEADERS = { "cache-control": "no-store", "referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow" };

/** Tokens of nobody's that one address may try in a minute. A person has none; behind one address of a carrier are thousands of people. */
const MISSES_PER_MINUTE = 60;
const MOST_AGENT_CHARACTERS = 300;
/** So long somebody who follows a link waits for the click to be written; mostly it takes a few thousandths of a second. */
const MOST_WAIT_MS = 500;

/**
 * `GET /l/:token` leads to where the link of a message led before it was tracked, and nowhere else; `GET /o/:token.gif` is the picture of a mail.
 * Nobody signs in, and no limit stands in anybody's way: a mail provider's proxy asks for thousands. A click is in the database before its
 * answer, whatever becomes of this process; while the database is away or slow a link leads on all the same, and the click is on the disk, from
 * where this process or the next one writes it.
 * Opens are written behind the answer: the last moment of a process that is killed may be missing of them.
 */
export function trackingPages(server: FastifyInstance, runtime: Runtime): void {
  const recorder = recorderOf(runtime);
  const buckets = createBuckets(runtime.clock);
  const system = { kind: "system", id: "messaging.tracking" } as const;
  const signerOf = (workspaceId: string) => runtime.contextFor(workspaceId, system);

  function see(request: FastifyRequest, { workspaceId, messageId }: Named, kind: EngagementKind, url: string | null) {
    const text = (name: string) => {
      const value = request.headers[name];
      return typeof value === "string" ? value : null;
    };
    const userAgent = text("user-agent")?.slice(0, MOST_AGENT_CHARACTERS).toWellFormed().replaceAll("\0", "") ?? null;
    const purpose = text("sec-purpose") ?? text("purpose") ?? text("x-moz");
    const botReason = botReasonOf({ kind, isHead: request.method === "HEAD", purpose, userAgent });
    const at = runtime.clock.now();
    return recorder.add({
      workspaceId,
      engagement: { id: newId("eng"), messageId, kind, at, url, source: "tracking", botReason, userAgent },
    });
  }

  /** Until the click is written, or long enough to say that the database is slow. */
  const clicked = async (request: FastifyRequest, named: Named, url: string) => {
    const patience = new AbortController();
    const tired = sleep(MOST_WAIT_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([see(request, named, "CLICK", url), tired]);
    patience.abort();
  };

  const leadOn = (reply: FastifyReply, url: string) =>
    // As a header takes it: letters of other scripts are written as a program asks for them.
    reply.headers(HEADERS).code(302).header("location", new URL(url).href).send();

  async function findShort(request: FastifyRequest, token: string) {
    const key = `misses of ${request.ip}`;
    const found = await findLink(runtime.contextFor("", system), token);
    if (!found && !buckets.take(key, MISSES_PER_MINUTE).allowed) throw TooManyRequests("Try again in a minute.");
    return found;
  }

  // A wildcard: a parameter has a length that a link may pass.
  server.get<{ Params: { "*": string } }>("/l/*", async (request, reply) => {
    const token = request.params["*"];
    if (isShortToken(token)) {
      const found = await findShort(request, token);
      if (!found) throw NotFound("This link is not one of ours.");
      const { workspaceId, messageId, url } = found;
      if (messageId !== null) await clicked(request, { workspaceId, messageId }, url);
      return leadOn(reply, url);
    }
    const read = readLinkToken(token, signerOf);
    if (!read) throw NotFound("This link is not one of ours.");
    await clicked(request, read, read.url);
    return leadOn(reply, read.url);
  });

  server.get<{ Params: { "*": string } }>("/o/*", async (request, reply) => {
    // Shown whosever it is: a broken picture in a mail helps nobody.
    const named = readPixelToken(request.params["*"].replace(/\.gif$/, ""), signerOf);
    if (named) void see(request, named, "OPEN", null);
    return reply
      .headers({ ...HEADERS, "cross-origin-resource-policy": "cross-origin" })
      .type("image/gif")
      .send(POINT);
  });

  server.addHook("onReady", async () => {
    // Beside the requests: what others have left does not keep this process from serving.
    recorder.takeUp().catch((error: unknown) => runtime.log.error({ err: error }, "clicks could not be taken up"));
  });
  server.addHook("onClose", () => recorder.written());
}
