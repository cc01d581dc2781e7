import type { FastifyInstance } from "fastify";
import { inRetriedTransaction } from "#platform/context.ts";
import { htmlPage } from "#platform/http/html.ts";
import { readUnsubscribeToken } from "#platform/integrations/load.ts";
import { NotFound } from "#platform/problems.ts";
import type { Runtime } from "#platform/runtime.ts";
import { optOut } from "./commands/opt-out.ts";
import { findAddressee } from "./queries/inbound.ts";

/**
 * `GET /u/:token` shows one button; `POST /u/:token` suppresses the address the message went to. The POST is what a mail program sends for
 * one-click unsubscribe (RFC 8058): no login, no cookie, no question. A GET changes nothing: link scanners follow every link.
 */
export function unsubscribePages(server: FastifyInstance, runtime: Runtime): void {
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "string", bodyLimit: 4_096 }, (_request, _body, done) =>
      done(null, undefined),
    );
    scope.get<{ Params: { token: string } }>("/u/:token", { config: { access: "public" } }, async (request, reply) => {
      if (!readUnsubscribeToken(runtime.config.secretKey, request.params.token))
        throw NotFound("This link is not one of ours.");
      return reply.type("text/html").send(htmlPage("Unsubscribe", ASK));
    });
    // Without an access rule, and so without a limit for each address: mail providers unsubscribe thousands from one.
    scope.post<{ Params: { token: string } }>("/u/:token", async (request, reply) => {
      const named = readUnsubscribeToken(runtime.config.secretKey, request.params.token);
      if (!named) throw NotFound("This link is not one of ours.");
      const ctx = runtime.contextFor(named.workspaceId, { kind: "recipient", id: named.messageId });
      await inRetriedTransaction(ctx, async (tx) => {
        // Not locked: whoever takes in what people wrote holds the leads first, and the messages after them.
        const message = await findAddressee(tx, named.messageId);
        // Deleted with its lead. A text names no address; who has one answers STOP.
        const address = message ?? (named.email === null ? null : { channel: "EMAIL", to: named.email });
        if (!address) return;
        await optOut(tx, {
          kind: address.channel === "EMAIL" ? "EMAIL" : "PHONE",
          value: address.to,
          reason: "UNSUBSCRIBE",
          evidence: `link in the message ${named.messageId}`,
        });
      });
      return reply.type("text/html").send(htmlPage("Unsubscribed", DONE));
    });
  });
}

const ASK = `<h1>Unsubscribe</h1><p>You will get no more messages from us at this address.</p><form method="post"><button type="submit">Unsubscribe</button></form>`;
const DONE = `<h1>Unsubscribed</h1><p>You are unsubscribed. You will get no more messages from us at this address.</p>`;
