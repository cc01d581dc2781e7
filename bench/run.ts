/** Runs every bench of this folder in turn and prints their figures as one table: `npm run bench`, or `node bench/run.ts <name…>`. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const wanted = process.argv.slice(2);
/** A bench reports through `report`; the other files of this folder serve them. */
const names = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".ts") && name !== "run.ts" && name !== "setup.ts")
  .filter((name) => /\breport\(/.test(readFileSync(join(import.meta.dirname, name), "utf8")))
  .map((name) => name.replace(/\.ts$/, ""))
  .filter((name) => wanted.length === 0 || wanted.includes(name))
  .toSorted();

const table: Record<string, Record<string, unknown>> = {};
const failed: string[] = [];

/** A bench that is told to end clears away what it has started; none is begun after it. */
let underWay: ChildProcess | undefined;
let told: NodeJS.Signals | undefined;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => {
    told = signal;
    underWay?.kill(signal);
  });

/** The figures in a line that `report` wrote; null for any other line. */
function figuresIn(line: string): { name: string; figures: Record<string, unknown> } | null {
  if (!line.startsWith('{"bench":')) return null;
  const { bench, ...figures }: Record<string, unknown> = JSON.parse(line);
  return { name: String(bench), figures };
}

for (const name of names) {
  if (told) break;
  process.stdout.write(`\n${name}\n`);
  const child = spawn(process.execPath, [join(import.meta.dirname, `${name}.ts`)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  underWay = child;
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
    process.stdout.write(chunk);
  });
  await once(child, "close");
  if (child.exitCode !== 0) failed.push(name);
  for (const line of text.split("\n")) {
    const found = figuresIn(line);
    if (found) table[found.name] = found.figures;
  }
}

process.stdout.write("\n");
for (const [name, figures] of Object.entries(table)) {
  const cells = Object.entries(figures).map(([key, value]) => `${key} ${String(value)}`);
  process.stdout.write(`${name.padEnd(24)} ${cells.join(" · ")}\n`);
}
if (failed.length > 0) {
  process.stderr.write(`These benches failed: ${failed.join(", ")}\n`);
  process.exitCode = 1;
}
