import { describe, expect, test } from "vitest";

import type { Lookup, LookupQuery } from "./lookup.ts";
import type { HttpStub, StubAnswer } from "./test-stub.ts";
import { startHttpStub } from "./test-stub.ts";

/** One message as the vendor's documentation lists it. */
export interface Listed {
  ref: string;
  messageId: string;
  text: string;
  createdAt: Date;
  state: "under way" | "done" | "failed";
}

export interface LookupConformance {
  name: string;
  open(stub: HttpStub): { lookup?(query: LookupQuery): Promise<Lookup>; close(): Promise<void> };
  /** The vendor's list of these messages; `hasMore`: it has left some out. */
  list(messages: readonly Listed[], hasMore: boolean): StubAnswer;
}

const HANDED_AT = new Date("2026-03-02T12:00:00Z");
const QUERY: LookupQuery = {
  messageId: "msg_1",
  from: "+15559990000",
  to: "+15551234567",
  text: "Hello Ada",
  handedAt: HANDED_AT,
};
const listed: Listed = {
  ref: "ref-1",
  messageId: "msg_1",
  text: "Hello Ada",
  createdAt: HANDED_AT,
  state: "under way",
};
const minutes = (count: number) => new Date(HANDED_AT.getTime() + count * 60_000);

/** The promises of `lookup`, the same for every vendor that can be asked. Call it at the top level of a test file. */
export function describeLookup(vendor: LookupConformance): void {
  const ask = async (answer: StubAnswer): Promise<Lookup | undefined> => {
    const stub = await startHttpStub();
    const provider = vendor.open(stub);
    stub.answer(() => answer);
    try {
      const told = await provider.lookup?.(QUERY);
      expect(stub.requests.map(({ method }) => method)).toEqual(["GET"]);
      return told;
    } finally {
      await provider.close();
      await stub.stop();
    }
  };
  const list = (messages: readonly Listed[], hasMore = false) => ask(vendor.list(messages, hasMore));

  describe(`${vendor.name} asked about a message`, () => {
    test("that it has, answers with its reference, and that it took it", async () => {
      const told = await list([listed]);
      expect(told).toMatchObject({
        kind: "answered",
        candidates: [[{ kind: "status", providerRef: "ref-1", messageId: "msg_1", status: "sent" }]],
      });
    });

    test("that has come to its end, answers with that end", async () => {
      const states = async (state: Listed["state"]) => {
        const told = await list([{ ...listed, state }]);
        return told?.kind === "answered" ? told.candidates.flat().map(endOf) : [];
      };
      expect(await states("done")).toEqual(["good"]);
      expect(await states("failed")).toEqual(["bad"]);
    });

    test("that it never had, answers so, and names no other", async () => {
      const other = { ...listed, ref: "ref-2", messageId: "msg_2", text: "Something else" };
      const before = { ...listed, ref: "ref-3", messageId: "msg_3", createdAt: minutes(-60) };
      expect(await list([other, before])).toMatchObject({ kind: "answered", candidates: [], isComplete: true });
      expect(await list([])).toMatchObject({ kind: "answered", candidates: [], isComplete: true });
    });

    test("does not deny it while there is more that it has not shown", async () => {
      const other = { ...listed, ref: "ref-2", messageId: "msg_2", text: "Something else" };
      expect(await list([other], true)).toMatchObject({ candidates: [], isComplete: false });
    });

    test("that cannot answer, or answers with something else, says nothing of it", async () => {
      const answers: StubAnswer[] = [
        { status: 500, body: "<h1>oops</h1>" },
        { status: 401, body: "{}" },
        { status: 200, body: "<html>" },
        { status: 200, body: '{"messages": 7}' },
        "hang-up",
      ];
      for (const answer of answers) expect(await ask(answer)).toMatchObject({ kind: "no_answer" });
    });
  });
}

function endOf(fact: { kind: "status"; status: string } | { kind: "call"; outcome: string }): "good" | "bad" {
  if (fact.kind === "call") return fact.outcome === "FAILED" ? "bad" : "good";
  return fact.status === "delivered" ? "good" : "bad";
}
