/** `npm run db:generate`: writes server/platform/database/types.ts from the Prisma schema. */
import { spawnSync } from "node:child_process";

// prisma wants to download a schema engine that `generate` never starts: any existing executable satisfies it, and it works offline.
const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };
const { status } = spawnSync("prisma", ["generate"], { stdio: "inherit", env, shell: process.platform === "win32" });
process.exitCode = status ?? 1;
