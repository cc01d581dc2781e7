import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type { ConnectionTest, SendOutcome } from "./outcome.ts";
import { AMPLE_MS, whileItHangs } from "./test-stub.ts";
import type { RawRequest } from "./webhook.ts";

/** What a stubbed vendor can be told to do with the messages that come next. */
export const BEHAVIOURS = [
  "accept",
  "rate-limit",
  "broken",
  "hang",
  "hang-up",
  "hang-first",
  "refuse-address",
  "refuse-login",
  "down",
] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** One provider opened against its stub. */
export interface SendHarness<Message> {
  provider: {
    readonly concurrency: number;
    send(message: Message): Promise<SendOutcome>;
    test(): Promise<ConnectionTest>;
    close(): Promise<void>;
  };
  /** A message under this id with this text; the sandbox chooses the address by what it was told to play. */
  message(id: string, text: string): Message;
  play(behaviour: Behaviour): Promise<void>;
  /** How many messages reached the vendor. */
  handOvers(): number;
  /** Asserts that the last request is as the vendor's API reference states, and carries our id and text. */
  expectRequest(id: string, text: string): Promise<void>;
  stop(): Promise<void>;
}

export interface SendConformance<Message> {
  name: string;
  /** `timeoutMs`: after which the provider gives an answer up. */
  start(timeoutMs: number): Promise<SendHarness<Message>>;
  /** What this vendor can play; the rest of the suite is left out. */
  behaviours: readonly Behaviour[];
  /** The wait that "rate-limit" asks for; absent when the vendor has no way to say it. */
  retryAfterSeconds?: number;
}

