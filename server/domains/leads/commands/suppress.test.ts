import { expect, test } from "vitest";
import type { Context } from "#platform/context.ts";
import { listSuppressions } from "../index.ts";
import { findActiveSuppressions } from "../queries/suppressions.ts";
import { countRows, leadsWorld, rowOf } from "../test-leads.ts";
import { liftStop, liftSuppression } from "./lift-suppression.ts";
import { suppress } from "./suppress.ts";
import { upsertLeads } from "./upsert-leads.ts";

const value = "+12125550142";
const phone = { kind: "PHONE", value } as const;
const vendor = (ctx: Context): Context => ({ ...ctx, actor: { kind: "vendor", id: "twilio" } });
const eventsOf = async (ctx: Context, type: string) =>
  ctx.db.selectFrom("events").select(["leadId", "payload"]).where("type", "=", type).orderBy("leadId").execute();

test("a STOP closes the number for every lead that has it, once however often it comes", async () => {
  const { ctx } = await leadsWorld();
  const outcomes = await upsertLeads(
    ctx,
    [rowOf({ phone: value, email: "a@example.com" }), rowOf({ phone: value, email: "b@example.com" })],
    { policy: "fill" },
  );
  const stop = { ...phone, reason: "STOP_REPLY", evidence: "STOP" } as const;
  const ids = await Promise.all(Array.from({ length: 20 }, () => suppress(vendor(ctx), stop)));
  expect(ids.filter((id) => id !== null)).toHaveLength(1);
  expect(await countRows(ctx, "suppressions")).toBe(1);
  const events = await eventsOf(ctx, "leads.address-suppressed");
  expect(new Set(events.map(({ leadId }) => leadId))).toEqual(new Set(outcomes.map(({ leadId }) => leadId)));
});

test("START lifts what the STOP closed, and nothing that another cause closed", async () => {
  const { ctx } = await leadsWorld();
  await suppress(vendor(ctx), { ...phone, reason: "STOP_REPLY" });
  await suppress(ctx, { ...phone, reason: "MANUAL" });
  expect(await liftStop(vendor(ctx), { ...phone, evidence: "msg_1" })).toBe(true);
  expect(await findActiveSuppressions(ctx, [phone])).toMatchObject([{ reason: "MANUAL" }]);
  expect(await liftStop(vendor(ctx), { ...phone, evidence: "msg_2" })).toBe(false);
});

test("only a person lifts, and only with the permission", async () => {
  const { ctx, as } = await leadsWorld();
  const id = await suppress(ctx, { kind: "EMAIL", value: "a@example.com", reason: "COMPLAINT" });
  const lift = (actor: Context) => liftSuppression(actor, { suppressionId: id ?? "", reason: "asked for it" });
  await expect(lift(vendor(ctx))).rejects.toMatchObject({ definition: { code: "only-people-lift" } });
  await expect(lift(await as("VIEWER"))).rejects.toMatchObject({ definition: { code: "not-allowed" } });
  await lift(ctx);
  expect(await findActiveSuppressions(ctx, [{ kind: "EMAIL", value: "a@example.com" }])).toEqual([]);
});

test("the person whom a message was sent to closes their own address through their link", async () => {
  const { ctx } = await leadsWorld();
  const recipient: Context = { ...ctx, actor: { kind: "recipient", id: "msg_1" } };
  expect(
    await suppress(recipient, { kind: "EMAIL", value: "a@example.com", reason: "UNSUBSCRIBE", scope: "EMAIL" }),
  ).not.toBeNull();
});

test("a channel is closed by what closes it or all, and the gravest cause is told", async () => {
  const { ctx } = await leadsWorld();
  await suppress(ctx, { ...phone, reason: "HARD_BOUNCE", scope: "SMS" });
  const sms = await listSuppressions(ctx, [phone, { kind: "EMAIL", value: "a@example.com" }]);
  expect(sms.find("SMS", value)).toEqual({ reason: "HARD_BOUNCE", scope: "SMS" });
  expect(sms.find("CALL", value)).toBeUndefined();
  expect(sms.find("EMAIL", "a@example.com")).toBeUndefined();
  await suppress(ctx, { ...phone, reason: "MANUAL" });
  await suppress(ctx, { ...phone, reason: "STOP_REPLY" });
  const all = await listSuppressions(ctx, [phone]);
  expect(all.find("SMS", value)).toEqual({ reason: "STOP_REPLY", scope: "ALL" });
  expect(all.find("CALL", value)).toEqual({ reason: "STOP_REPLY", scope: "ALL" });
});
