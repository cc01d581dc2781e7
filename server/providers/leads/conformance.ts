import { afterEach, describe, expect, test } from "vitest";
import { AMPLE_MS } from "../test-stub.ts";
import type { LeadAdsProvider, LeadAnswer } from "./port.ts";

/** What a stubbed vendor can be told to do when it is asked for a lead. */
export const LEAD_BEHAVIOURS = ["give", "rate-limit", "broken", "hang", "hang-up", "gone", "down"] as const;
export type LeadBehaviour = (typeof LEAD_BEHAVIOURS)[number];

/** One provider opened against its stub. */
export interface LeadHarness {
  provider: LeadAdsProvider;
  /** The id under which the vendor will be asked for a lead with these answers, once it was told how to behave. */
  play(behaviour: LeadBehaviour, answers: readonly LeadAnswer[]): Promise<string>;
  stop(): Promise<void>;
}

export interface LeadConformance {
  name: string;
  /** `timeoutMs`: after which the provider gives an answer up. */
  start(timeoutMs: number): Promise<LeadHarness>;
  /** What this vendor can play; the rest of the suite is left out. */
  behaviours: readonly LeadBehaviour[];
  /** The wait that "rate-limit" asks for. */
  retryAfterSeconds: number;
}

const ANSWERS: LeadAnswer[] = [
  { name: "full_name", values: ["Zoë O'Neil"] },
  { name: "email", values: ["zoe@example.com"] },
  { name: "what_interests_you?", values: ["Kites", "Boats 👋"] },
];

/** The promises of `fetch`, the same for every vendor of lead forms. Call it at the top level of a test file. */
export function describeLeadAds(vendor: LeadConformance): void {
  describe(`${vendor.name} as a source of leads`, () => {
    let harness: LeadHarness;
    afterEach(async () => {
      await harness.provider.close();
      await harness.stop();
    });

    function when(behaviour: LeadBehaviour, title: string, check: (id: string) => Promise<void>): void {
      if (!vendor.behaviours.includes(behaviour)) return;
      test(title, async () => {
        harness = await vendor.start(behaviour === "hang" ? 250 : AMPLE_MS);
        await check(await harness.play(behaviour, behaviour === "give" ? ANSWERS : sentinel(behaviour)));
      });
    }

    when("give", "gives what the person wrote, word for word, and where", async (id) => {
      const fetched = await harness.provider.fetch(id);
      expect(fetched).toMatchObject({
        kind: "fetched",
        answers: ANSWERS,
        origin: { formId: expect.stringMatching(/./) },
      });
    });
    when("give", "gives the same lead however often it is asked", async (id) => {
      expect(await harness.provider.fetch(id)).toEqual(await harness.provider.fetch(id));
    });
    when("give", "answers a connection test with yes", async () => {
      expect(await harness.provider.test()).toMatchObject({ kind: "ok" });
    });
    when("rate-limit", "at its limit it may be asked again, not before the time that it names", async (id) => {
      expect(await harness.provider.fetch(id)).toMatchObject({
        kind: "failed",
        retryAfterSeconds: vendor.retryAfterSeconds,
      });
    });
    when("broken", "broken it may be asked again", async (id) => {
      expect(await harness.provider.fetch(id)).toMatchObject({ kind: "failed" });
    });
    when("hang", "without an answer in time it may be asked again", async (id) => {
      expect(await harness.provider.fetch(id)).toMatchObject({ kind: "failed" });
    });
    when("hang-up", "a connection that is lost is no answer", async (id) => {
      expect(await harness.provider.fetch(id)).toMatchObject({ kind: "failed" });
    });
    when("gone", "a lead that is not there is not asked for again", async (id) => {
      expect(await harness.provider.fetch(id)).toMatchObject({ kind: "refused", detail: expect.stringMatching(/./) });
    });
    when("down", "out of reach it may be asked again, and a connection test says so", async (id) => {
      expect(await harness.provider.fetch(id)).toMatchObject({ kind: "failed" });
      expect(await harness.provider.test()).toMatchObject({ kind: "failed" });
    });
  });
}

/** The sandbox is told by the e-mail address what to play. */
const SENTINELS: Partial<Record<LeadBehaviour, string>> = {
  "rate-limit": "ratelimit@example.com",
  broken: "broken@example.com",
  hang: "timeout@example.com",
  gone: "bounce@example.com",
};
const sentinel = (behaviour: LeadBehaviour): LeadAnswer[] => [
  { name: "email", values: [SENTINELS[behaviour] ?? "zoe@example.com"] },
];
