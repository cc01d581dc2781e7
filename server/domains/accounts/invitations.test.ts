import { beforeAll, expect, test } from "vitest";
import { testWorld, type World } from "#test/world.ts";
import type { z } from "zod";
import { sentInvitationSchema } from "./contract.ts";
import { INVITATION_DAYS } from "./rules.ts";
import { openBrowser, ownWorkspace, PASSWORD, signIn } from "./test-browser.ts";

let world: World;
beforeAll(async () => {
  world = await testWorld();
});

type Sent = z.infer<typeof sentInvitationSchema>;

async function invite(email: string, role = "MEMBER", from = world): Promise<Sent & { token: string }> {
  const answer = await from.request("POST", "/invitations", { body: { email, role } });
  expect(answer.status).toBe(201);
  const sent = sentInvitationSchema.parse(answer.body);
  return { ...sent, token: sent.link.split("/invitations/")[1] ?? "" };
}

const signUp = (email: string, invitation: string) => {
  const browser = openBrowser(world);
  const body = { name: "Ines Invited", email, password: PASSWORD, invitation };
  return browser.request("POST", "/api/auth/sign-up/email", body).then((answer) => ({ browser, answer }));
};

test("an invitation goes to the sandbox mailbox, and who signs up by its link joins that workspace and no other", async () => {
  const { token, link, delivery, invitation } = await invite("Ines@Invited.Example", "ADMIN");
  expect(delivery).toBe("sandbox");
  expect(invitation).toMatchObject({
    email: "ines@invited.example",
    state: "open",
    invitedBy: { name: "Olive Owner" },
  });
  const mail = (await world.sandbox.emails()).at(-1);
  expect(mail).toMatchObject({ to: "ines@invited.example", subject: "Olive Owner invites you to Test workspace" });
  expect(mail?.text).toContain(link);

  const opened = await openBrowser(world).request("GET", `/invitation-links/${token}`);
  expect(opened).toMatchObject({
    status: 200,
    body: { workspaceName: "Test workspace", role: "ADMIN", inviterName: "Olive Owner", hasAccount: false },
  });

  const { browser, answer } = await signUp("ines@invited.example", token);
  expect(answer.status).toBe(200);
  expect(await browser.request("GET", "/me")).toMatchObject({
    body: { activeWorkspaceId: world.workspace, role: "ADMIN", workspaces: [{ name: "Test workspace" }] },
  });
  const joined = world.ctx.db.selectFrom("events").select("payload").where("type", "=", "accounts.member-joined");
  expect((await joined.execute()).map(({ payload }) => payload)).toContainEqual(
    expect.objectContaining({ email: "ines@invited.example", role: "ADMIN", invitationId: invitation.id }),
  );
  expect((await openBrowser(world).request("GET", `/invitation-links/${token}`)).status).toBe(410);
});

test("somebody with an account accepts when signed in, and goes on in the new workspace", async () => {
  const { owner } = await ownWorkspace(world);
  const { token } = await invite(owner.email);
  const browser = await signIn(world, owner.email);
  expect(await openBrowser(world).request("GET", `/invitation-links/${token}`)).toMatchObject({
    body: { hasAccount: true },
  });
  expect(await browser.request("POST", `/invitation-links/${token}/accept`)).toMatchObject({
    status: 200,
    body: { id: world.workspace, role: "MEMBER" },
  });
  expect(await browser.request("GET", "/me")).toMatchObject({
    body: { activeWorkspaceId: world.workspace, role: "MEMBER" },
  });
  expect((await browser.request("POST", `/invitation-links/${token}/accept`)).status).toBe(410);
  expect(await world.request("POST", "/invitations", { body: { email: owner.email, role: "VIEWER" } })).toMatchObject({
    status: 409,
    body: { code: "already-member" },
  });
});

