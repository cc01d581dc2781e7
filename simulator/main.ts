/** `npm run simulate`: see the help in arguments.ts. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { elapsed } from "#platform/clock.ts";
import { startEmbedded } from "#platform/database/embedded.ts";
import { ArgumentError, HELP, type SimulatorOptions, readArguments, replayCommand } from "./arguments.ts";
import { simulateInvented } from "./invented.ts";
import type { Run } from "./run.ts";
import { ScratchError } from "./scratch.ts";

const say = (text: string) => process.stdout.write(`${text}\n`);
/** More of them say nothing that the first do not. */
const SHOWN = 20;

function showFaults({ violations }: Run, options: SimulatorOptions, seed: number): void {
  for (const { at, lead, what } of violations.slice(0, SHOWN)) say(`  ${at.toISOString()} ${lead}: ${what}`);
  if (violations.length > SHOWN) say(`  … and ${violations.length - SHOWN} more`);
  say(`  again: ${replayCommand(options, seed)}`);
}

/** Runs every seed; answers how many rules were broken. */
async function runAll(options: SimulatorOptions, databaseUrl: string, dataDir: string): Promise<number> {
  const stop = new AbortController();
  const interrupt = () => stop.abort(new Error("interrupted"));
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const perChannel = new Map<string, number>();
  let [touches, violations, deaths, stops] = [0, 0, 0, 0];
  const begun = elapsed();
  for (let seed = options.seed; seed < options.seed + options.seeds; seed++) {
    const from = elapsed();
    const run = await simulateInvented({ ...options, seed, signal: stop.signal }, { databaseUrl, dataDir });
    touches += run.touches.length;
    violations += run.violations.length;
    deaths += run.deaths;
    stops += run.stops;
    for (const { channel } of run.touches) perChannel.set(channel, (perChannel.get(channel) ?? 0) + 1);
    const seconds = ((elapsed() - from) / 1_000).toFixed(1);
    say(
      `seed ${seed}: ${run.touches.length} touches, ${run.answers.length} callbacks, ${run.stops} stops, ${run.deaths} deaths, ` +
        `${run.violations.length} violations, ${seconds} s, ${run.digest.slice(0, 16)}`,
    );
    if (run.violations.length > 0) showFaults(run, options, seed);
  }
  const channels = [...perChannel].map(([channel, count]) => `${channel} ${count}`).join(", ");
  say(
    `${options.seeds} ${options.seeds === 1 ? "seed" : "seeds"}: ${touches} touches (${channels}), ${stops} stops, ${deaths} deaths, ` +
      `${violations} violations; ${((elapsed() - begun) / 1_000).toFixed(1)} s, at most ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
  );
  return violations;
}

async function main(): Promise<void> {
  const options = readArguments(process.argv.slice(2));
  if (options === "help") {
    say(HELP);
    return;
  }
  const dataDir = await mkdtemp(join(tmpdir(), "throughline-simulation-"));
  // Run by root, the database server belongs to another user, who must be able to reach its directory.
  await chmod(dataDir, 0o711);
  const databaseUrl = options.database;
  const server = databaseUrl ? null : await startEmbedded(dataDir, { fast: true, still: true });
  try {
    const violations = await runAll(options, databaseUrl ?? server?.url ?? "", dataDir);
    if (violations > 0) process.exitCode = 1;
  } finally {
    await server?.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** What a person can put right is told in its own words; the rest with where it happened. */
const isTheirs = (error: Error): boolean => error instanceof ScratchError || error instanceof ArgumentError;

try {
  await main();
} catch (error) {
  const told =
    error instanceof Error ? (isTheirs(error) ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`${told}\n`);
  process.exitCode = 2;
}
