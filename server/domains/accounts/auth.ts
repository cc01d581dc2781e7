import { betterAuth } from "better-auth";
import { APIError, isAPIError } from "better-auth/api";
import { deriveSecret } from "#platform/crypto.ts";
import { type IdPrefix, newId } from "#platform/ids.ts";
import { Problem } from "#platform/problems.ts";
import type { Runtime } from "#platform/runtime.ts";
import { settingsSchema } from "./settings.ts";
import { checkInvitation } from "./commands/accept-invitation.ts";
import { settleNewcomer } from "./commands/settle-newcomer.ts";
import { passwordResetMail, RESET_SECONDS } from "./mails.ts";
import { findHomeWorkspace, getPerson } from "./queries/people.ts";
import { consume } from "./rate-limit.ts";
import { NAME_MAX, PASSWORD_MAX, PASSWORD_MIN } from "./rules.ts";
import { sendSystemMail } from "./system-mail.ts";

/** What the rest of the domain needs of better-auth: requests in, responses out. */
export type Auth = {
  handle(request: Request): Promise<Response>;
  /** Mails that were promised but are still on their way. */
  settled(): Promise<void>;
};

export const AUTH_PATH = "/api/auth";
/** Carries the caller's address from the edge to better-auth; whatever a client sends under this name is overwritten. */
export const ADDRESS_HEADER = "x-throughline-address";

const SESSION_DAYS = 30;
const DAY_SECONDS = 24 * 60 * 60;

const ID_OF_MODEL: Record<string, IdPrefix> = { user: "user", session: "sess", account: "acct", verification: "vrfy" };

export const isSecure = (publicUrl: string) => publicUrl.startsWith("https://");

/** The name of the cookie that holds the session's token, signed with `cookieSecret`. */
export const sessionCookie = (publicUrl: string) =>
  `${isSecure(publicUrl) ? "__Secure-" : ""}throughline.session_token`;
export const cookieSecret = (runtime: Runtime) => deriveSecret(runtime.config.secretKey, "accounts");

const auths = new WeakMap<Runtime, Auth>();

export function authOf(runtime: Runtime): Auth {
  let auth = auths.get(runtime);
  if (!auth) auths.set(runtime, (auth = createAuth(runtime)));
  return auth;
}

/**
 * better-auth on our tables: passwords, sessions, cookies, reset links. Workspaces, invitations and API keys are commands of this domain and
 * not its plugins: see the README. Its clock is the system's, also where ctx.now() is a virtual one.
 */
