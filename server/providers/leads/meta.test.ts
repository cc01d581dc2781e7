import { describe, expect, onTestFinished, test } from "vitest";
import { describeWebhook } from "../conformance.ts";
import { hmacSha256Hex } from "../signature.ts";
import { AMPLE_MS, startHttpStub, type StubAnswer, type StubRequest } from "../test-stub.ts";
import type { RawRequest } from "../webhook.ts";
import { describeLeadAds, LEAD_BEHAVIOURS, type LeadBehaviour } from "./conformance.ts";
import { createMeta, metaCredentials } from "./meta.ts";
import { answersIn, metaInstant, metaWebhook } from "./meta-webhook.ts";
import { type LeadAnswer, signMetaWebhook } from "./port.ts";

const NOW = new Date("2026-03-02T12:00:00Z");
const credentials = { appSecret: "the-app-secret", verifyToken: "a-word-of-ours", pageAccessToken: "page-token" };

async function start(timeoutMs = AMPLE_MS) {
  const stub = await startHttpStub();
  const provider = createMeta(metaCredentials.parse({ ...credentials, baseUrl: stub.baseUrl }), {
    webhookUrl: "https://crm.example/webhooks/w1/meta-leads",
    now: () => NOW,
    timeoutMs,
  });
  return { stub, provider };
}

/** A lead in the form of Meta's reference of `GET /{leadgen_id}`. */
const lead = (answers: readonly LeadAnswer[]) => ({
  id: "444444444444444",
  created_time: "2026-03-02T11:59:30+0000",
  ad_id: "23850000000000001",
  ad_name: "Kites, video 2",
  adset_id: "23850000000000002",
  adset_name: "Coast, 25 to 40",
  campaign_id: "23850000000000003",
  campaign_name: "Spring",
  form_id: "555555555555555",
  platform: "ig",
  is_organic: false,
  field_data: answers,
});
const ok = (body: unknown): StubAnswer => ({ status: 200, body: JSON.stringify(body) });
const refused = (status: number, error: Record<string, unknown>): StubAnswer => ({
  status,
  body: JSON.stringify({ error: { type: "OAuthException", fbtrace_id: "A1", ...error } }),
});

const PLAYED: Record<Exclude<LeadBehaviour, "give" | "down">, StubAnswer> = {
  "rate-limit": { status: 429, headers: { "retry-after": "120" }, body: '{"error":{"code":4,"message":"limit"}}' },
  broken: refused(500, { code: 2, message: "Service temporarily unavailable" }),
  hang: "hang",
  "hang-up": "hang-up",
  gone: refused(400, { code: 100, error_subcode: 33, message: "Object with ID '1' does not exist" }),
};

function giving(answers: readonly LeadAnswer[]) {
  return ({ path }: StubRequest): StubAnswer => {
    if (path.includes("/me?")) return ok({ id: "1", name: "Harbour Kites" });
    return path.includes("/555555555555555?") ? ok({ id: "555555555555555", name: "Spring form" }) : ok(lead(answers));
  };
}

describeLeadAds({
  name: "Meta",
  behaviours: LEAD_BEHAVIOURS,
  retryAfterSeconds: 120,
  async start(timeoutMs) {
    const { stub, provider } = await start(timeoutMs);
    return {
      provider,
      async play(behaviour, answers) {
        if (behaviour === "down") await stub.stop();
        else stub.answer(behaviour === "give" ? giving(answers) : () => PLAYED[behaviour]);
        return "444444444444444";
      },
      stop: () => stub.stop(),
    };
  },
});

const signed = (body: string, secret = credentials.appSecret): RawRequest => ({
  method: "POST",
  url: "https://crm.example/webhooks/w1/meta-leads",
  headers: { "content-type": "application/json", "x-hub-signature-256": signMetaWebhook(secret, body) },
  body: Buffer.from(body),
});
const notice = (id: string) =>
  JSON.stringify({
    object: "page",
    entry: [
      {
        id: "222",
        time: 1_772_452_770,
        changes: [
          {
            field: "leadgen",
            value: { leadgen_id: id, page_id: "222", form_id: "555", adgroup_id: "777", created_time: 1_772_452_770 },
          },
        ],
      },
    ],
  });

describeWebhook({
  name: "Meta",
  open: () => metaWebhook(credentials.appSecret, credentials.verifyToken),
  signed: (_at, which) => signed(notice(which === "first" ? "111" : "112")),
  forged: () => signed(notice("111"), "another-secret"),
  proofHeader: "x-hub-signature-256",
  bindsBody: true,
  bindsTime: false,
});