/** The promises of `send`, the same for every vendor. Call it at the top level of a test file. */
export function describeSending<Message>(vendor: SendConformance<Message>): void {
  describe(`${vendor.name} as a way to send`, () => {
    let harness: SendHarness<Message>;
    beforeEach(async () => {
      harness = await vendor.start(AMPLE_MS);
    });
    afterEach(() => stop());
    const stop = async () => {
      await harness.provider.close();
      await harness.stop();
    };

    function when(behaviour: Behaviour, title: string, check: () => Promise<void>): void {
      whenever(vendor.behaviours.includes(behaviour), title, async () => {
        await harness.play(behaviour);
        await check();
      });
    }
    const send = (id: string, text = "Hello Ada") => harness.provider.send(harness.message(id, text));

    when("accept", "hands a message over in the vendor's own form, with our id", async () => {
      const outcome = await send("msg_1", "Hello O'$& <Ada> – 👋");
      expect(outcome).toMatchObject({ kind: "accepted", providerRef: expect.stringMatching(/./) });
      expect(harness.handOvers()).toBe(1);
      await harness.expectRequest("msg_1", "Hello O'$& <Ada> – 👋");
    });

    when("accept", "gives each message a reference of its own", async () => {
      const outcomes = await Promise.all(["msg_1", "msg_2", "msg_3"].map((id) => send(id)));
      const refs = outcomes.map((outcome) => (outcome.kind === "accepted" ? outcome.providerRef : outcome));
      expect(new Set(refs).size).toBe(3);
    });

    when("accept", "takes as many messages at once as it says", async () => {
      const ids = Array.from({ length: harness.provider.concurrency }, (_, index) => `msg_${index}`);
      const outcomes = await Promise.all(ids.map((id) => send(id)));
      expect(new Set(outcomes.map((outcome) => outcome.kind))).toEqual(new Set(["accepted"]));
      expect(harness.handOvers()).toBe(ids.length);
    });

    when("accept", "never throws, whatever the text is made of", async () => {
      // Code units, so that lone surrogates, NUL and line breaks are among them.
      const anyText = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 60 });
      await fc.assert(
        fc.asyncProperty(anyText, async (units) => {
          const outcome = await send("msg_any", String.fromCharCode(...units));
          expect(outcome.kind).toBe("accepted");
        }),
        { numRuns: 40 },
      );
    });

    when("accept", "answers a connection test with yes", async () => {
      expect(await harness.provider.test()).toMatchObject({ kind: "ok" });
    });

    when("rate-limit", "a vendor at its limit may be asked again, not before the time that it names", async () => {
      const outcome = await send("msg_1");
      expect(outcome).toMatchObject({ kind: "failed" });
      expect(outcome.kind === "failed" && outcome.retryAfterSeconds).toBe(vendor.retryAfterSeconds);
    });

    when("broken", "a vendor that says it is broken may be asked again", async () => {
      const outcome = await send("msg_1");
      expect(outcome.kind).toBe("failed");
      expect(outcome.kind === "failed" && outcome.retryAfterSeconds).toBeUndefined();
    });

    /** What becomes of this many messages sent at once, with a time-out in which the machine gets so far. */
    async function hanging(behaviour: Behaviour, count: number, inTime: (kinds: readonly string[]) => boolean) {
      let kinds: string[] = [];
      await whileItHangs(async (timeoutMs) => {
        await stop();
        harness = await vendor.start(timeoutMs);
        await harness.play(behaviour);
        const outcomes = await Promise.all(Array.from({ length: count }, (_, index) => send(`msg_${index}`)));
        kinds = outcomes.map(({ kind }) => kind).toSorted();
        return inTime(kinds);
      });
      return kinds;
    }

    when("hang", "no answer in time after the hand-over is unknown, and nothing is sent twice", async () => {
      expect(await hanging("hang", 1, () => harness.handOvers() > 0)).toEqual(["unknown"]);
      expect(harness.handOvers()).toBe(1);
    });

    when("hang-up", "a connection lost after the hand-over is unknown, and nothing is sent twice", async () => {
      expect((await send("msg_1")).kind).toBe("unknown");
      expect(harness.handOvers()).toBe(1);
    });

    when("hang-first", "one message that hangs leaves the others alone", async () => {
      const expected = [...Array.from({ length: 19 }, () => "accepted"), "unknown"];
      const kinds = await hanging("hang-first", 20, (found) => found[18] === "accepted");
      expect(kinds).toEqual(expected);
      expect(harness.handOvers()).toBe(20);
    });

    when("refuse-address", "an address that the vendor refuses for good is to be suppressed", async () => {
      expect(await send("msg_1")).toMatchObject({ kind: "rejected", reason: "invalid_address", suppress: true });
    });

    when("refuse-login", "refused credentials are a rejection that condemns no address", async () => {
      expect(await send("msg_1")).toMatchObject({ kind: "rejected", reason: "auth", suppress: false });
      expect(await harness.provider.test()).toMatchObject({ kind: "failed" });
    });

    when("down", "a vendor that cannot be reached took nothing and may be asked again", async () => {
      expect((await send("msg_1")).kind).toBe("failed");
      expect(await harness.provider.test()).toMatchObject({ kind: "failed" });
    });

    // What can be down has a connection, and only that can be closed.
    if (!vendor.behaviours.includes("down")) return;
    when("accept", "after it was closed it takes nothing more, and says so", async () => {
      await send("msg_1");
      await harness.provider.close();
      expect((await send("msg_2")).kind).toBe("failed");
      expect(harness.handOvers()).toBe(1);
    });
  });
}

/** Registers a test only where the vendor makes the promise. */
function whenever(promised: boolean, title: string, check: () => Promise<void>): void {
  if (promised) test(title, check);
}

/** What every webhook does, whatever it tells of. */
export interface SignedWebhook {
  verify(request: RawRequest): boolean;
  read(request: RawRequest): readonly { externalId: string }[] | Promise<readonly { externalId: string }[]>;
}

