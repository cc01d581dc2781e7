import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

/** Figures of this process, read at /metrics. Labels have few values each: never an id, an address or free text. */
export const metrics = new Registry();

collectDefaultMetrics({ register: metrics, prefix: "throughline_" });

export const httpDuration = new Histogram({
  name: "throughline_http_request_duration_seconds",
  help: "Time from the first byte of a request to the last of its answer, by route.",
  labelNames: ["method", "route", "status"],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [metrics],
});

export const queueDepth = new Gauge({
  name: "throughline_queue_jobs",
  help: "Jobs in the queue: ready, under way, waiting for a retry, given up.",
  labelNames: ["state"],
  registers: [metrics],
});

export const oldestDueAge = new Gauge({
  name: "throughline_oldest_due_seconds",
  help: "How long the oldest thing that is due (a sequence step or a queued message) has been waiting.",
  registers: [metrics],
});

export const keptRequests = new Gauge({
  name: "throughline_kept_requests",
  help: "What came while the database was away, in this process's data directory: waiting to be done, or set aside for a person.",
  labelNames: ["state"],
  registers: [metrics],
});

export const openStreams = new Gauge({
  name: "throughline_event_streams",
  help: "Browsers connected to the live event stream of this process.",
  registers: [metrics],
});

const sends = new Counter({
  name: "throughline_sends_total",
  help: "Messages handed to a vendor, by channel and outcome.",
  labelNames: ["channel", "outcome"],
  registers: [metrics],
});

/** Counts messages handed over: `outcome` is the send's own word for how it ended (accepted, rejected, failed, unknown, …). */
export function countSends(channel: string, outcome: string, howMany = 1): void {
  sends.inc({ channel, outcome }, howMany);
}