describe("Meta's own ways", () => {
  const webhook = metaWebhook(credentials.appSecret, credentials.verifyToken);

  test("asks for the lead and the form's name with the token in a header and its proof, the name once", async () => {
    const { stub, provider } = await start();
    onTestFinished(async () => {
      await provider.close();
      await stub.stop();
    });
    stub.answer(giving([{ name: "email", values: ["ana@example.com"] }]));
    const first = await provider.fetch("444444444444444");
    await provider.fetch("444444444444444");
    expect(first).toMatchObject({
      origin: {
        formName: "Spring form",
        adId: "23850000000000001",
        adsetName: "Coast, 25 to 40",
        campaignId: "23850000000000003",
        platform: "ig",
        isOrganic: false,
        createdAt: new Date("2026-03-02T11:59:30Z"),
      },
    });
    expect(stub.requests.map(({ path }) => path.split("?")[0])).toEqual([
      "/v24.0/444444444444444",
      "/v24.0/555555555555555",
      "/v24.0/444444444444444",
    ]);
    const [asked] = stub.requests;
    expect(asked?.headers.authorization).toBe("Bearer page-token");
    const query = new URL(asked?.path ?? "", "http://localhost").searchParams;
    expect(query.get("appsecret_proof")).toBe(hmacSha256Hex("the-app-secret", "page-token"));
    expect(query.get("fields")?.split(",")).toEqual(expect.arrayContaining(["field_data", "ad_id", "campaign_id"]));
    expect(asked?.path).not.toContain("page-token");
  });

  test.each([
    ["a token that no longer holds", 401, { code: 190, message: "Error validating access token" }, "failed"],
    ["a permission that is missing", 403, { code: 200, message: "Requires leads_retrieval" }, "failed"],
    ["too many calls", 400, { code: 80_005, message: "There have been too many leadgen API calls" }, "failed"],
    ["what Meta itself calls transient", 400, { code: 999, is_transient: true, message: "?" }, "failed"],
    ["an unknown field", 400, { code: 100, message: "Tried accessing nonexisting field" }, "refused"],
  ])("%s is told by Meta's code", async (_what, status, error, kind) => {
    const { stub, provider } = await start();
    onTestFinished(async () => {
      await provider.close();
      await stub.stop();
    });
    stub.answer(() => refused(status, error));
    expect(await provider.fetch("1")).toMatchObject({ kind, detail: `${error.code} ${error.message}` });
    expect(await provider.test()).toMatchObject({ kind: "failed" });
  });

  test("the handshake is answered with its challenge where the verify token is ours, and not otherwise", () => {
    const query = (change: Record<string, string>) =>
      new URLSearchParams({
        "hub.mode": "subscribe",
        "hub.verify_token": "a-word-of-ours",
        "hub.challenge": "1158201444",
        ...change,
      });
    expect(webhook.handshake(query({}))).toBe("1158201444");
    expect(webhook.handshake(query({ "hub.verify_token": "a-guess" }))).toBeNull();
    expect(webhook.handshake(query({ "hub.mode": "unsubscribe" }))).toBeNull();
    expect(webhook.handshake(new URLSearchParams())).toBeNull();
  });

  test("all changes of all entries are read, other fields left alone, and ids of any length kept to the digit", () => {
    const change = (id: string, field = "leadgen") =>
      `{"field":"${field}","value":{"leadgen_id":${id},"form_id":12345678901234567890}}`;
    const body = `{"object":"page","entry":[{"id":98765432109876543210,"changes":[${change("11111111111111111111")},${change("2", "feed")}]},{"changes":[${change("3")}]}]}`;
    expect(webhook.read(signed(body))).toMatchObject([
      {
        externalId: "11111111111111111111",
        origin: { formId: "12345678901234567890", pageId: "98765432109876543210" },
      },
      { externalId: "3", answers: null },
    ]);
    expect(() => webhook.read(signed("[]"))).toThrow();
    expect(() => webhook.read(signed("<xml/>"))).toThrow();
  });

  test("answers are read as field_data and flat alike", () => {
    const nested = {
      field_data: [
        { name: "email", values: ["ana@example.com"] },
        { name: "pets", values: ["2"] },
      ],
    };
    const flat = { id: "1", form_id: "5", created_time: "2026-03-02T11:59:30+0000", email: "ana@example.com", pets: 2 };
    expect(answersIn(flat)).toEqual(answersIn(nested));
    expect(answersIn({ leadgen_id: "1", form_id: "5" })).toBeNull();
    expect(metaInstant("2026-03-02T11:59:30+0100")).toEqual(new Date("2026-03-02T10:59:30Z"));
  });
});
