import type { FastifyInstance } from "fastify";
import { isDatabaseAway } from "#platform/database/faults.ts";
import { BadSignature, keepBytes, rawRequest } from "#platform/http/raw-request.ts";
import { newId, sha256 } from "#platform/ids.ts";
import { enqueue } from "#platform/jobs.ts";
import { keeperOf, keptRequestSchema, type KeptRequest } from "#platform/kept-requests.ts";
import { NotFound } from "#platform/problems.ts";
import type { Runtime } from "#platform/runtime.ts";
import type { ProviderWebhook, RawRequest, WebhookFact } from "#providers/webhook.ts";
import { coalesce } from "./coalesce.ts";
import { joinProcessing, processInboundEvents } from "./commands/process-inbound.ts";
import { processInbound } from "./messages.ts";
import { storeFacts, storeUnreadable } from "./queries/inbound.ts";

const MAX_BODY = 25 * 1024 * 1024; // Inbound mail comes with attachments.

export function takesUpWebhooks(runtime: Runtime): void {
  keeperOf(runtime).takes("webhook", (kept) => takeKeptWebhook(runtime, keptRequestSchema.parse(kept)));
}

/** `POST /webhooks/:workspaceId/:provider`. The exact bytes are kept for the signature, so this scope parses nothing. */
export function messagingWebhooks(server: FastifyInstance, runtime: Runtime): void {
  server.register(async (scope) => {
    keepBytes(scope, MAX_BODY);
    scope.post<{ Params: { workspaceId: string; provider: string } }>(
      "/webhooks/:workspaceId/:provider",
      { bodyLimit: MAX_BODY },
      async (request, reply) => {
        const { workspaceId, provider } = request.params;
        const raw = rawRequest(request, runtime.config.publicUrl);
        try {
          await takeWebhook(runtime, workspaceId, provider, raw);
        } catch (error) {
          // Not every vendor asks again. Those that do are told to: a repeat changes nothing.
          if (isDatabaseAway(error)) await keeperOf(runtime).keepRequest("webhook", { workspaceId, provider }, raw);
          throw error;
        }
        return reply.code(200).header("content-type", "text/plain").send("");
      },
    );
  });
}

/** Takes a kept request in and reads it at once: a STOP is heeded before anything else is sent. */
async function takeKeptWebhook(runtime: Runtime, { workspaceId, provider, ...raw }: KeptRequest): Promise<void> {
  await takeWebhook(runtime, workspaceId, provider, raw);
  const ctx = runtime.contextFor(workspaceId, { kind: "system", id: "messaging.process-inbound" });
  try {
    await processInboundEvents(ctx);
  } catch (error) {
    if (isDatabaseAway(error)) throw error;
    ctx.log.warn({ err: error }, "what was kept is stored and could not be read at once; the job will");
  }
}

/** How each process asks for the job that reads what was stored. */
const askers = new WeakMap<Runtime, (workspaceId: string) => Promise<void>>();

function askerOf(runtime: Runtime): (workspaceId: string) => Promise<void> {
  const known = askers.get(runtime);
  if (known) return known;
  const ctxOf = (workspaceId: string) => runtime.contextFor(workspaceId, { kind: "system", id: "messaging.webhooks" });
  const ask = coalesce(
    (workspaceId) => enqueue(ctxOf(workspaceId), processInbound, {}, { key: "all" }),
    (error, workspaceId) =>
      ctxOf(workspaceId).log.warn({ err: error }, "the job that reads webhooks could not be asked for; tidy-up will"),
  );
  askers.set(runtime, ask);
  return ask;
}

/**
 * The one way in for a vendor's word: verify, store raw; a job does the rest. Throws NotFound for a vendor that is not connected, and
 * BadSignature. When it returns, the word is on disk.
 *
 * The job is asked for behind the event, not with it: all of a workspace's share one, and transactions that hold its row until they have
 * committed would wait for each other (60 webhooks a second: 36 ms each). Nothing is asked for while this process is reading anyway, and
 * who asks while somebody asks is served by one further request. Should the process die in between, `messaging.tidy-up` finds the event.
 */
export async function takeWebhook(
  runtime: Runtime,
  workspaceId: string,
  provider: string,
  raw: RawRequest,
): Promise<void> {
  const ctx = runtime.contextFor(workspaceId, { kind: "vendor", id: provider });
  const active = await ctx.providers.byName(ctx, provider);
  if (!active?.vendor.webhook) throw NotFound("No integration of this name takes webhooks here.");
  if (!active.vendor.webhook.verify(raw)) throw BadSignature();

  const facts = await readFacts(active.vendor.webhook, raw);
  if (facts instanceof Error) {
    const body = raw.body.toString("utf8").slice(0, 100_000);
    await storeUnreadable(ctx, provider, newId("inb"), sha256(raw.body), body, facts.message);
  } else if (facts.length > 0) {
    await storeFacts(
      ctx,
      provider,
      facts.map((fact) => ({ id: newId("inb"), externalId: fact.externalId, fact })),
    );
    // A repeat asks again too: it may be one because we failed between the two.
    if (!joinProcessing(workspaceId)) await askerOf(runtime)(workspaceId);
  }
}

/** The facts in a verified request, or why its body is none of the vendor's: whatever the vendor throws is about the body alone. */
async function readFacts(webhook: ProviderWebhook, raw: RawRequest): Promise<WebhookFact[] | Error> {
  try {
    return await webhook.read(raw);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
