import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";

const port = z.coerce.number().int().min(0).max(65_535);

const perMinute = z.coerce.number().int().min(0).max(1_000_000);

const schema = z
  .object({
    NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
    ROLE: z.enum(["all", "web", "worker"]).default("all"),
    HOST: z.string().min(1).default("127.0.0.1"),
    PORT: port.default(3000),
    DATA_DIR: z.string().min(1).default(".data"),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    /** Where people and vendors reach this server from outside; links and webhooks are made of it. */
    PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
    /** 32 bytes as base64: encrypts vendor credentials and signs links. A key file in DATA_DIR is made when it is missing. */
    SECRET_KEY: z
      .base64()
      .refine(
        (text) => Buffer.from(text, "base64").length === 32,
        "must be 32 bytes in base64 (openssl rand -base64 32)",
      )
      .optional(),
    LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("warn"),
    /** In production a sandbox must be asked for by name: nobody should believe that messages went out. */
    SANDBOX: z.enum(["allowed", "off"]).optional(),
    /** "off" leaves an empty database empty. */
    DEMO: z.enum(["on", "off"]).optional(),
    /** System mail (password reset, invitations). Without it, mail goes to the sandbox mailbox. */
    SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
    MAIL_FROM: z.email().optional(),
    /** How many proxies of one's own stand in front; only so many X-Forwarded-For entries are believed. */
    TRUST_PROXY: z.coerce.number().int().min(0).max(10).default(0),
    /** Connections of this process to the database, beside the few that listen and work the queue. */
    DATABASE_POOL: z.coerce.number().int().min(2).max(500).default(20),
    /** Jobs worked at once by this process. */
    JOB_CONCURRENCY: z.coerce.number().int().min(1).max(100).default(4),
    /** Requests a minute before 429, as a bucket that refills evenly; 0 lifts the limit. */
    RATE_LIMIT_PER_KEY: perMinute.default(1_200),
    RATE_LIMIT_PER_USER: perMinute.default(1_200),
    RATE_LIMIT_PER_ADDRESS: perMinute.default(300),
    /** Lets a monitor on another machine read /metrics with "Authorization: Bearer <token>"; without it only this machine may. */
    METRICS_TOKEN: z.string().min(16, "must be at least 16 characters").optional(),
  })
  .superRefine((env, problems) => {
    if (Boolean(env.SMTP_URL) !== Boolean(env.MAIL_FROM)) {
      problems.addIssue({
        code: "custom",
        path: ["MAIL_FROM"],
        message: "SMTP_URL and MAIL_FROM are set together or not at all",
      });
    }
    if (env.ROLE !== "all" && !env.DATABASE_URL) {
      problems.addIssue({
        code: "custom",
        path: ["DATABASE_URL"],
        message: `ROLE=${env.ROLE} shares its database with other processes: set DATABASE_URL`,
      });
    }
  });

export type Config = Readonly<{
  env: "development" | "test" | "production";
  role: "all" | "web" | "worker";
  host: string;
  port: number;
  dataDir: string;
  databaseUrl: string | undefined;
  publicUrl: string;
  secretKey: Buffer;
  logLevel: string;
  sandboxAllowed: boolean;
  demo: boolean;
  systemMail: { smtpUrl: string; from: string } | undefined;
  /** Hops of the connection's path that are ours. */
  trustProxy: number;
  databasePool: number;
  jobConcurrency: number;
  /** Requests a minute; 0: no limit. */
  rateLimits: Readonly<{ perKey: number; perUser: number; perAddress: number }>;
  metricsToken: string | undefined;
  /** Started by `npm start` or another npm script. */
  underNpm: boolean;
}>;

/** Faults of the environment, all at once, each with the variable's name. */
export class ConfigError extends Error {}

/** Reads the environment once. Throws one ConfigError that names every fault. */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const filled = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = schema.safeParse(filled);
  if (!parsed.success) {
    // One line a variable: the first thing that is wrong with it is enough.
    const byName = new Map(
      parsed.error.issues.map((issue) => [issue.path.join("."), issue.message] as const).toReversed(),
    );
    const lines = [...byName].toReversed().map(([name, message]) => `  ${name}: ${message}`);
    throw new ConfigError(
      `The environment has ${lines.length} fault${lines.length === 1 ? "" : "s"}:\n${lines.join("\n")}`,
    );
  }
  const read = parsed.data;
  const dataDir = resolve(read.DATA_DIR);
  return Object.freeze({
    env: read.NODE_ENV,
    role: read.ROLE,
    host: read.HOST,
    port: read.PORT,
    dataDir,
    databaseUrl: read.DATABASE_URL,
    publicUrl: (read.PUBLIC_URL ?? `http://${read.HOST === "0.0.0.0" ? "127.0.0.1" : read.HOST}:${read.PORT}`).replace(
      /\/$/,
      "",
    ),
    secretKey: read.SECRET_KEY ? Buffer.from(read.SECRET_KEY, "base64") : keyFile(dataDir),
    logLevel: read.LOG_LEVEL,
    sandboxAllowed: read.SANDBOX ? read.SANDBOX === "allowed" : read.NODE_ENV !== "production",
    // Its login is public, so in production the demo must be asked for by name.
    demo: read.DEMO ? read.DEMO === "on" : read.NODE_ENV !== "production",
    systemMail: read.SMTP_URL && read.MAIL_FROM ? { smtpUrl: read.SMTP_URL, from: read.MAIL_FROM } : undefined,
    trustProxy: read.TRUST_PROXY,
    databasePool: read.DATABASE_POOL,
    jobConcurrency: read.JOB_CONCURRENCY,
    rateLimits: Object.freeze({
      perKey: read.RATE_LIMIT_PER_KEY,
      perUser: read.RATE_LIMIT_PER_USER,
      perAddress: read.RATE_LIMIT_PER_ADDRESS,
    }),
    metricsToken: read.METRICS_TOKEN,
    underNpm: env["npm_lifecycle_event"] !== undefined,
  });
}

/** The key that encrypts credentials, made once and kept beside the embedded database. */
function keyFile(dataDir: string): Buffer {
  const path = join(dataDir, "secret.key");
  if (existsSync(path)) {
    const key = Buffer.from(readFileSync(path, "utf8").trim(), "base64");
    if (key.length !== 32)
      throw new ConfigError(
        `${path} does not hold 32 bytes in base64. Put the right key back: without it the stored credentials cannot be read.`,
      );
    return key;
  }
  mkdirSync(dataDir, { recursive: true });
  const key = randomBytes(32);
  writeFileSync(path, `${key.toString("base64")}\n`, { mode: 0o600 });
  return key;
}
