import { createWorkspaceWithOwner, givePassword } from "#domains/accounts/index.ts";
import { type Clock, systemClock, virtualClock } from "#platform/clock.ts";
import type { Config } from "#platform/config.ts";
import { openOwnerPool } from "#platform/database/pool.ts";
import { type App, createApp } from "../app.ts";
import { HISTORY_DAYS, liveThrough, TEAM } from "./history.ts";
import { ANSWERS } from "./people.ts";
import { alone, findUnfinished, hasWorkspaces, removeUnfinished } from "./unfinished.ts";
import { virtualTime } from "./virtual-time.ts";

export type DemoLogin = { email: string; password: string };

const PASSWORD = "throughline-demo";
const DAY_MS = 86_400_000;
const TEAM_EMAILS = [TEAM.owner.email, TEAM.setter.email];

/**
 * Fills an empty database with a workspace to look at: ten days in which the real engine, on a clock of its own, wrote to invented people and
 * they answered through the sandbox. Made through the commands that people use. Answers the login; null when there is a workspace already, or
 * no sandbox that everything could go to. What a killed process has left unfinished is taken away and made anew. Call before loops and jobs
 * start: they would do by today's clock what the demo does by its own.
 */
export async function seedDemo(options: {
  config: Config;
  databaseUrl: string;
  /** The present, at which the history ends. */
  clock?: Clock;
}): Promise<DemoLogin | null> {
  const { config, databaseUrl, clock = systemClock } = options;
  if (!config.sandboxAllowed) return null;
  const owner = openOwnerPool(databaseUrl, { max: 2, onError: () => undefined });
  try {
    return await alone(owner, async () => {
      const unfinished = await findUnfinished(owner, TEAM.owner.email);
      if (unfinished) await removeUnfinished(owner, unfinished, TEAM_EMAILS);
      if (await hasWorkspaces(owner)) return null;
      await makeDemo(config, databaseUrl, clock.now());
      return { email: TEAM.owner.email, password: PASSWORD };
    });
  } finally {
    await owner.end();
  }
}

async function makeDemo(given: Config, databaseUrl: string, now: Date): Promise<void> {
  const clock = virtualClock(new Date(now.getTime() - HISTORY_DAYS * DAY_MS));
  // A mail server of the installation is not for invented people.
  const config: Config = { ...given, role: "web", systemMail: undefined };
  const app = await createApp({ config, databaseUrl, clock });
  try {
    // With this role it only checks that the process may serve.
    await app.start();
    await makeWorkspace(app, clock, now);
  } finally {
    await app.stop();
  }
}

async function makeWorkspace(app: App, clock: ReturnType<typeof virtualClock>, now: Date): Promise<void> {
  const { ctx, owner } = await createWorkspaceWithOwner(app.runtime, {
    workspaceName: "Northlight Studio",
    ...TEAM.owner,
  });
  const { passTo } = virtualTime(app, clock, ctx, ANSWERS);
  await liveThrough({ app, ctx, now, passTo, join: (link) => joinBy(app, link) });
  // Last of all: as long as the owner has no password, the demo counts as unfinished.
  await givePassword(ctx, owner.id, PASSWORD);
}

/** Follows an invitation's link to an account and a membership, by the route that its page calls. */
async function joinBy({ server, runtime }: App, link: string): Promise<void> {
  const { origin, host } = new URL(runtime.config.publicUrl);
  const answer = await server.inject({
    method: "POST",
    url: "/api/auth/sign-up/email",
    headers: { host, origin, "content-type": "application/json" },
    payload: JSON.stringify({
      name: TEAM.setter.name,
      email: TEAM.setter.email,
      password: PASSWORD,
      invitation: new URL(link).pathname.split("/").at(-1),
    }),
  });
  if (answer.statusCode !== 200)
    throw new Error(`The invitation was answered with ${answer.statusCode}: ${answer.body}`);
}
