import { describe, expect, test } from "vitest";
import { answerBefore, joinTouches } from "#web/leads/touches.ts";

const step = {
  enrollmentId: "enr_1",
  sequenceId: "seq_1",
  sequenceName: "Welcome",
  executionId: "exe_1",
  stepOrder: 0,
  channel: "SMS",
};
const message = { messageId: "msg_1", executionId: "exe_1", channel: "SMS", summary: "Hello" };

describe("a touch in the timeline", () => {
  test("is told once, as the message, and knows its sequence", () => {
    const joined = joinTouches([
      { type: "messaging.message-sent", payload: message },
      { type: "outreach.step-sent", payload: step },
      { type: "outreach.lead-enrolled", payload: { enrollmentId: "enr_1" } },
    ]);
    expect(joined.map(({ entry }) => entry.type)).toEqual(["messaging.message-sent", "outreach.lead-enrolled"]);
    expect(joined[0]?.touch).toEqual({
      executionId: "exe_1",
      enrollmentId: "enr_1",
      sequenceName: "Welcome",
      stepOrder: 0,
    });
  });

  test("stays where no message tells it", () => {
    const skipped = { type: "outreach.step-skipped", payload: { ...step, reason: "2 touches in 7 days" } };
    expect(joinTouches([skipped])).toEqual([{ entry: skipped, touch: expect.objectContaining({ stepOrder: 0 }) }]);
    const sent = { type: "outreach.step-sent", payload: step };
    expect(
      joinTouches([sent, { type: "messaging.message-sent", payload: { ...message, executionId: "exe_2" } }]),
    ).toHaveLength(2);
  });
});

test("the answer that ended a sequence is the last one until then", () => {
  const received = (at: string, channel: string) => ({ type: "messaging.message-received", at, payload: { channel } });
  const entries = [
    received("2026-11-21T12:00:00.000Z", "EMAIL"),
    received("2026-11-21T10:00:00.000Z", "SMS"),
    received("2026-11-20T10:00:00.000Z", "EMAIL"),
  ];
  expect(answerBefore(entries, "2026-11-21T10:00:00.000Z")).toBe("SMS");
  expect(answerBefore(entries, "2026-11-19T10:00:00.000Z")).toBeUndefined();
  expect(answerBefore(entries, null)).toBeUndefined();
});
