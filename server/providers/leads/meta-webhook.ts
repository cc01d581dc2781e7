import { isRecord, recordIn, textIn, type Json } from "../json.ts";
import { secretsEqual } from "../signature.ts";
import type { RawRequest } from "../webhook.ts";
import {
  type LeadAnswer,
  type LeadNotice,
  type LeadOrigin,
  type LeadWebhook,
  META_SIGNATURE_HEADER,
  signMetaWebhook,
} from "./port.ts";

/** An id that Meta writes as text, and in some of its examples as a number. */
export function idIn(value: unknown): string | null {
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  return textIn(value);
}

/** Meta gives instants as ISO 8601 with an offset without colon, and in webhooks as seconds. */
export function metaInstant(value: unknown): Date | null {
  if (typeof value === "number" && Number.isFinite(value)) return new Date(value * 1000);
  const text = textIn(value);
  if (text === null) return null;
  const at = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));
  return Number.isNaN(at) ? null : new Date(at);
}

export function originIn(value: Json): LeadOrigin {
  const organic = value["is_organic"];
  return {
    formId: idIn(value["form_id"]),
    formName: textIn(value["form_name"]),
    pageId: idIn(value["page_id"]),
    // In webhooks `adgroup_id` is the ad's older name.
    adId: idIn(value["ad_id"]) ?? idIn(value["adgroup_id"]),
    adName: textIn(value["ad_name"]),
    adsetId: idIn(value["adset_id"]),
    adsetName: textIn(value["adset_name"]),
    campaignId: idIn(value["campaign_id"]),
    campaignName: textIn(value["campaign_name"]),
    platform: textIn(value["platform"]),
    isOrganic: typeof organic === "boolean" ? organic : null,
    createdAt: metaInstant(value["created_time"]),
  };
}

/** What is about the lead and not an answer of the person. */
const ABOUT = new Set([
  "id",
  "leadgen_id",
  "form_id",
  "form_name",
  "page_id",
  "page_name",
  "ad_id",
  "adgroup_id",
  "ad_name",
  "adset_id",
  "adset_name",
  "campaign_id",
  "campaign_name",
  "platform",
  "is_organic",
  "created_time",
  "field_data",
  "custom_disclaimer_responses",
  "home_listing",
  "post",
  "partner_name",
  "retailer_item_id",
  "vehicle",
]);

const valuesOf = (value: unknown): string[] =>
  [value]
    .flat()
    .flatMap((one) =>
      typeof one === "string" || typeof one === "number" || typeof one === "boolean" ? [String(one)] : [],
    );

/**
 * The person's answers in either of Meta's shapes: `field_data`, a list of names with their values, or flat, each answer a property beside the
 * ids. Null: there are none.
 */
export function answersIn(value: Json): LeadAnswer[] | null {
  const data = value["field_data"];
  const answers = Array.isArray(data)
    ? data.flatMap((one) => {
        const name = isRecord(one) ? textIn(one["name"]) : null;
        return name === null ? [] : [{ name, values: valuesOf(recordIn(one)["values"] ?? recordIn(one)["value"]) }];
      })
    : Object.entries(value).flatMap(([name, given]) => (ABOUT.has(name) ? [] : [{ name, values: valuesOf(given) }]));
  const told = answers.filter(({ values }) => values.length > 0);
  return told.length > 0 || Array.isArray(data) ? told : null;
}

/** Ids of more than 15 digits as text, before they become numbers that cannot hold them. */
const withTextIds = (body: string) => body.replaceAll(/"((?:\w+_)?id)"\s*:\s*(\d{16,})/g, '"$1":"$2"');

/**
 * Meta's Webhooks for the field `leadgen` of a page
 * (https://developers.facebook.com/docs/graph-api/webhooks/getting-started, …/marketing-api/guides/lead-ads/retrieving).
 */
export function metaWebhook(appSecret: string, verifyToken: string): LeadWebhook {
  return {
    handshake(query) {
      const challenge = query.get("hub.challenge");
      if (query.get("hub.mode") !== "subscribe" || challenge === null) return null;
      return secretsEqual(query.get("hub.verify_token") ?? "", verifyToken) ? challenge : null;
    },
    verify(request: RawRequest) {
      const signature = request.headers[META_SIGNATURE_HEADER];
      return signature !== undefined && secretsEqual(signature, signMetaWebhook(appSecret, request.body));
    },
    read(request: RawRequest) {
      const body: unknown = JSON.parse(withTextIds(request.body.toString("utf8")));
      if (!isRecord(body) || !Array.isArray(body["entry"])) throw new Error("The body has no list of entries");
      return body["entry"].flatMap((entry: unknown) => noticesIn(recordIn(entry)));
    },
  };
}

function noticesIn(entry: Json): LeadNotice[] {
  const changes = Array.isArray(entry["changes"]) ? entry["changes"] : [];
  return changes.flatMap((one: unknown) => {
    const change = recordIn(one);
    const value = recordIn(change["value"]);
    const externalId = idIn(value["leadgen_id"]) ?? idIn(value["id"]);
    if (change["field"] !== "leadgen" || externalId === null) return [];
    const origin = originIn(value);
    return [
      { externalId, origin: { ...origin, pageId: origin.pageId ?? idIn(entry["id"]) }, answers: answersIn(value) },
    ];
  });
}
