import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { testWorld, type World } from "#test/world.ts";
import { meSchema } from "./contract.ts";
import { openBrowser, ownWorkspace, PASSWORD, signIn } from "./test-browser.ts";

let world: World;
beforeAll(async () => {
  world = await testWorld();
});

/** The mail that arrives next in a workspace's sandbox mailbox. */
const mailIn = (workspaceId: string) =>
  vi.waitFor(async () => {
    const mails = world.runtime.database.forWorkspace(workspaceId).selectFrom("sandboxDeliveries");
    return mails.select(["to", "subject", "text", "html"]).orderBy("id", "desc").executeTakeFirstOrThrow();
  });

const linkIn = (text: string) => /https?:\S+/.exec(text)?.[0] ?? "";

test("the first person to sign up owns a first workspace and is signed in", async () => {
  const browser = openBrowser(world);
  const signUp = { name: "Ada Example", email: "Ada@Fresh.Example", password: PASSWORD };
  const answer = await browser.request("POST", "/api/auth/sign-up/email", signUp);
  expect(answer).toMatchObject({ status: 200, body: { user: { email: "ada@fresh.example", name: "Ada Example" } } });

  expect(await browser.request("GET", "/me")).toMatchObject({
    status: 200,
    body: {
      user: { name: "Ada Example", email: "ada@fresh.example" },
      workspaces: [{ name: "Ada Example's workspace", role: "OWNER" }],
      role: "OWNER",
    },
  });
  const again = await browser.request("POST", "/api/auth/sign-up/email", { ...signUp, email: "ADA@fresh.example" });
  expect(again).toMatchObject({ status: 409, body: { code: "address-taken" } });
});

test("twenty people who sign up at once get a workspace each", async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_, number) => {
      // Each from an address of their own: ten sign-ups a minute is the limit of one.
      const browser = openBrowser(world, { address: `198.51.100.${number}` });
      const email = `crowd${number}@fresh.example`;
      await browser.request("POST", "/api/auth/sign-up/email", { name: `Crowd ${number}`, email, password: PASSWORD });
      return browser.request("GET", "/me");
    }),
  );
  const ids = answers.map(({ body }) => meSchema.parse(body).activeWorkspaceId);
  expect(new Set(ids).size).toBe(20);
  expect(ids).not.toContain(null);
});

test("the session's token is in the cookie and in no answer", async () => {
  const { owner } = await ownWorkspace(world);
  const browser = openBrowser(world);
  const signedIn = await browser.request("POST", "/api/auth/sign-in/email", { email: owner.email, password: PASSWORD });
  const [token = "none"] = decodeURIComponent(browser.cookie().split("=")[1] ?? "").split(".");
  expect(token.length).toBeGreaterThan(20);
  expect(signedIn.text).not.toContain(token);
  expect((await browser.request("GET", "/api/auth/get-session")).text).not.toContain(token);
  expect((await browser.request("GET", "/sessions")).text).not.toContain(token);
  expect(String(signedIn.headers["set-cookie"])).toMatch(/HttpOnly; SameSite=Lax/);
});

test("cookies are secure when the server is reached over https", async () => {
  const secure = await testWorld({ env: { PUBLIC_URL: "https://line.example" } });
  const { owner } = await ownWorkspace(secure);
  const browser = await signIn(secure, owner.email);
  expect(browser.cookie()).toContain("__Secure-throughline.session_token=");
  expect((await browser.request("GET", "/me")).status).toBe(200);
});

test("a wrong password and an unknown address get the same answer", async () => {
  const { owner } = await ownWorkspace(world);
  const attempt = (email: string) =>
    openBrowser(world).request("POST", "/api/auth/sign-in/email", { email, password: "not the password" });
  const [wrong, unknown] = [await attempt(owner.email), await attempt("nobody@fresh.example")];
  expect(wrong).toMatchObject({ status: 401, body: { code: "wrong-credentials" } });
  expect({ ...unknown, headers: {}, text: "", body: { ...Object(unknown.body), request_id: "" } }).toEqual({
    ...wrong,
    headers: {},
    text: "",
    body: { ...Object(wrong.body), request_id: "" },
  });
});

const signUpWith = (change: object) =>
  openBrowser(world).request("POST", "/api/auth/sign-up/email", {
    name: "Ada",
    email: "new@fresh.example",
    password: PASSWORD,
    ...change,
  });

test("faults of a sign-up stand at their fields", async () => {
  expect(await signUpWith({ password: "short" })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: "/password", detail: "A password has 10 to 128 characters." }] },
  });
  for (const name of ["", "   ", "x".repeat(101)]) {
    expect(await signUpWith({ name })).toMatchObject({ status: 422, body: { errors: [{ pointer: "/name" }] } });
  }
  expect((await signUpWith({ email: "no address" })).status).toBe(422);
  expect((await signUpWith({ email: { $ne: 1 } })).status).toBe(422);
});

