/** What the benches of dispatch share. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "#platform/context.ts";
import { newId } from "#platform/ids.ts";
import { connectIntegration } from "#platform/integrations/commands/connect.ts";
import type { Runtime } from "#platform/runtime.ts";
import type { App } from "#server/app.ts";
import { type CpuSeconds, cpuPerThousand, cpuSeconds } from "./cpu.ts";
import { type BenchDatabase, timed } from "./setup.ts";

/** Sent before the clock runs: compiled code, open connections, cached plans. */
export const WARM_UP = 2_000;
/** A Monday noon: no window, floor or holiday is in the way. */
export const NOON = new Date("2026-03-02T12:00:00Z");

/** The vendor: a process of its own that takes every text. */
export async function startVendor() {
  const child = fork(join(import.meta.dirname, "vendor-stub.ts"), { silent: true });
  if (!child.stdout) throw new Error("the vendor has no output");
  const [port]: unknown[] = await once(child.stdout, "data");
  const stop = async () => {
    const exited = once(child, "exit");
    child.disconnect();
    await exited;
  };
  return { baseUrl: `http://127.0.0.1:${String(port).trim()}`, stop };
}

/** Another workspace of the database. */
export async function workspaceIn({ client }: BenchDatabase): Promise<string> {
  const workspace = newId("ws");
  await client.query("insert into workspaces (id, name) values ($1, 'Raw')", [workspace]);
  await client.query("insert into workspace_settings (workspace_id) values ($1)", [workspace]);
  return workspace;
}

/** Gives a workspace the vendor for its texts. */
export async function connectVendor(runtime: Runtime, ctx: Context, baseUrl: string): Promise<void> {
  await connectIntegration(runtime, ctx, {
    provider: "twilio",
    credentials: {
      accountSid: `AC${"0".repeat(32)}`,
      authToken: "a token",
      fromNumber: "+12125550100",
      baseUrl,
    },
  });
}

/** Turns the dispatch loop until nothing is due. */
export function dispatchOf({ loops, runtime }: App): () => Promise<void> {
  const dispatch = loops.find(({ name }) => name === "outreach.dispatch");
  if (!dispatch) throw new Error("there is no dispatch loop");
  return async () => {
    while (await dispatch.turn(runtime));
  };
}

/** How many touches of a workspace were taken by the vendor. */
export async function sentIn({ client }: BenchDatabase, workspace: string): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `select count(*)::int as n from sequence_step_executions e join messages m on m.execution_id = e.id
     where e.workspace_id = $1 and e.status = 'SENT' and m.status = 'sent'`,
    [workspace],
  );
  return rows[0]?.n ?? 0;
}

/** Sends a second, and the processor seconds that a thousand of them take: wall time wanders on a shared machine, these hardly. */
export type Rate = { perSecond: number; cpu: CpuSeconds };

/** What the work takes that sends `count`. */
export async function rateOf({ client }: BenchDatabase, count: number, work: () => Promise<unknown>): Promise<Rate> {
  const before = await cpuSeconds(client);
  const ms = await timed(work);
  // What a connection that was just closed has used is counted once the server has taken leave of it.
  await sleep(300);
  return { perSecond: (count / ms) * 1_000, cpu: cpuPerThousand(before, await cpuSeconds(client), count) };
}
