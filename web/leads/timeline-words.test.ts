import { describe, expect, test } from "vitest";
import { listEventTypes } from "#platform/events.ts";
import { channelIn, eventWords, isToldElsewhere, joinArrivals, TOLD_TYPES } from "#web/leads/timeline-words.ts";
// Whatever the product is made of defines its events.
import "#server/app.ts";

/** Events that are about no lead: they stand on nobody's timeline. */
const OF_NO_LEAD = [
  /^accounts\./,
  /^platform\./,
  /^messaging\.(sender|vendor)-/,
  /^leads\.(bulk-action-finished|bulk-action-progressed|bulk-change-progressed|import-finished|import-progressed|tag-changed)$/,
  /^leads\.(custom-field-changed|intake-source-changed|saved-filter-changed|score-rules-changed|scores-applied|submission-cleared)$/,
  /^outreach\.(bulk-assignment-finished|bulk-assignment-progressed|bulk-enrollment-finished|bulk-enrollment-progressed|campaign-changed|script-changed|sequence-changed)$/,
];

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

  test("every kind of event that can be about a lead has words", () => {
    // Other tests of the same process may have made kinds of their own.
    const types = listEventTypes().filter((type) => !type.startsWith("test."));
    expect(types.length).toBeGreaterThan(40);
    const untold = types.filter((type) => !TOLD_TYPES.includes(type) && !OF_NO_LEAD.some((kind) => kind.test(type)));
    expect(untold).toEqual([]);
    expect(TOLD_TYPES.filter((type) => OF_NO_LEAD.some((kind) => kind.test(type)))).toEqual([]);
  });

  test("a merge tells what changed by it, an answered message its channel, a campaign its name", () => {
    expect(eventWords("leads.leads-merged", { changed: ["email", "jobTitle"] })).toEqual({
      what: "made another lead part of this one",
      detail: "Changed here: E-mail, Job title",
    });
    expect(eventWords("messaging.message-answered", { channel: "EMAIL" }).what).toBe("marked the e-mail as answered");
    expect(eventWords("outreach.lead-assigned", { campaignName: "Spring" }).what).toBe(
      "put the lead into the campaign “Spring”",
    );
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

  test("a status that the system moves by itself is told of the system, with the reason", () => {
    expect(eventWords("leads.status-changed", { from: "CONTACTED", to: "LOST", by: "upsert" })).toEqual({
      what: "moved the status from Contacted to Lost, by an import or the API",
    });
    expect(eventWords("leads.status-changed", { from: "NEW", to: "CONTACTED", by: "delivered_outbound" })).toEqual({
      who: { name: "Throughline" },
      what: "moved the status from New to Contacted, since a message reached them",
    });
  });

  test("a message that arrives in the minute in which it is sent takes one line, a later one two", () => {
    const entry = (type: string, messageId: string, at: string) => ({
      entry: { type: `messaging.message-${type}`, payload: { messageId, channel: "SMS" }, at },
    });
    const quick = [
      entry("delivered", "msg_1", "2026-03-02T10:00:40.000Z"),
      entry("sent", "msg_1", "2026-03-02T10:00:05.000Z"),
    ];
    const slow = [
      entry("delivered", "msg_2", "2026-03-02T10:03:00.000Z"),
      entry("sent", "msg_2", "2026-03-02T10:00:05.000Z"),
    ];
    const outcomes = joinArrivals([...quick, ...slow]).map(
      ({ entry: { type, payload } }) => eventWords(type, payload).outcome?.label,
    );
    expect(outcomes).toEqual(["Delivered", "Delivered", "Sent"]);
  });
});