export interface WebhookConformance {
  name: string;
  open(now: () => Date): SignedWebhook;
  /** The provider as it stands when nobody configured the secret; absent when it cannot exist without. */
  openWithoutSecret?(now: () => Date): SignedWebhook;
  /** A genuine request that the vendor signs at `at`, of two with different bodies. */
  signed(at: Date, which: "first" | "second"): RawRequest | Promise<RawRequest>;
  /** The same, signed by somebody with another secret or key. */
  forged(at: Date): RawRequest | Promise<RawRequest>;
  /** The header that carries the proof. */
  proofHeader: string;
  /** Whether the proof covers the body, or a time, as a signature does and a shared secret does not. */
  bindsBody: boolean;
  bindsTime: boolean;
}

/** The promises of a webhook, the same for every vendor. Call it at the top level of a test file. */
export function describeWebhook(vendor: WebhookConformance): void {
  const at = new Date("2026-03-02T12:00:00Z");
  const minutes = (count: number) => new Date(at.getTime() + count * 60_000);

  describe(`${vendor.name} as a webhook`, () => {
    test("accepts what the vendor signed", async () => {
      expect(vendor.open(() => at).verify(await vendor.signed(at, "first"))).toBe(true);
      expect(vendor.open(() => minutes(1)).verify(await vendor.signed(at, "second"))).toBe(true);
    });

    test("refuses what somebody else signed", async () => {
      expect(vendor.open(() => at).verify(await vendor.forged(at))).toBe(false);
    });

    test("refuses a request without proof", async () => {
      const request = await vendor.signed(at, "first");
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter(([name]) => name !== vendor.proofHeader),
      );
      expect(vendor.open(() => at).verify({ ...request, headers })).toBe(false);
    });

    test("refuses any other proof, and throws at none", async () => {
      const request = await vendor.signed(at, "first");
      const webhook = vendor.open(() => at);
      const genuine = request.headers[vendor.proofHeader] ?? "";
      const half = Math.floor(genuine.length / 2);
      const altered = genuine.slice(0, half) + (genuine[half] === "0" ? "1" : "0") + genuine.slice(half + 1);
      fc.assert(
        fc.property(fc.oneof(fc.string(), fc.base64String(), fc.constant(altered)), (proof) => {
          fc.pre(proof !== genuine);
          expect(webhook.verify({ ...request, headers: { ...request.headers, [vendor.proofHeader]: proof } })).toBe(
            false,
          );
        }),
        { numRuns: 50 },
      );
    });

    whenever(vendor.bindsBody, "refuses a signature on another body", async () => {
      const [first, second] = [await vendor.signed(at, "first"), await vendor.signed(at, "second")];
      expect(vendor.open(() => at).verify({ ...first, body: second.body })).toBe(false);
      const changed = Buffer.from(first.body);
      changed[changed.length - 3] = (changed[changed.length - 3] ?? 0) ^ 1;
      expect(vendor.open(() => at).verify({ ...first, body: changed })).toBe(false);
    });

    whenever(vendor.bindsTime, "refuses a signature that is older than ten minutes, or from the future", async () => {
      const request = await vendor.signed(at, "first");
      expect(vendor.open(() => minutes(10)).verify(request)).toBe(true);
      expect(vendor.open(() => minutes(11)).verify(request)).toBe(false);
      expect(vendor.open(() => minutes(-11)).verify(request)).toBe(false);
    });

    whenever(vendor.openWithoutSecret !== undefined, "refuses everything while no secret is configured", async () => {
      const webhook = vendor.openWithoutSecret?.(() => at);
      expect(webhook?.verify(await vendor.signed(at, "first"))).toBe(false);
    });

    test("reads a repeated request into the same facts, each under an id of its own", async () => {
      const webhook = vendor.open(() => at);
      const request = await vendor.signed(at, "first");
      const facts = await webhook.read(request);
      expect(facts.length).toBeGreaterThan(0);
      expect(await webhook.read(request)).toEqual(facts);
      const other = await webhook.read(await vendor.signed(at, "second"));
      const ids = [...facts, ...other].map((fact) => fact.externalId);
      expect(new Set(ids).size).toBe(ids.length);
    });
  });
}
