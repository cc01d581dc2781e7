import type { FastifyInstance } from "fastify";
import { isDatabaseAway } from "#platform/database/faults.ts";
import { BadSignature, keepBytes, rawRequest } from "#platform/http/raw-request.ts";
import { sha256 } from "#platform/ids.ts";
import { enqueue } from "#platform/jobs.ts";
import { keeperOf, keptRequestSchema } from "#platform/kept-requests.ts";
import { NotFound } from "#platform/problems.ts";
import type { Runtime } from "#platform/runtime.ts";
import type { LeadNotice, LeadWebhook } from "#providers/leads/port.ts";
import type { RawRequest } from "#providers/webhook.ts";
import { takeInSubmissions } from "../messages.ts";
import { insertSubmissions } from "../queries/submissions.ts";

/** Ids and little else; Meta sends at most a thousand changes at once. */
const MAX_BODY = 1024 * 1024;
const KEPT = "lead-webhook";
/** Each has a route of its own beside `/webhooks/:workspaceId/:provider`, which is that of messages. */
const VENDORS = ["meta-leads", "sandbox-leads"] as const;

export function takesUpLeadWebhooks(runtime: Runtime): void {
  keeperOf(runtime).takes(KEPT, (kept) => {
    const { workspaceId, provider, ...raw } = keptRequestSchema.parse(kept);
    return takeLeadWebhook(runtime, workspaceId, provider, raw);
  });
}

/** `GET` answers the question with which Meta makes sure of the address; `POST` takes leads in. */
export function leadAdWebhooks(server: FastifyInstance, runtime: Runtime): void {
  server.register(async (scope) => {
    keepBytes(scope, MAX_BODY);
    for (const provider of VENDORS) {
      const path = `/webhooks/:workspaceId/${provider}`;
      scope.get<{ Params: { workspaceId: string } }>(path, async (request, reply) => {
        const query = new URL(request.raw.url ?? "/", "http://localhost").searchParams;
        const challenge = await answerHandshake(runtime, request.params.workspaceId, provider, query);
        return reply.type("text/plain").send(challenge);
      });
      scope.post<{ Params: { workspaceId: string } }>(path, { bodyLimit: MAX_BODY }, async (request, reply) => {
        const raw = rawRequest(request, runtime.config.publicUrl);
        const { workspaceId } = request.params;
        try {
          await takeLeadWebhook(runtime, workspaceId, provider, raw);
        } catch (error) {
          // Meta asks again for a day and a half; whoever is away for longer has their leads all the same.
          if (isDatabaseAway(error)) await keeperOf(runtime).keepRequest(KEPT, { workspaceId, provider }, raw);
          throw error;
        }
        return reply.code(200).header("content-type", "text/plain").send("");
      });
    }
  });
}

async function webhookOf(runtime: Runtime, workspaceId: string, provider: string) {
  const ctx = runtime.contextFor(workspaceId, { kind: "vendor", id: provider });
  const source = await ctx.providers.leadAds(ctx, provider);
  if (!source) throw NotFound("No integration of this name takes webhooks here.");
  return { ctx, webhook: source.vendor.webhook };
}

async function answerHandshake(runtime: Runtime, workspaceId: string, provider: string, query: URLSearchParams) {
  const { webhook } = await webhookOf(runtime, workspaceId, provider);
  const challenge = webhook.handshake(query);
  if (challenge === null) throw BadSignature("The verify token is not the one that is stored for this integration.");
  return challenge;
}

/**
 * The one way in for a vendor's leads: verify, keep, and have them taken in behind the answer. Throws NotFound for a vendor that is not
 * connected, and BadSignature. When it returns, all entries of the body are on disk; a repeat changes nothing.
 */
export async function takeLeadWebhook(
  runtime: Runtime,
  workspaceId: string,
  provider: string,
  raw: RawRequest,
): Promise<void> {
  const { ctx, webhook } = await webhookOf(runtime, workspaceId, provider);
  if (!webhook.verify(raw)) throw BadSignature();
  const notices = readNotices(webhook, raw);
  const rest = { provider, sourceId: null, pageUrl: null, ip: null };
  if (notices instanceof Error) {
    const payload = { unreadable: raw.body.toString("utf8").slice(0, 100_000) };
    const externalId = `unreadable:${sha256(raw.body)}`;
    await insertSubmissions(ctx, [
      { ...rest, externalId, label: null, payload, status: "FAILED", detail: notices.message },
    ]);
    return;
  }
  if (notices.length === 0) return;
  await insertSubmissions(
    ctx,
    notices.map(({ externalId, ...notice }) => ({
      ...rest,
      externalId,
      label: notice.origin.formName,
      payload: { notice },
      status: "RECEIVED" as const,
    })),
  );
  // A repeat asks again too: it may be one because we failed between the two.
  await enqueue(ctx, takeInSubmissions, {}, { key: "all" });
}

/** The leads in a verified request, or why its body is none of the vendor's. */
function readNotices(webhook: LeadWebhook, raw: RawRequest): LeadNotice[] | Error {
  try {
    return webhook.read(raw);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