test("twenty acceptances at once make one membership", async () => {
  const { owner } = await ownWorkspace(world);
  const { token } = await invite(owner.email);
  const browser = await signIn(world, owner.email);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => browser.request("POST", `/invitation-links/${token}/accept`)),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 410)).toHaveLength(19);
});

test("an invitation is for the invited address only", async () => {
  const { owner } = await ownWorkspace(world);
  const { token } = await invite("somebody.else@invited.example");
  const browser = await signIn(world, owner.email);
  expect(await browser.request("POST", `/invitation-links/${token}/accept`)).toMatchObject({
    status: 403,
    body: { code: "invitation-for-another" },
  });
  const { browser: stranger, answer } = await signUp("stranger@invited.example", token);
  expect(answer).toMatchObject({ status: 403, body: { code: "invitation-for-another" } });
  expect((await stranger.request("GET", "/me")).status).toBe(401);
  expect((await signUp("stranger@invited.example", "inv_made.up")).answer.status).toBe(410);
});

test("a link whose signature was changed, or made for another invitation, opens nothing", async () => {
  const [one, two] = [await invite("one@invited.example"), await invite("two@invited.example")];
  const [, signature = ""] = one.token.split(".");
  for (const token of [
    `${two.invitation.id}.${signature}`,
    one.invitation.id,
    `${one.token}x`,
    `${one.invitation.id}.`,
  ]) {
    expect((await openBrowser(world).request("GET", `/invitation-links/${token}`)).status).toBe(410);
  }
});

test("an invitation can be sent again and cancelled, and ends by itself after a week", async () => {
  const world = await testWorld();
  const { invitation, token } = await invite("slow@invited.example", "MEMBER", world);
  expect(
    await world.request("POST", "/invitations", { body: { email: "slow@invited.example", role: "VIEWER" } }),
  ).toMatchObject({
    status: 409,
    body: { code: "already-invited" },
  });
  world.clock.advance(INVITATION_DAYS * 86_400_000);
  expect((await openBrowser(world).request("GET", `/invitation-links/${token}`)).status).toBe(410);
  expect(await world.request("GET", "/invitations?state=expired")).toMatchObject({
    body: { data: [{ email: "slow@invited.example" }] },
  });

  expect(await world.request("POST", `/invitations/${invitation.id}/resend`)).toMatchObject({
    status: 200,
    body: { invitation: { state: "open" }, delivery: "sandbox" },
  });
  expect((await openBrowser(world).request("GET", `/invitation-links/${token}`)).status).toBe(200);
  expect((await world.request("POST", `/invitations/${invitation.id}/cancel`)).status).toBe(204);
  expect((await openBrowser(world).request("GET", `/invitation-links/${token}`)).status).toBe(410);
  expect((await world.request("POST", `/invitations/${invitation.id}/cancel`)).status).toBe(410);
  expect((await world.request("POST", `/invitations/${invitation.id}/resend`)).status).toBe(410);
});

test("twenty invitations of one address at once leave one open", async () => {
  const attempts = Array.from({ length: 20 }, () =>
    world.request("POST", "/invitations", { body: { email: "popular@invited.example", role: "MEMBER" } }),
  );
  const statuses = (await Promise.all(attempts)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(1);
  expect(statuses.filter((status) => status === 409)).toHaveLength(19);
});

test("an admin cannot invite an owner", async () => {
  const body = { email: "boss@invited.example", role: "OWNER" };
  expect(await world.request("POST", "/invitations", { as: "ADMIN", body })).toMatchObject({
    status: 403,
    body: { code: "owners-only" },
  });
});

test("invitations of another workspace are not there", async () => {
  const { invitation } = await invite("ours@invited.example");
  const other = await testWorld();
  for (const action of ["cancel", "resend"]) {
    expect((await other.request("POST", `/invitations/${invitation.id}/${action}`)).status).toBe(404);
  }
  expect((await other.request("GET", "/invitations")).text).not.toContain("ours@invited.example");
});
