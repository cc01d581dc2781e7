import { z } from "zod";
import { type Answer, type Exchange, vendorHttp } from "../http.ts";
import { type Json, jsonObject, recordIn, textIn } from "../json.ts";
import { commonCredentials, type ProviderOptions } from "../options.ts";
import { clip, type ConnectionTest, retryAfterSeconds } from "../outcome.ts";
import { hmacSha256Hex } from "../signature.ts";
import { answersIn, metaWebhook, originIn } from "./meta-webhook.ts";
import type { LeadAdsProvider, LeadFetch } from "./port.ts";

const secret = z.string().trim().min(1).max(2_000);

export const metaCredentials = z.strictObject({
  appSecret: secret.meta({
    title: "App secret",
    description: "Of your Meta app, under App settings → Basic. It signs Meta's webhooks",
  }),
  verifyToken: z
    .string()
    .trim()
    .min(8, "Use at least 8 characters")
    .max(200)
    .meta({ title: "Verify token", description: "A word of your choice; Meta asks for it beside the webhook URL" }),
  pageAccessToken: secret.meta({
    title: "Page access token",
    description: "A long-lived token of the page with the permission leads_retrieval",
  }),
  apiVersion: z
    .string()
    .regex(/^v\d{1,3}\.\d$/, "Write it as v24.0")
    .default("v24.0")
    .meta({ title: "Graph API version" }),
  ...commonCredentials,
});
export const metaSecretFields = ["appSecret", "verifyToken", "pageAccessToken"] as const;
export type MetaCredentials = z.infer<typeof metaCredentials>;

const LEAD_FIELDS =
  "id,created_time,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,form_id,platform,is_organic,field_data";

/** Leads are few and small; Meta counts calls of an app against a limit. */
const CONCURRENCY = 8;
const KNOWN_FORMS = 500;

/**
 * Graph API error codes that pass by themselves: unknown, service, too many calls of app, user, page or account, temporarily blocked
 * (https://developers.facebook.com/docs/graph-api/guides/error-handling). 190 and 102 are a token that no longer holds, 10 and 200 to 299 a
 * missing permission: a person may mend both while we ask again. 100 is a lead that is not there.
 */
const PASSING = new Set([1, 2, 4, 17, 32, 341, 368, 613, 80_005]);
const MENDABLE = (code: number) => code === 190 || code === 102 || code === 10 || (code >= 200 && code < 300);

/** Leads of a page's forms by `GET /{leadgen_id}`. */
export function createMeta(credentials: MetaCredentials, options: ProviderOptions): LeadAdsProvider {
  const { appSecret, pageAccessToken, apiVersion } = credentials;
  const baseUrl = options.baseUrl ?? credentials.baseUrl ?? "https://graph.facebook.com";
  const http = vendorHttp(baseUrl, options.timeoutMs ?? 10_000, CONCURRENCY, options.lookup);
  // In headers: a token in the URL would end up in logs.
  const headers = { authorization: `Bearer ${pageAccessToken}`, accept: "application/json" };
  const proof = hmacSha256Hex(appSecret, pageAccessToken);
  const get = (path: string, fields: string) =>
    http.get(`/${apiVersion}/${encodeURIComponent(path)}?fields=${fields}&appsecret_proof=${proof}`, headers);
  const formNames = new Map<string, string>();

  /** A form's name is for people; without it the lead is told by the form's id. */
  async function formName(formId: string | null): Promise<string | null> {
    if (formId === null) return null;
    const known = formNames.get(formId);
    if (known !== undefined) return known;
    const exchange = await get(formId, "id,name");
    const name = exchange.kind === "answered" ? textIn(jsonObject(exchange.body)?.["name"]) : null;
    if (name === null) return null;
    if (formNames.size >= KNOWN_FORMS) formNames.clear();
    formNames.set(formId, name);
    return name;
  }

  return {
    name: "meta-leads",
    concurrency: CONCURRENCY,
    async fetch(externalId) {
      const exchange = await get(externalId, LEAD_FIELDS);
      if (exchange.kind !== "answered") return { kind: "failed", detail: exchange.detail };
      const lead = exchange.status === 200 ? jsonObject(exchange.body) : null;
      if (lead === null) return refusal(exchange, options.now);
      const origin = originIn(lead);
      return {
        kind: "fetched",
        answers: answersIn(lead) ?? [],
        origin: { ...origin, formName: origin.formName ?? (await formName(origin.formId)) },
      };
    },
    async test() {
      return tested(await get("me", "id,name"));
    },
    webhook: metaWebhook(appSecret, credentials.verifyToken),
    close: () => http.close(),
  };
}

const errorIn = (answer: Answer): Json => recordIn(jsonObject(answer.body)?.["error"]);

function refusal(answer: Answer, now: () => Date): LeadFetch {
  const error = errorIn(answer);
  const code = Number(error["code"] ?? 0);
  const detail = code
    ? `${code} ${clip(textIn(error["message"]) ?? "")}`
    : `HTTP ${answer.status}: ${clip(answer.body)}`;
  const passes =
    answer.status === 200 ||
    answer.status === 408 ||
    answer.status === 429 ||
    answer.status >= 500 ||
    error["is_transient"] === true ||
    PASSING.has(code) ||
    MENDABLE(code);
  return passes
    ? { kind: "failed", detail, retryAfterSeconds: retryAfterSeconds(answer.headers["retry-after"], now) }
    : { kind: "refused", detail };
}

function tested(exchange: Exchange): ConnectionTest {
  if (exchange.kind !== "answered") return { kind: "failed", detail: `Meta did not answer: ${exchange.detail}` };
  const page = jsonObject(exchange.body);
  if (exchange.status === 200) return { kind: "ok", detail: `The token is of ${textIn(page?.["name"]) ?? "a page"}` };
  const error = errorIn(exchange);
  if (Number(error["code"]) === 190 || exchange.status === 401)
    return { kind: "failed", detail: "Meta refused the page access token: make a new one and enter it" };
  return {
    kind: "failed",
    detail: `Meta answered HTTP ${exchange.status}: ${clip(textIn(error["message"]) ?? exchange.body)}`,
  };
}
