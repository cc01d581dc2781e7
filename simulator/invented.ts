import { join } from "node:path";
import { type Config, readConfig } from "#platform/config.ts";
import { answerRatesSchema } from "#domains/outreach/index.ts";
import { chanceOf, pick } from "./chance.ts";
import { BAD_WEEK, NO_FAULTS } from "./faults.ts";
import { type Deed, PATIENCE_MINUTES, type Plan, type Run, simulate } from "./run.ts";
import { STARTS, synthetic } from "./scenario.ts";
import { openScratch } from "./scratch.ts";

/** Where vendors and processes fail, callbacks come at many instants; those of one moment come together. */
const HURRIED_MINUTES = 60;
/** Signs what nobody outside of a scratch database ever sees. */
const NO_SECRET = Buffer.alloc(32, 1).toString("base64");

/** Settings of processes that live on a scratch database and that nobody can reach. */
export function scratchConfig(databaseUrl: string, dataDir: string, secretKey = NO_SECRET): Config {
  const read = readConfig({
    NODE_ENV: "test",
    ROLE: "worker",
    // What the product keeps on its disk is of people who are real: no life of a run may take it up.
    DATA_DIR: join(dataDir, "simulations"),
    DATABASE_URL: databaseUrl,
    SECRET_KEY: secretKey,
    PUBLIC_URL: "https://simulation.invalid",
    SANDBOX: "off",
    DEMO: "off",
    LOG_LEVEL: "silent",
  });
  // As many as a life has, which is too few for a process that serves.
  return { ...read, databasePool: 1 };
}

export type InventedRun = {
  seed: number;
  leads: number;
  days: number;
  start?: Date;
  faults: boolean;
  check: Plan["check"];
  /** For tests of the simulator itself: what else is done. */
  meddling?: readonly Deed[];
};

/** One run with invented people on a scratch database beside `databaseUrl`; `template` as `openScratch` has it. */
export async function simulateInvented(
  asked: InventedRun & Pick<Plan, "distort" | "onDay" | "signal">,
  server: { databaseUrl: string; dataDir: string; template?: string },
): Promise<Run> {
  const { seed, leads, days, check, distort, onDay, signal, meddling = [] } = asked;
  const start = asked.start ?? pick(STARTS, chanceOf(seed)("start"));
  const scratch = await openScratch(server.databaseUrl, { template: server.template });
  try {
    return await simulate({
      seed,
      start,
      days,
      check,
      gridMinutes: 60,
      patienceMinutes: asked.faults ? HURRIED_MINUTES : PATIENCE_MINUTES,
      distort,
      onDay,
      signal,
      rates: answerRatesSchema.parse({}),
      faults: asked.faults ? BAD_WEEK : NO_FAULTS,
      config: scratchConfig(scratch.url, server.dataDir),
      databaseUrl: scratch.url,
      prepare: async (life, chance) => {
        const stage = await synthetic(life, chance, { leads, start, days });
        return { ...stage, deeds: [...stage.deeds, ...meddling] };
      },
    });
  } finally {
    await scratch.drop();
  }
}