test("an asked-for reset link arrives in the sandbox mailbox, works once and signs out everywhere", async () => {
  const { owner, workspaceId } = await ownWorkspace(world);
  const before = await signIn(world, owner.email);
  const asked = await openBrowser(world).request("POST", "/api/auth/request-password-reset", { email: owner.email });
  expect(asked.status).toBe(200);

  const mail = await mailIn(workspaceId);
  expect(mail).toMatchObject({ to: owner.email, subject: "Choose a new password" });
  const link = new URL(linkIn(mail.text));
  expect(link.pathname).toBe("/reset-password");
  const token = link.searchParams.get("token");

  const reset = { token, newPassword: "another long password" };
  expect((await openBrowser(world).request("POST", "/api/auth/reset-password", reset)).status).toBe(200);
  expect(await openBrowser(world).request("POST", "/api/auth/reset-password", reset)).toMatchObject({
    status: 410,
    body: { code: "link-spent" },
  });
  expect((await before.request("GET", "/me")).status).toBe(401);
  await expect(signIn(world, owner.email)).rejects.toThrow("401");
  await expect(signIn(world, owner.email, reset.newPassword)).resolves.toBeDefined();
});

test("asking for a reset tells nobody whether an address has an account, and keeps no usable link in the database", async () => {
  const { owner } = await ownWorkspace(world);
  const ask = (email: string) => openBrowser(world).request("POST", "/api/auth/request-password-reset", { email });
  const [known, unknown] = [await ask(owner.email), await ask("nobody@fresh.example")];
  expect(known.text).toBe(unknown.text);
  const rows = await world.ctx.db.selectFrom("verifications").selectAll().where("value", "=", owner.id).execute();
  expect(rows).toHaveLength(1);
  expect(
    rows.map(({ identifier }) => identifier).filter((identifier) => identifier.startsWith("reset-password")),
  ).toEqual([]);

  expect((await ask(owner.email)).status).toBe(200);
  expect((await ask(owner.email)).status).toBe(200);
  expect(await ask(owner.email)).toMatchObject({ status: 429, body: { code: "too-many-requests" } });
});

test("after five wrong passwords a minute an account is closed to that address, with Retry-After, also over processes", async () => {
  const { owner } = await ownWorkspace(world);
  const other = await testWorld();
  const guess = (process = world) =>
    openBrowser(process).request("POST", "/api/auth/sign-in/email", {
      email: owner.email,
      password: "a wrong password",
    });
  const guesses = await Promise.all(Array.from({ length: 8 }, (_, number) => guess(number % 2 === 0 ? world : other)));
  expect(guesses.filter(({ status }) => status === 401)).toHaveLength(5);
  expect(guesses.filter(({ status }) => status === 429)).toHaveLength(3);

  const refused = await guess();
  expect(refused).toMatchObject({ status: 429, body: { code: "too-many-requests" } });
  const seconds = Number(refused.headers["retry-after"]);
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(60);
  await expect(signIn(world, owner.email)).rejects.toThrow("429");

  const limits = world.runtime.database.forWorkspace("").selectFrom("rateLimits").select("count");
  const stored = await limits.where("key", "=", `sign-in|127.0.0.1|${owner.email}`).executeTakeFirst();
  expect(stored?.count).toBe(6);
});

test("passwords that are right do not use up the limit", async () => {
  const { owner } = await ownWorkspace(world);
  for (let time = 0; time < 7; time++) await signIn(world, owner.email);
  await expect(signIn(world, owner.email)).resolves.toBeDefined();
});

test("a client cannot choose the address it is counted by", async () => {
  const { owner } = await ownWorkspace(world);
  const attempt = { email: owner.email, password: "a wrong password" };
  const statuses: number[] = [];
  for (let number = 0; number < 6; number++) {
    const claimed = `203.0.113.${number}`;
    const headers = { "x-throughline-address": claimed, "x-forwarded-for": claimed };
    statuses.push((await openBrowser(world).request("POST", "/api/auth/sign-in/email", attempt, headers)).status);
  }
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
});

test("a page of another site can neither sign somebody in nor out", async () => {
  const { owner } = await ownWorkspace(world);
  const browser = await signIn(world, owner.email);
  const foreign = { origin: "https://evil.example" };
  expect(await browser.request("POST", "/api/auth/sign-out", {}, foreign)).toMatchObject({
    status: 403,
    body: { code: "cross-site" },
  });
  expect((await browser.request("GET", "/me")).status).toBe(200);
  const attempt = await openBrowser(world).request(
    "POST",
    "/api/auth/sign-in/email",
    { email: owner.email, password: PASSWORD },
    foreign,
  );
  expect(attempt.status).toBe(403);
  expect((await browser.request("POST", "/workspaces", { name: "Not mine" }, foreign)).status).toBe(403);
});

test("signing out ends the session", async () => {
  const { owner } = await ownWorkspace(world);
  const browser = await signIn(world, owner.email);
  const cookie = browser.cookie();
  expect((await browser.request("POST", "/api/auth/sign-out", {})).status).toBe(200);
  expect(browser.cookie()).toBe("");
  const stolen = await openBrowser(world, { cookie }).request("GET", "/me");
  expect(stolen.status).toBe(401);
});

