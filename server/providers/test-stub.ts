import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Server } from "node:net";

/** A request as a stubbed vendor received it. */
export interface StubRequest {
  method: string;
  /** Path and query. */
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** `hang`: take the request, never answer. `hang-up`: take it, close the connection. `cut-off`: status, then close. */
export type StubAnswer =
  | { status: number; headers?: Record<string, string>; body?: string }
  | "hang"
  | "hang-up"
  | "cut-off";

export interface HttpStub {
  baseUrl: string;
  requests: StubRequest[];
  /** How many connections were opened. */
  connections(): number;
  /** Sets how requests are answered from now on; `index` counts from 0 since this call. */
  answer(answer: (request: StubRequest, index: number) => StubAnswer): void;
  stop(): Promise<void>;
}

/** The time-out of a provider whose vendor answers: however busy the machine is, it does not come. */
export const AMPLE_MS = 60_000;

/**
 * Tries what a vendor leaves hanging until the time-out with a short one. Where the machine was too busy to get as far as that in it (false), it
 * is tried anew with a longer one.
 */
export async function whileItHangs(attempt: (timeoutMs: number) => Promise<boolean>): Promise<void> {
  for (const timeoutMs of [250, 1_000, 5_000, 25_000]) if (await attempt(timeoutMs)) return;
}

function untold(): StubAnswer {
  return { status: 500, body: "the stub was not told what to answer" };
}

/** The port that a listening server was given. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server listens on no port");
  return address.port;
}

/** A vendor on the loopback interface that keeps what it receives and answers as it is told. */
export async function startHttpStub(): Promise<HttpStub> {
  const requests: StubRequest[] = [];
  let answerWith: (request: StubRequest, index: number) => StubAnswer = untold;
  let index = 0;

  const server = createServer((incoming, response) => {
    receive(incoming, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });

  let connections = 0;
  server.on("connection", () => {
    connections += 1;
  });

  async function receive(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    const { method = "", url = "", headers } = incoming;
    const request = { method, path: url, headers, body: Buffer.concat(chunks).toString("utf8") };
    requests.push(request);
    const answer = answerWith(request, index++);
    if (answer === "hang") return;
    if (answer === "hang-up") {
      incoming.socket.destroy();
    } else if (answer === "cut-off") {
      response.writeHead(201, { "content-type": "application/json", "content-length": "1000" });
      response.write("{", () => incoming.socket.destroy());
    } else {
      response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
      response.end(answer.body ?? "");
    }
  }

  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    baseUrl: `http://127.0.0.1:${portOf(server)}`,
    requests,
    connections: () => connections,
    answer(next) {
      answerWith = next;
      index = 0;
    },
    stop() {
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