function createAuth(runtime: Runtime): Auth {
  const { config, log } = runtime;
  const db = runtime.database.forWorkspace("");
  const underWay = new Set<Promise<unknown>>();
  const auth = betterAuth({
    appName: "Throughline",
    baseURL: config.publicUrl,
    basePath: AUTH_PATH,
    secret: cookieSecret(runtime),
    // The host that a browser itself names is its own site, whatever PUBLIC_URL says: the same rule as for all our operations.
    trustedOrigins: (request) => {
      const host = request?.headers.get("host");
      return host ? [`http://${host}`, `https://${host}`] : [];
    },
    database: { db, type: "postgres", transaction: true },
    user: { modelName: "users" },
    session: {
      modelName: "sessions",
      expiresIn: SESSION_DAYS * DAY_SECONDS,
      updateAge: DAY_SECONDS,
      additionalFields: { activeWorkspaceId: { type: "string", required: false, input: false } },
    },
    account: { modelName: "accounts" },
    // Whoever reads the database must not find links that still work.
    verification: { modelName: "verifications", storeIdentifier: "hashed" },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_MIN,
      maxPasswordLength: PASSWORD_MAX,
      resetPasswordTokenExpiresIn: RESET_SECONDS,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: async ({ user, token }) => {
        const link = `${config.publicUrl}/reset-password?token=${encodeURIComponent(token)}`;
        await sendSystemMail(runtime, await findHomeWorkspace(db, user.id), passwordResetMail(user, link));
      },
    },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 120,
      // By address alone: an office behind one address has many people. Guesses at one account are counted at our own route.
      customRules: {
        "/sign-in/email": { window: 60, max: 60 },
        "/sign-up/email": { window: 60, max: 10 },
        "/request-password-reset": { window: 60, max: 10 },
        "/reset-password": { window: 60, max: 20 },
        "/change-password": { window: 60, max: 5 },
      },
      customStorage: {
        consume: async (key, rule) => {
          const wait = await consume(db, key, rule);
          return { allowed: wait === 0, retryAfter: wait === 0 ? null : wait };
        },
      },
    },
    advanced: {
      cookiePrefix: "throughline",
      useSecureCookies: isSecure(config.publicUrl),
      // Said aloud because better-auth skips the check by itself where NODE_ENV is "test".
      disableOriginCheck: false,
      disableCSRFCheck: false,
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      database: {
        generateId: ({ model }) => newId(ID_OF_MODEL[model] ?? "vrfy"),
        // It compares our names with the database's, which are in another case until the CamelCasePlugin has seen them. Tests compare instead.
        validateSchema: false,
      },
      // Mail is sent after the answer: the time it takes must not tell whether an address has an account.
      backgroundTasks: {
        handler: (task) => {
          underWay.add(task);
          void task
            .catch((error: unknown) => log.error({ err: error }, "work after an answer failed"))
            .finally(() => underWay.delete(task));
        },
      },
    },
    databaseHooks: {
      user: {
        create: {
          before: async (user, context) => {
            const invitation = invitationIn(context?.body);
            if (invitation) await asApiError(() => checkInvitation(runtime, invitation, user.email));
            return { data: { ...user, ...checkProfile(user) } };
          },
        },
        update: { before: async (user) => ({ data: { ...user, ...checkProfile(user) } }) },
      },
      session: {
        create: {
          after: async (session, context) => {
            const person = await getPerson(db, session.userId);
            await settleNewcomer(runtime, person, {
              id: session.id,
              invitation: invitationIn(context?.body),
              timeZone: timeZoneIn(context?.body),
            });
          },
        },
      },
    },
    telemetry: { enabled: false },
    // Its refusals are answers, not faults; without this it would print them past our log.
    onAPIError: {
      onError: (error) => {
        if (!isAPIError(error) || error.statusCode >= 500) log.error({ err: error }, "better-auth failed");
      },
    },
    logger: {
      level: "warn",
      // What it calls errors are refusals, which anybody can provoke. Arguments are left out: some of them carry addresses and tokens.
      log: (_level, message) => log.warn(`better-auth: ${message}`),
    },
  });
  return {
    handle: (request) => auth.handler(request),
    settled: async () => {
      await Promise.allSettled(underWay);
    },
  };
}

/** better-auth takes names of any length and pictures from anywhere: ours are short, and pages load nothing from other sites. */
function checkProfile({ name }: { name?: string }): { name?: string; image: null } {
  if (name === undefined) return { image: null };
  const trimmed = name.trim();
  if (trimmed.length > 0 && trimmed.length <= NAME_MAX) return { name: trimmed, image: null };
  throw new APIError("UNPROCESSABLE_ENTITY", { code: "INVALID_NAME", message: "Invalid name" });
}

/** The zone of the browser that signs up, for the workspace that may come of it; one that we do not know counts as none. */
function timeZoneIn(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("timeZone" in body)) return undefined;
  return settingsSchema.shape.timeZone.safeParse(body.timeZone).data;
}

/** A sign-up that follows an invitation names its token beside the fields that better-auth knows. */
function invitationIn(body: unknown): string | null {
  if (typeof body !== "object" || body === null || !("invitation" in body)) return null;
  return typeof body.invitation === "string" && body.invitation ? body.invitation : null;
}

/** better-auth keeps the code and message of its own errors only; the edge turns them back into problems. */
async function asApiError(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new APIError("FORBIDDEN", { code: error.definition.code, message: error.message });
  }
}
