import type { FastifyInstance, FastifyReply } from "fastify";
import { EVENTS_CHANNEL } from "../events.ts";
import { openStreams } from "../metrics.ts";
import { TooManyStreams } from "../problems.ts";
import type { Runtime } from "../runtime.ts";
import { API_PREFIX } from "./operations.ts";
import { z } from "zod";

/** At most one message of a type in this time: an import of a thousand leads makes the browser fetch its list once, not a thousand times. */
const COALESCE_MS = 250;
/** Proxies close connections that say nothing for a minute. */
const HEARTBEAT_MS = 20_000;
/** A browser comes back by itself; coming back it is asked again who it is, so that a removed member does not listen on. */
const MAX_AGE_MS = 15 * 60_000;
const MAX_STREAMS_PER_CALLER = 20;
/** What the browser may not have read yet, in bytes, before it is taken for gone. */
const MAX_BACKLOG = 256 * 1024;

const notificationSchema = z.object({ workspace: z.string(), type: z.string() });

type Stream = { workspace: string; caller: string; send(type: string): void; resync(): void; end(): void };

/** One listener on the database for all browsers of this process. */
export function createEventHub(runtime: Runtime) {
  const streams = new Set<Stream>();
  let stopListening: Promise<() => Promise<void>> | undefined;

  const onNotify = (text: string) => {
    const parsed = notificationSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return;
    for (const stream of streams) if (stream.workspace === parsed.data.workspace) stream.send(parsed.data.type);
  };
  /** Notifications of the time in between are lost: the browsers fetch everything again. */
  const onReconnect = () => {
    for (const stream of streams) stream.resync();
  };

  return {
    streams,
    async listen(): Promise<void> {
      stopListening ??= runtime.database.listen(EVENTS_CHANNEL, onNotify, onReconnect).catch((error: unknown) => {
        stopListening = undefined;
        throw error;
      });
      await stopListening;
    },
    async close(): Promise<void> {
      for (const stream of streams) stream.end();
      const stop = await stopListening;
      await stop?.();
    },
  };
}

/** Writes Server-Sent Events to one browser: types only, what changed is fetched through the API, where permissions are checked. */
function openStream(reply: FastifyReply, workspace: string, caller: string, onEnd: () => void): Stream {
  const { raw } = reply;
  const waiting = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let isOpen = true;

  const write = (text: string) => {
    if (!isOpen) return;
    raw.write(text);
    if (raw.writableLength > MAX_BACKLOG) end();
  };
  const flush = () => {
    timer = undefined;
    if (waiting.size === 0) return;
    for (const type of waiting) write(`data: ${JSON.stringify({ type })}\n\n`);
    waiting.clear();
    timer = setTimeout(flush, COALESCE_MS);
  };
  const end = () => {
    if (!isOpen) return;
    isOpen = false;
    clearTimeout(timer);
    clearInterval(heartbeat);
    clearTimeout(old);
    onEnd();
    raw.end();
  };
  const heartbeat = setInterval(() => write(": still here\n\n"), HEARTBEAT_MS);
  const old = setTimeout(end, MAX_AGE_MS);
  raw.once("close", end);
  return {
    workspace,
    caller,
    end,
    resync: () => write("event: resync\ndata: {}\n\n"),
    send: (type) => {
      waiting.add(type);
      // The first is told at once, those that follow within the window together.
      if (!timer) flush();
    },
  };
}

/**
 * `GET /api/v1/events/stream`: `data: {"type": "leads.lead-created"}` for each kind of event of the caller's workspace, `event: resync` when
 * some may have been missed. The connection ends after 15 minutes and at shutdown; EventSource comes back by itself.
 */
export function serveEventStream(server: FastifyInstance, runtime: Runtime): void {
  const hub = createEventHub(runtime);
  server.get(
    `${API_PREFIX}/events/stream`,
    { exposeHeadRoute: false, config: { access: "workspace:read", operationId: "platform.events.stream" } },
    async (request, reply) => {
      const { ctx } = request.caller;
      const caller = ctx.actor.id;
      const already = [...hub.streams].filter((stream) => stream.caller === caller).length;
      if (already >= MAX_STREAMS_PER_CALLER)
        throw TooManyStreams(`${MAX_STREAMS_PER_CALLER} streams are open already.`);
      await hub.listen();
      reply.hijack();
      reply.raw.writeHead(200, {
        ...Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)])),
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-cache, no-transform",
        "x-accel-buffering": "no",
      });
      const stream = openStream(reply, ctx.workspace, caller, () => {
        hub.streams.delete(stream);
        openStreams.set(hub.streams.size);
      });
      hub.streams.add(stream);
      openStreams.set(hub.streams.size);
      reply.raw.write("retry: 2000\nevent: resync\ndata: {}\n\n");
    },
  );
  // Before the server waits for its connections to end: these would not end by themselves.
  server.addHook("preClose", () => hub.close());
}
