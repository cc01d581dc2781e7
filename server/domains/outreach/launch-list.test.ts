import { describe, expect, test } from "vitest";
import type { PoolStanding } from "#domains/messaging/index.ts";
import { type LaunchFacts, launchPoints } from "./launch-list.ts";

const facts: LaunchFacts = {
  steps: ["EMAIL", "SMS", "EMAIL"],
  faults: [],
  warnings: [],
  senders: new Map([
    ["EMAIL", { from: "hello@maple.example", isSandbox: false }],
    ["SMS", { from: "", isSandbox: true }],
  ]),
  pools: new Map(),
  settings: {
    senderName: "Maple Studio",
    senderEmail: "",
    postalAddress: "1 Main Street, Springfield",
    timeZone: "America/New_York",
    country: "US",
  },
  window: { days: [1, 2, 3, 4, 5], start: "09:00", end: "18:00" },
  holidays: [],
  // A Monday, 07:00 in New York.
  now: new Date("2026-03-02T12:00:00Z"),
};
const undone = (changed: Partial<LaunchFacts>) =>
  launchPoints({ ...facts, ...changed }).flatMap(({ isDone, title, details, required }) =>
    isDone ? [] : [{ title, details, required }],
  );

describe("the list before a launch", () => {
  test("warns of what filters and people take for spam, and lets the sequence start all the same", () => {
    const warnings = [{ script: "Letter", detail: "A link is not encrypted: a.example" }];
    expect(undone({ warnings })).toEqual([
      { title: "Words and links", details: ["Letter: A link is not encrypted: a.example"], required: false },
    ]);
  });

  test("names what is there: steps, scripts, who sends on each channel, when the hours open, who it comes from", () => {
    expect(launchPoints(facts)).toMatchObject([
      { code: "steps", isDone: true, details: ["3 steps in use"] },
      { code: "scripts", isDone: true },
      { code: "channel", channel: "SMS", details: ["Goes to the sandbox: nobody is really contacted"] },
      {
        code: "channel",
        channel: "EMAIL",
        title: "E-mail",
        details: ["Goes out through your integration, from hello@maple.example"],
      },
      { code: "window", isDone: true, details: ["Mon–Fri 09:00–18:00"], opensAt: new Date("2026-03-02T14:00:00Z") },
      { code: "sender", details: ["Maple Studio, hello@maple.example", "1 Main Street, Springfield"] },
    ]);
  });

  test("says what is missing in the words of the pages, and whether it keeps the sequence from being started", () => {
    expect(undone({ steps: [] })).toEqual([{ title: "Steps", required: true, details: ["No step is in use yet"] }]);
    expect(
      undone({ senders: new Map(), faults: [{ code: "script_fault", detail: "Script “Hi”: it has no text" }] }),
    ).toEqual([
      { title: "Scripts", required: true, details: ["Script “Hi”: it has no text"] },
      { title: "SMS", required: true, details: ["No active integration for SMS"] },
      { title: "E-mail", required: true, details: ["No active integration for E-mail"] },
      { title: "Sender", required: false, details: ["The sender's address is missing"] },
    ]);
    expect(undone({ settings: { ...facts.settings, postalAddress: " ", senderName: "" } })).toEqual([
      {
        title: "Sender",
        required: true,
        details: ["The postal address is missing: no e-mail goes out without it", "The sender's name is missing"],
      },
    ]);
  });

  test("says when the hours never open on a channel whose legal hours they do not meet", () => {
    expect(undone({ window: { days: [1], start: "22:00", end: "23:00" } })).toEqual([
      { title: "Sending hours", required: false, details: ["Mon 22:00–23:00", "They never open for SMS"] },
    ]);
  });

  test("warns where a channel's senders take no new leads, are paused, or are of a domain that lacks records", () => {
    const pool: PoolStanding = { total: 2, open: 2, paused: [], unready: [] };
    const withPool = (changed: Partial<PoolStanding>) =>
      launchPoints({ ...facts, pools: new Map([["EMAIL", { ...pool, ...changed }]]) }).filter(
        ({ code }) => code === "senders",
      );
    expect(withPool({})).toMatchObject([
      { title: "E-mail senders", channel: "EMAIL", isDone: true, details: ["2 of 2 take new leads"] },
    ]);
    const unready = [{ domain: "maple.example", records: ["DKIM", "DMARC"] }];
    expect(withPool({ open: 0, paused: ["ada@maple.example"], unready })).toMatchObject([
      {
        isDone: false,
        required: false,
        details: [
          "No sender takes new leads: their touches wait",
          "Paused: ada@maple.example",
          "maple.example needs DKIM, DMARC",
        ],
      },
    ]);
    expect(launchPoints(facts).map(({ code }) => code)).not.toContain("senders");
  });

  test("asks for no sender and no address where no e-mail is sent", () => {
    expect(launchPoints({ ...facts, steps: ["SMS"] }).map(({ code }) => code)).toEqual([
      "steps",
      "scripts",
      "channel",
      "window",
    ]);
  });
});