test("a password is changed with the old one, and the other sessions can be ended with it", async () => {
  const { owner } = await ownWorkspace(world);
  const [here, there] = [await signIn(world, owner.email), await signIn(world, owner.email)];
  const change = {
    currentPassword: "a wrong password",
    newPassword: "a much better password",
    revokeOtherSessions: true,
  };
  expect(await here.request("POST", "/api/auth/change-password", change)).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: "/currentPassword" }] },
  });
  const changed = await here.request("POST", "/api/auth/change-password", { ...change, currentPassword: PASSWORD });
  expect(changed.status).toBe(200);
  expect((await here.request("GET", "/me")).status).toBe(200);
  expect((await there.request("GET", "/me")).status).toBe(401);
});

test("a person renames themselves, and shows no picture from another site", async () => {
  const { owner } = await ownWorkspace(world);
  const browser = await signIn(world, owner.email);
  const update = (body: object) => browser.request("POST", "/api/auth/update-user", body);
  expect((await update({ name: "  Nora Newname ", image: "https://evil.example/pixel.gif" })).status).toBe(200);
  expect(await browser.request("GET", "/me")).toMatchObject({ body: { user: { name: "Nora Newname" } } });
  expect((await browser.request("GET", "/api/auth/get-session")).text).not.toContain("evil.example");
  expect((await update({ name: "" })).status).toBe(422);
  expect((await update({ email: "other@northwind.example" })).status).toBeGreaterThanOrEqual(400);
  expect(await browser.request("GET", "/me")).toMatchObject({
    body: { user: { name: "Nora Newname", email: owner.email } },
  });
});

test("what better-auth could do beyond the list is not there", async () => {
  const { owner } = await ownWorkspace(world);
  const browser = await signIn(world, owner.email);
  for (const path of [
    "/list-sessions",
    "/delete-user",
    "/change-email",
    "/organization/create",
    "/sign-in/social",
    "/ok",
  ]) {
    expect((await browser.request("GET", `/api/auth${path}`)).status).toBe(404);
    expect((await browser.request("POST", `/api/auth${path}`, {})).status).toBe(404);
  }
});

test("no log line holds a password, a token or a reset link", async () => {
  const lines: string[] = [];
  const write = vi.spyOn(process.stderr, "write").mockImplementation((chunk) => Boolean(lines.push(String(chunk))));
  onTestFinished(() => write.mockRestore());
  const loud = await testWorld({ env: { LOG_LEVEL: "trace" } });
  const { owner, workspaceId } = await ownWorkspace(loud);
  const browser = await signIn(loud, owner.email);
  await openBrowser(loud).request("POST", "/api/auth/sign-in/email", {
    email: owner.email,
    password: "wrong-and-unmistakable",
  });
  await openBrowser(loud).request("POST", "/api/auth/request-password-reset", { email: owner.email });
  const mail = await mailIn(workspaceId);
  await openBrowser(loud).request("POST", "/api/auth/reset-password", { token: "not-a-token", newPassword: PASSWORD });
  loud.runtime.log.info("the log is heard");
  const log = lines.join("");
  expect(log).toContain("the log is heard");
  expect(log).not.toContain(PASSWORD);
  expect(log).not.toContain("wrong-and-unmistakable");
  expect(log).not.toContain(browser.cookie().split("=")[1]);
  expect(log).not.toContain(new URL(linkIn(mail.text)).searchParams.get("token"));
});

test("whatever is sent to it, signing in answers with a problem and never with a fault of ours", async () => {
  const odd = ["x".repeat(100_000), "👩‍🚀", "\u202eevil", -1, 1e308, true, null, [], {}, [[[]]], { a: { b: [] } }];
  const fields = ["email", "password", "name", "token", "newPassword", "currentPassword", "invitation", "callbackURL"];
  const bodies: unknown[] = [...odd, ...odd.map((value) => Object.fromEntries(fields.map((field) => [field, value])))];
  const paths = [
    "sign-up/email",
    "sign-in/email",
    "sign-out",
    "request-password-reset",
    "reset-password",
    "change-password",
  ];
  for (const path of [...paths, "update-user"]) {
    for (const [number, body] of bodies.entries()) {
      const browser = openBrowser(world, { address: `198.51.${paths.indexOf(path) + 1}.${number}` });
      const { status, text } = await browser.request("POST", `/api/auth/${path}`, body);
      expect(status, `${path} ${JSON.stringify(body)?.slice(0, 80)}: ${text}`).toBeLessThan(500);
    }
  }
  expect((await openBrowser(world).request("GET", "/api/auth/get-session?disableCookieCache=%00")).status).toBeLessThan(
    500,
  );
  expect((await openBrowser(world, { cookie: "throughline.session_token=;=;%%%" }).request("GET", "/me")).status).toBe(
    401,
  );
});
