import { Pool } from "undici";
import type { Dispatcher } from "undici";
import type { IncomingHttpHeaders } from "node:http";
import type { LookupFunction } from "node:net";

import { clip, retryAfterSeconds } from "./outcome.ts";
import type { SendOutcome } from "./outcome.ts";

/** How one HTTP exchange ended; it never throws. `not_sent`: not one byte of the request was written. */
export type Exchange =
  | Answer
  | { kind: "not_sent"; detail: string }
  /** Written, at least in part, and no status came back. */
  | { kind: "no_answer"; detail: string };

export interface Answer {
  kind: "answered";
  status: number;
  headers: IncomingHttpHeaders;
  /** May be cut short when the vendor hung up after the status. */
  body: string;
}

export interface VendorHttp {
  post(path: string, headers: Record<string, string>, body: string): Promise<Exchange>;
  /** `maxBytes`: how much of the answer is kept. */
  get(path: string, headers: Record<string, string>, maxBytes?: number): Promise<Exchange>;
  close(): Promise<void>;
}

/** A vendor's answers are small; an error page of megabytes is not worth the memory. */
const MAX_BODY_BYTES = 256 * 1024;

/** Connections to one vendor, and so how many requests may be under way at once. */
export const CONNECTIONS = 128;

/** Gateways answer these two when they lost the application behind them: it may have taken the message. */
const GATEWAY_LOST = new Set([502, 504]);

/**
 * One request on the wire. Written against undici's dispatcher, one level below `request()`, for two reasons: it tells
 * exactly when writing begins (`onRequestStart`), which is the line between "may be retried" and "unknown", and it
 * builds no stream per call.
 */
class ExchangeHandler implements Dispatcher.DispatchHandler {
  #settle: (exchange: Exchange) => void;
  #timer: NodeJS.Timeout;
  #maxBytes: number;
  #controller: Dispatcher.DispatchController | null = null;
  #settled = false;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #body = "";

  constructor(settle: (exchange: Exchange) => void, timeoutMs: number, maxBytes: number) {
    this.#settle = settle;
    this.#maxBytes = maxBytes;
    this.#timer = setTimeout(() => this.#expire(timeoutMs), timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // The deadline passed while the request waited for a connection: it was reported as not sent, so it must not go.
    if (this.#settled) controller.abort(new Error("given up before sending"));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#body.length < this.#maxBytes) this.#body += chunk.toString("utf8");
  }

  onResponseEnd(): void {
    this.#finish(this.#answer());
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#status > 0) this.#finish(this.#answer());
    else this.#finish({ kind: this.#controller ? "no_answer" : "not_sent", detail: describe(error) });
  }

  #expire(timeoutMs: number): void {
    if (this.#status > 0) this.#finish(this.#answer());
    else if (this.#controller) this.#finish({ kind: "no_answer", detail: `no answer within ${timeoutMs} ms` });
    else this.#finish({ kind: "not_sent", detail: `no connection within ${timeoutMs} ms` });
    this.#controller?.abort(new Error("deadline passed"));
  }

  #answer(): Answer {
    return { kind: "answered", status: this.#status, headers: this.#headers, body: this.#body };
  }

  #finish(exchange: Exchange): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#settle(exchange);
  }
}

/** A keep-alive pool to one vendor. `timeoutMs` covers the whole exchange, waiting for a connection included. */
export function vendorHttp(
  baseUrl: string,
  timeoutMs: number,
  connections = CONNECTIONS,
  lookup?: LookupFunction,
): VendorHttp {
  const { origin, pathname } = new URL(baseUrl);
  const prefix = pathname.replace(/\/+$/, "");
  // HTTP/2 is off: one lost connection would make every request on it "unknown" at once.
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    allowH2: false,
    connectTimeout: timeoutMs,
    connect: lookup && { lookup },
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  let closing: Promise<void> | null = null;

  function exchange(options: Dispatcher.DispatchOptions, maxBytes = MAX_BODY_BYTES): Promise<Exchange> {
    return new Promise((resolve) => {
      const handler = new ExchangeHandler(resolve, timeoutMs, maxBytes);
      try {
        pool.dispatch(options, handler);
      } catch (error) {
        handler.onResponseError(null, error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  return {
    post: (path, headers, body) => exchange({ method: "POST", path: prefix + path, headers, body }),
    get: (path, headers, maxBytes) => exchange({ method: "GET", path: prefix + path, headers }, maxBytes),
    close: () => (closing ??= pool.close()),
  };
}

/** The outcome of an exchange that brought no status. */
export function outcomeWithoutAnswer(exchange: Exclude<Exchange, Answer>): SendOutcome {
  return { kind: exchange.kind === "not_sent" ? "failed" : "unknown", detail: exchange.detail };
}

/**
 * The outcome that a status alone decides, for every vendor: 429, 408 and 5xx were certainly not taken and may be
 * retried, but a gateway's 502 or 504 says nothing about the application behind it. Null: the vendor's adapter reads it.
 */
export function outcomeOfStatus(answer: Answer, now: () => Date): SendOutcome | null {
  const { status } = answer;
  const detail = `HTTP ${status}${answer.body ? `: ${clip(answer.body)}` : ""}`;
  if (GATEWAY_LOST.has(status)) return { kind: "unknown", detail };
  if (status === 429 || status === 408 || status >= 500) {
    return { kind: "failed", detail, retryAfterSeconds: retryAfterSeconds(answer.headers["retry-after"], now) };
  }
  return null;
}

function describe(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  return clip(error.message ? `${code}: ${error.message}` : code);
}
