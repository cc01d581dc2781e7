import { readFile, readdir } from "node:fs/promises";
import type { Client } from "pg";
import { round } from "./setup.ts";

/** Processor seconds used so far by this process, and by all of a PostgreSQL server's; the latter null where there is no /proc. */
export type CpuSeconds = { node: number; postgres: number | null };

/** Ticks a second of /proc/<pid>/stat: USER_HZ, 100 on every Linux that Node runs on. */
const TICKS = 100;

/** Parent, and ticks of a process: its own, and those of children that ended. From proc(5); the second field, in brackets, may hold blanks. */
async function statOf(pid: number): Promise<{ parent: number; own: number; ended: number } | null> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (text === null) return null;
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const at = (place: number) => fields[place] ?? 0;
  return { parent: at(1), own: at(11) + at(12), ended: at(13) + at(14) };
}

async function postgresSeconds(client: Client): Promise<number | null> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  const backend = await statOf(rows[0]?.pid ?? 0);
  if (!backend) return null;
  const server = await statOf(backend.parent);
  const pids = (await readdir("/proc")).map(Number).filter((pid) => pid > 0);
  const processes = await Promise.all(pids.map(statOf));
  const living = processes.filter((one) => one?.parent === backend.parent);
  const ticks = living.reduce((sum, one) => sum + (one?.own ?? 0), (server?.own ?? 0) + (server?.ended ?? 0));
  return ticks / TICKS;
}

/** Processor seconds of processes that this one has started and that still live; null where there is no /proc. */
export async function childrenSeconds(): Promise<number | null> {
  const names = await readdir("/proc").catch(() => null);
  if (!names) return null;
  const processes = await Promise.all(
    names
      .map(Number)
      .filter((pid) => pid > 0)
      .map(statOf),
  );
  return processes.reduce((sum, one) => sum + (one?.parent === process.pid ? one.own : 0), 0) / TICKS;
}

export async function cpuSeconds(client: Client): Promise<CpuSeconds> {
  const { user, system } = process.cpuUsage();
  return { node: (user + system) / 1_000_000, postgres: await postgresSeconds(client) };
}

/** What was used between two readings, for each thousand of `count`. */
export function cpuPerThousand(from: CpuSeconds, to: CpuSeconds, count: number): CpuSeconds {
  const each = (seconds: number) => (seconds / count) * 1_000;
  const postgres = from.postgres === null || to.postgres === null ? null : each(to.postgres - from.postgres);
  return { node: each(to.node - from.node), postgres };
}

/** `0.18 + 0.42`: Node, then PostgreSQL. */
export const cpuWords = ({ node, postgres }: CpuSeconds): string =>
  `${round(node, 2)} + ${postgres === null ? "?" : round(postgres, 2)}`;
