import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { freePort, start, temporaryDir } from "./processes.ts";

describe("one process with the embedded database", () => {
  test("starts from nothing, stops when asked, and comes back after kill -9 with what was written", async () => {
    const DATA_DIR = await temporaryDir();
    const PORT = String(await freePort());
    const first = start({ DATA_DIR, PORT });
    await first.until(/is running at http:\/\/127\.0\.0\.1:\d+/);
    const ready = await fetch(`http://127.0.0.1:${PORT}/health/ready`);
    expect(await ready.json()).toMatchObject({ status: "ok" });

    const second = start({ DATA_DIR, PORT: String(await freePort()) });
    expect(await second.exit).toBe(1);
    expect(second.output()).toMatch(/^Another Throughline \(process \d+\) already uses .*\n$/);
    const third = start({ DATA_DIR: await temporaryDir(), PORT });
    expect(await third.exit).toBe(1);
    expect(third.output()).toBe(`Port ${PORT} is taken. Stop the program that uses it, or set PORT to another.\n`);

    const address = { email: "ada@example.test", password: "a long enough password", name: "Ada" };
    const post = (path: string, body: unknown) =>
      fetch(`http://127.0.0.1:${PORT}/api/auth${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: `http://127.0.0.1:${PORT}` },
        body: JSON.stringify(body),
      });
    expect((await post("/sign-up/email", address)).status).toBe(200);

    first.child.kill("SIGKILL");
    await first.exit;
    const again = start({ DATA_DIR, PORT });
    await again.until(/is running/);
    expect((await post("/sign-in/email", address)).status).toBe(200);
    const server = Number((await readFile(join(DATA_DIR, "postgres/postmaster.pid"), "utf8")).split("\n")[0]);
    again.child.kill("SIGTERM");
    expect(await again.exit).toBe(0);
    expect(again.output()).toContain("Stopping: finishing what is under way.");
    expect(() => process.kill(server, 0)).toThrow("ESRCH");
  }, 120_000);
});

describe("what is wrong is said in one sentence", () => {
  test.for([
    [{ PORT: "x", ROLE: "y" }, /^The environment has 2 faults:\n {2}\w+: .*\n {2}\w+: .*\n$/],
    [
      { DATABASE_URL: "postgres://u:p@127.0.0.1:1/d" },
      /^Nothing answers at 127\.0\.0\.1:1\. Start PostgreSQL there, or correct DATABASE_URL\.\n$/,
    ],
    [
      { DATABASE_URL: "postgres://u:p@no-such-host.invalid/d" },
      /^(There is no host|The host) no-such-host\.invalid.* DATABASE_URL.*\n$/,
    ],
    [{ SECRET_KEY: "short" }, /^The environment has 1 fault:\n {2}SECRET_KEY: .*\n$/],
  ] as const)("%o", async ([env, sentence]) => {
    const { exit, output } = start({ DATA_DIR: await temporaryDir(), PORT: String(await freePort()), ...env });
    expect(await exit).toBe(1);
    expect(output()).toMatch(sentence);
  });
});
