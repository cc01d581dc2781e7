import { describe, expect, test } from "vitest";
import { channelIn, eventWords, isToldElsewhere } from "#web/leads/timeline-words.ts";

describe("the words of a lead's timeline", () => {
  test("a withheld message says what was not sent and why", () => {
    const payload = { messageId: "msg_1", channel: "EMAIL", summary: "Your seat", reason: "The address is closed." };
    expect(eventWords("messaging.message-withheld", payload)).toEqual({
      what: "e-mail “Your seat” was not sent",
      outcome: { label: "Withheld", tone: "warning" },
      detail: "The address is closed.",
    });
    expect(channelIn(payload)).toBe("EMAIL");
  });

  test("what came from the person is told of the person, what a sequence did of the sequence", () => {
    expect(eventWords("messaging.message-received", { channel: "SMS", summary: "STOP", reading: "stop" })).toEqual({
      who: "person",
      what: "wrote “STOP”",
      outcome: { label: "Opted out", tone: "danger" },
    });
    const step = { sequenceName: "Spring webinar", stepOrder: 2, channel: "SMS" };
    expect(eventWords("outreach.step-sent", step)).toEqual({
      who: { name: "Spring webinar" },
      what: "sent step 3, SMS",
    });
  });

  test("an event without words, or with a payload that says nothing, still makes a line", () => {
    expect(eventWords("billing.invoice-paid", {}).what).toBe("invoice paid");
    expect(eventWords("messaging.message-sent", {}).what).toBe("sent message");
    expect(eventWords("leads.status-changed", { from: "NEW", to: "LOST", by: "person" }).what).toBe(
      "moved the status from New to Lost",
    );
  });

  test("a change of the status alone is told once", () => {
    expect(isToldElsewhere({ type: "leads.lead-updated", payload: { changed: ["status"] } })).toBe(true);
    expect(isToldElsewhere({ type: "leads.lead-updated", payload: { changed: ["status", "company"] } })).toBe(false);
  });
});
