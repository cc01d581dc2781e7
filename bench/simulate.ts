/**
 * A simulation of 1,000 people over 30 days in less than 5 s: “Simulate” on a sequence of four steps over three channels, from the job's start to
 * its result, in a process of its own as the server starts it, on a copy of the workspace; and a run of `npm run simulate` (three sequences, eight
 * zones), its days alone. `node bench/simulate.ts [people] [days]`
 */
import { createWorkspaceWithOwner, updateSettings } from "#domains/accounts/index.ts";
import {
  activateSequence,
  answerRatesSchema,
  createScript,
  createSequence,
  putSteps,
  type SimulationOrder,
  type SimulationResult,
} from "#domains/outreach/index.ts";
import { createApp } from "#server/app.ts";
import { simulationProcess } from "#server/simulation-process.ts";
import { simulateInvented } from "../simulator/invented.ts";
import type { Run } from "../simulator/run.ts";
import { childrenSeconds, cpuSeconds } from "./cpu.ts";
import { type BenchDatabase, onDatabase, report, round, timed } from "./setup.ts";

const PEOPLE = Number(process.argv[2] ?? 1_000);
const DAYS = Number(process.argv[3] ?? 30);
const SEED = 7;
const TARGET_SECONDS = 5;
const START = new Date("2026-03-02T12:00Z");

async function sequenceIn({ url, config }: BenchDatabase): Promise<{ workspaceId: string; sequenceId: string }> {
  const app = await createApp({ config, databaseUrl: url });
  try {
    const { ctx, workspaceId } = await createWorkspaceWithOwner(app.runtime, {
      workspaceName: "Bench",
      name: "Bench",
      email: "bench@bench.invalid",
    });
    await updateSettings(ctx, {
      senderName: "Bench",
      senderEmail: "hello@bench.invalid",
      postalAddress: "1 Main Street, Springfield",
    });
    const sequenceId = await createSequence(ctx, {
      name: "Spring",
      triggerType: "manual",
      settings: {
        stopOnReply: true,
        sameCompany: false,
        onFailure: "continue",
        priority: 0,
        reentry: { rule: "never" },
      },
    });
    const greeting = 'Hi {{ firstName | default: "there" }}';
    const mail = await createScript(ctx, {
      name: "Mail",
      type: "EMAIL",
      subject: greeting,
      preheader: "",
      content: greeting,
    });
    const text = await createScript(ctx, { name: "Text", type: "SMS", content: `${greeting}, it is us.` });
    const speaks = { model: "gpt-4o", voice: "alloy", temperature: 0.7, instructions: "Be kind." };
    const call = await createScript(ctx, {
      name: "Call",
      type: "CALL",
      vapiConfig: { ...speaks, firstMessage: greeting },
    });
    const always = { conditions: {}, isActive: true };
    await putSteps(ctx, sequenceId, [
      { channel: "EMAIL", scriptId: mail, delayValue: 0, delayUnit: "HOURS", ...always },
      { channel: "SMS", scriptId: text, delayValue: 12, delayUnit: "HOURS", ...always },
      { channel: "CALL", scriptId: call, delayValue: 2, delayUnit: "DAYS", ...always },
      { channel: "EMAIL", scriptId: mail, delayValue: 1, delayUnit: "WEEKS", ...always },
    ]);
    await activateSequence(ctx, sequenceId);
    return { workspaceId, sequenceId };
  } finally {
    await app.stop();
  }
}

await onDatabase(async (database) => {
  const order: SimulationOrder = {
    ...(await sequenceIn(database)),
    whom: { invented: PEOPLE },
    startAt: START,
    days: DAYS,
    seed: SEED,
    rates: answerRatesSchema.parse({}),
    withoutVendor: [],
  };
  const tryOut = simulationProcess(database.config, database.url);
  const never = new AbortController().signal;
  let result: SimulationResult | undefined;
  const one: SimulationOrder = { ...order, whom: { invented: 1 }, days: 1 };
  // The first makes the migrated database that is kept for the others, and leaves a process behind for who tries it again.
  const first = await timed(() => tryOut(one, () => undefined, never));
  const used = async () => ({ ...(await cpuSeconds(database.client)), node: await childrenSeconds() });
  const before = await used();
  const button = await timed(async () => {
    result = await tryOut(order, () => undefined, never);
  });
  const after = await used();
  const least = await timed(() => tryOut(one, () => undefined, never));
  const anew = simulationProcess(database.config, database.url);
  const cold = await timed(() => anew(order, () => undefined, never));

  let run: Run | undefined;
  const from = await cpuSeconds(database.client);
  const command = await timed(async () => {
    run = await simulateInvented(
      { seed: SEED, leads: PEOPLE, days: DAYS, faults: false, check: "day" },
      { databaseUrl: database.url, dataDir: database.dataDir },
    );
  });
  const to = await cpuSeconds(database.client);
  const seconds = { button: button / 1_000, command: command / 1_000 };
  const between = (early: number | null, late: number | null) =>
    early === null || late === null ? "unknown" : round(late - early);
  const processor = `processor seconds: Node ${between(before.node, after.node)}, PostgreSQL ${between(before.postgres, after.postgres)}`;
  report(
    `“Simulate”, ${PEOPLE} people, ${DAYS} days: ${round(seconds.button, 2)} s for ${result?.touches ?? 0} touches (${processor}; in a process of its own ` +
      `${round(cold / 1_000, 2)} s; with one person ${round(least / 1_000, 2)} s, the first ever ${round(first / 1_000, 2)} s); three sequences in eight zones: ` +
      `${round(seconds.command, 2)} s for ${run?.touches.length ?? 0} touches, ${run?.stops ?? 0} stops (processor seconds: Node ${between(from.node, to.node)}, ` +
      `PostgreSQL ${between(from.postgres, to.postgres)})`,
    {
      bench: "simulate",
      people: PEOPLE,
      days: DAYS,
      seconds: round(seconds.button, 2),
      coldSeconds: round(cold / 1_000, 2),
      ratio: round(seconds.button / TARGET_SECONDS, 2),
      target: 1,
      threeSequencesSeconds: round(seconds.command, 2),
      threeSequencesRatio: round(seconds.command / TARGET_SECONDS, 2),
    },
  );
});
