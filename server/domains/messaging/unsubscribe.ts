import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { inRetriedTransaction } from "#platform/context.ts";
import { isDatabaseAway } from "#platform/database/faults.ts";
import { readUnsubscribeToken } from "#platform/integrations/load.ts";
import { keeperOf } from "#platform/kept-requests.ts";
import { NotFound } from "#platform/problems.ts";
import type { Runtime } from "#platform/runtime.ts";
import { CHANNELS } from "./channels.ts";
import { chooseChannels } from "./commands/choose-channels.ts";
import { optOut } from "./commands/opt-out.ts";
import { preferencePage, triedOutPage, unsubscribedPage, wantsNothingPage } from "./preference-page.ts";
import { evidenceOf, findRecipient, showPreferences } from "./preferences.ts";

/** The token of previews and tests, which names nobody. */
const TRIED_OUT = "preview";

const HTML = "text/html; charset=utf-8";
/** What a link shows is its person's alone. */
const PRIVATE = { "cache-control": "no-store", "referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow" };

type ByToken = { Params: { token: string } };

function namedBy(runtime: Runtime, token: string) {
  const named = readUnsubscribeToken(runtime.config.secretKey, token);
  if (!named) throw NotFound("This link is not one of ours.");
  return named;
}

function readToken(runtime: Runtime, token: string) {
  const named = namedBy(runtime, token);
  return { named, ctx: runtime.contextFor(named.workspaceId, { kind: "recipient", id: named.messageId }) };
}

/** `unsubscribe`: from the address of the message; `want-nothing`: from everything, on the page of the link. */
type No = "unsubscribe" | "want-nothing";
const keptNo = z.object({ token: z.string() });

/** False: it could not be kept. Throws NotFound for a token that is none of ours. */
function keepNo(runtime: Runtime, kind: No, token: string): Promise<boolean> {
  const { workspaceId } = namedBy(runtime, token);
  return keeperOf(runtime).keep({ kind, token }, workspaceId);
}

function chooseNothing(runtime: Runtime, token: string): Promise<void> {
  const { named, ctx } = readToken(runtime, token);
  return chooseChannels(ctx, named, new Set());
}

/** Suppresses the address that the token's message went to. Throws NotFound for a token that is none of ours. */
export async function unsubscribe(runtime: Runtime, token: string): Promise<void> {
  const { named, ctx } = readToken(runtime, token);
  await inRetriedTransaction(ctx, async (tx) => {
    // Not locked: whoever takes in what people wrote holds the leads first, and the messages after them.
    const recipient = await findRecipient(tx, named);
    if (!recipient) return;
    const { kind, value } = recipient.own;
    await optOut(tx, {
      kind,
      value,
      reason: "UNSUBSCRIBE",
      evidence: evidenceOf.link(named.messageId),
      messageId: named.messageId,
    });
  });
}

export function takesUpNos(runtime: Runtime): void {
  const keeper = keeperOf(runtime);
  keeper.takes("unsubscribe", (kept) => unsubscribe(runtime, keptNo.parse(kept).token));
  keeper.takes("want-nothing", (kept) => chooseNothing(runtime, keptNo.parse(kept).token));
}

/**
 * `GET /u/:token` shows what its person may choose; `POST /u/:token` suppresses the address the message went to, and `POST
 * /u/:token/preferences` what they unticked. The first POST is what a mail program sends for one-click unsubscribe (RFC 8058): no login, no cookie,
 * no question. A GET changes nothing: link scanners follow every link.
 */
export function unsubscribePages(server: FastifyInstance, runtime: Runtime): void {
  const read = (token: string) => readToken(runtime, token);

  server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "string", bodyLimit: 4_096 }, (_request, body, done) =>
      done(null, body),
    );
    scope.get<ByToken>("/u/:token", { config: { access: "public" } }, async (request, reply) => {
      const { token } = request.params;
      reply.headers(PRIVATE).type(HTML);
      if (token === TRIED_OUT) return reply.send(triedOutPage());
      const { named, ctx } = read(token);
      const recipient = await findRecipient(ctx, named);
      if (!recipient) return reply.send(unsubscribedPage(token));
      const isSaved = new URL(request.url, runtime.config.publicUrl).searchParams.has("saved");
      return reply.send(preferencePage(await showPreferences(ctx, recipient), token, isSaved));
    });
    // Without an access rule, and so without a limit for each address: mail providers unsubscribe thousands from one.
    scope.post<ByToken>("/u/:token", async (request, reply) => {
      const { token } = request.params;
      reply.headers(PRIVATE).type(HTML);
      if (token === TRIED_OUT) return reply.send(triedOutPage());
      try {
        await unsubscribe(runtime, token);
      } catch (error) {
        // Whoever says no once does not say it again: it is done before anything is sent, as that takes the database too.
        if (!isDatabaseAway(error) || !(await keepNo(runtime, "unsubscribe", token))) throw error;
      }
      return reply.send(unsubscribedPage(token));
    });
    // Nor this one: a page that names no referrer posts as "null", and who is signed in here would be refused as if another site had sent it.
    scope.post<ByToken>("/u/:token/preferences", async (request, reply) => {
      const { token } = request.params;
      const { named, ctx } = read(token);
      const chosen = new URLSearchParams(typeof request.body === "string" ? request.body : "").getAll("channel");
      const wanted = new Set(CHANNELS.filter((channel) => chosen.includes(channel)));
      try {
        await chooseChannels(ctx, named, wanted);
      } catch (error) {
        // What is wanted otherwise can be asked for again when it can be shown what there is.
        if (!isDatabaseAway(error) || wanted.size > 0 || !(await keepNo(runtime, "want-nothing", token))) throw error;
        return reply.headers(PRIVATE).type(HTML).send(wantsNothingPage());
      }
      return reply.headers(PRIVATE).redirect(`/u/${encodeURIComponent(token)}?saved`, 303);
    });
  });
}
