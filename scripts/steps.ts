import { spawn } from "node:child_process";
import { join } from "node:path";
import { elapsed } from "#platform/clock.ts";

export const ROOT = join(import.meta.dirname, "..");

export type Step = { name: string; command: string; args: string[]; env?: Record<string, string> };
export type StepResult = { name: string; ok: boolean; seconds: number; output: string };

/** A tool that npm installed, run by the pinned Node. */
export const bin = (name: string) => join(ROOT, "node_modules/.bin", name);

export const STATIC_STEPS: readonly Step[] = [
  { name: "types", command: bin("tsc"), args: ["-p", "."] },
  { name: "lint", command: bin("oxlint"), args: ["--type-aware", "--deny-warnings"] },
  { name: "format", command: bin("oxfmt"), args: ["--check", "."] },
];

/** Runs one step to its end. `stream` shows its output as it comes; otherwise it is kept for the one who asks why it failed. */
export function runStep(step: Step, { stream }: { stream: boolean }): Promise<StepResult> {
  const startedAt = elapsed();
  return new Promise((done) => {
    const child = spawn(step.command, step.args, {
      cwd: ROOT,
      env: { ...process.env, ...step.env },
      stdio: ["ignore", stream ? "inherit" : "pipe", stream ? "inherit" : "pipe"],
    });
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
    child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
    const finish = (ok: boolean) => done({ name: step.name, ok, seconds: (elapsed() - startedAt) / 1_000, output });
    child.once("error", (error) => {
      output += error.message;
      finish(false);
    });
    child.once("close", (code) => finish(code === 0));
  });
}

export const say = (text: string) => process.stdout.write(`${text}\n`);

/** One line about a step, and its output if it failed and nobody has seen it yet. */
export function report({ name, ok, seconds, output }: StepResult): void {
  say(`${ok ? "passed" : "FAILED"}  ${name}  ${seconds.toFixed(1)} s`);
  if (!ok && output) say(output.trimEnd());
}
