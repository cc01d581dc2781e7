import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ConfigError, readConfig } from "./config.ts";

function temporaryDir(): string {
  const dir = mkdtempSync(join(tmpdir(), "throughline-config-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

const SECRET_KEY = Buffer.alloc(32, 1).toString("base64");

const faultsOf = (env: Record<string, string>): string => {
  try {
    readConfig({ SECRET_KEY, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "";
};

test("an empty environment is a working one", () => {
  const config = readConfig({ DATA_DIR: temporaryDir() });
  expect(config).toMatchObject({
    role: "all",
    port: 3000,
    publicUrl: "http://127.0.0.1:3000",
    sandboxAllowed: true,
    databaseUrl: undefined,
  });
});

test("all faults are named at once, each with its variable", () => {
  const message = faultsOf({
    PORT: "http",
    ROLE: "boss",
    DATABASE_URL: "mysql://x",
    SECRET_KEY: "short",
    RATE_LIMIT_PER_KEY: "-1",
  });
  expect(message).toMatch(/^The environment has 5 faults:/);
  for (const name of ["PORT", "ROLE", "DATABASE_URL", "SECRET_KEY", "RATE_LIMIT_PER_KEY"])
    expect(message).toContain(`  ${name}: `);
});

test("settings that belong together are asked for together", () => {
  expect(faultsOf({ SMTP_URL: "smtp://mail.example" })).toContain("MAIL_FROM: SMTP_URL and MAIL_FROM are set together");
  expect(faultsOf({ ROLE: "worker" })).toContain("DATABASE_URL: ROLE=worker shares its database");
  expect(faultsOf({ ROLE: "worker", DATABASE_URL: "postgres://u@h/d" })).toBe("");
});

test("an empty variable is an unset one", () => {
  expect(readConfig({ SECRET_KEY, PORT: "", SMTP_URL: "", PUBLIC_URL: "" }).port).toBe(3000);
});

test("in production a sandbox must be asked for by name", () => {
  expect(readConfig({ SECRET_KEY, NODE_ENV: "production" }).sandboxAllowed).toBe(false);
  expect(readConfig({ SECRET_KEY, NODE_ENV: "production", SANDBOX: "allowed" }).sandboxAllowed).toBe(true);
  expect(readConfig({ SECRET_KEY, SANDBOX: "off" }).sandboxAllowed).toBe(false);
});

test("a key is made once, readable by its owner alone, and read again at the next start", () => {
  const dir = temporaryDir();
  const first = readConfig({ DATA_DIR: dir }).secretKey;
  expect(first).toHaveLength(32);
  expect(readConfig({ DATA_DIR: dir }).secretKey).toEqual(first);
  expect(statSync(join(dir, "secret.key")).mode & 0o077).toBe(0);
});

test("a damaged key file stops the start instead of being replaced", () => {
  const dir = temporaryDir();
  writeFileSync(join(dir, "secret.key"), "garbage");
  expect(() => readConfig({ DATA_DIR: dir })).toThrow(ConfigError);
});

test("a public address keeps its path and loses its last slash", () => {
  expect(readConfig({ SECRET_KEY, PUBLIC_URL: "https://crm.example/" }).publicUrl).toBe("https://crm.example");
  expect(readConfig({ SECRET_KEY, HOST: "0.0.0.0", PORT: "8080" }).publicUrl).toBe("http://127.0.0.1:8080");
});
