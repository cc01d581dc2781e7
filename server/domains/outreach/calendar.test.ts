import { expect, test } from "vitest";
import { z } from "zod";
import { enrollLeads } from "./commands/enroll-leads.ts";
import { type Calendar, calendarSchema } from "./contract/calendar.ts";
import { activeSequence, sendingWorld } from "./test-sequences.ts";

const sum = ({ CALL, SMS, EMAIL }: { CALL: number; SMS: number; EMAIL: number }) => CALL + SMS + EMAIL;

test("the calendar tells what went out and what is planned on each day, and lists both; its plans come true", async () => {
  const world = await sendingWorld();
  const sequenceId = await activeSequence(world.ctx, [
    { channel: "EMAIL" },
    { channel: "SMS", delayValue: 2, delayUnit: "DAYS" },
    { channel: "EMAIL", delayValue: 1, delayUnit: "WEEKS" },
  ]);
  const leads = [await world.make.lead(), await world.make.lead()];
  await enrollLeads(world.ctx, { sequenceId, leadIds: leads.map(({ id }) => id), by: "person" });
  const read = async (): Promise<Calendar> => {
    const { body } = await world.request("GET", "/api/v1/outreach/calendar?from=2026-02-23&days=21");
    return calendarSchema.parse(body);
  };
  const shown = ({ days }: Calendar) =>
    days
      .filter(({ sent, planned }) => sum(planned) + (sent ? sum(sent) : 0) > 0)
      .map(({ day, sent, planned }) => ({ day, sent: sent && sum(sent), planned: sum(planned) }));

  await world.advance(1);
  const before = await read();
  expect(before).toMatchObject({ timeZone: "America/New_York", today: "2026-03-02", isMore: false });
  expect(before.days).toHaveLength(21);
  expect(shown(before)).toEqual([
    { day: "2026-03-02", sent: 2, planned: 0 },
    { day: "2026-03-04", sent: null, planned: 2 },
  ]);

  await world.advance(60 * 24 * 3);
  expect(shown(await read())).toEqual([
    { day: "2026-03-02", sent: 2, planned: 0 },
    { day: "2026-03-04", sent: 2, planned: 0 },
    { day: "2026-03-11", sent: null, planned: 2 },
  ]);
  const day = "from=2026-03-02T05:00:00Z&before=2026-03-03T05:00:00Z";
  const first = await world.request("GET", `/api/v1/messages/sent?${day}&limit=1`);
  expect(first.body).toMatchObject({
    data: [{ channel: "EMAIL", status: "sent" }],
    next_cursor: expect.any(String),
  });
  const { next_cursor: cursor } = z.object({ next_cursor: z.string() }).parse(first.body);
  const second = await world.request("GET", `/api/v1/messages/sent?${day}&limit=1&cursor=${cursor}`);
  const ids = [first, second].map(
    ({ body }) => z.object({ data: z.array(z.object({ leadId: z.string() })) }).parse(body).data,
  );
  expect(
    ids
      .flat()
      .map(({ leadId }) => leadId)
      .toSorted(),
  ).toEqual(leads.map(({ id }) => id).toSorted());
  expect(second.body).toMatchObject({ next_cursor: null });

  const { body } = await world.request(
    "GET",
    "/api/v1/executions/planned?from=2026-03-11T00:00:00Z&before=2026-03-12T00:00:00Z&limit=1",
  );
  expect(body).toMatchObject({ data: [{ channel: "EMAIL", stepOrder: 2 }], next_cursor: expect.any(String) });
});

test("what is overdue is planned for today", async () => {
  const world = await sendingWorld();
  const sequenceId = await activeSequence(world.ctx, [{ channel: "EMAIL" }]);
  const lead = await world.make.lead();
  await enrollLeads(world.ctx, { sequenceId, leadIds: [lead.id], by: "person" });
  // Nobody works meanwhile.
  world.clock.advance(3 * 86_400_000);
  const { body } = await world.request("GET", "/api/v1/outreach/calendar?from=2026-03-02&days=5");
  const days = calendarSchema.parse(body).days.map(({ planned }) => sum(planned));
  expect(days).toEqual([0, 0, 0, 1, 0]);
});

test("a day or an instant that no answer could say again is refused, and nothing is kept of it", async () => {
  const world = await sendingWorld();
  expect((await world.request("GET", "/outreach/calendar?from=9999-12-31&days=31")).status).toBe(422);
  const body = { name: "Late", channels: ["SMS"], endDate: "9999-12-31T23:59:59-23:00" };
  expect((await world.request("POST", "/campaigns", { body })).status).toBe(422);
  expect((await world.request("GET", "/campaigns")).body).toMatchObject({ data: [] });
});
