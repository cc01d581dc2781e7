import type { ConnectionTest } from "../outcome.ts";
import { hmacSha256Hex } from "../signature.ts";
import type { RawRequest } from "../webhook.ts";

/** One field of a form as the person filled it in; a choice of several has several values. */
export type LeadAnswer = { name: string; values: string[] };

/** Where a lead was given: ids and names as the vendor has them, null where it does not say. */
export interface LeadOrigin {
  formId: string | null;
  formName: string | null;
  pageId: string | null;
  adId: string | null;
  adName: string | null;
  adsetId: string | null;
  adsetName: string | null;
  campaignId: string | null;
  campaignName: string | null;
  platform: string | null;
  isOrganic: boolean | null;
  /** When the person sent the form. */
  createdAt: Date | null;
}

/** A vendor's word that somebody filled in a form. What they wrote is mostly fetched afterwards. */
export interface LeadNotice {
  /** The vendor's id of the lead, unique per vendor: the key against repeats, and what `fetch` takes. */
  externalId: string;
  origin: LeadOrigin;
  /** What the person wrote, where the notice carries it itself; null: it is to be fetched. */
  answers: LeadAnswer[] | null;
}

/**
 * What became of asking for a lead. Asking is harmless, so everything that may pass by itself is `failed`.
 *
 * - `fetched`: here it is. Origins that the notice told and the answer does not are null.
 * - `failed`: ask again, not before `retryAfterSeconds`.
 * - `refused`: the vendor will not give it, however often it is asked: deleted, or not ours.
 */
export type LeadFetch =
  | { kind: "fetched"; answers: LeadAnswer[]; origin: LeadOrigin }
  | { kind: "failed"; detail: string; retryAfterSeconds?: number }
  | { kind: "refused"; detail: string };

/** A vendor's side of the webhook of leads. `verify` is the only gate: nothing of an unverified request may be used. */
export interface LeadWebhook {
  /** Answers the question by which the vendor makes sure of the address, when it was set up with our word; else null. */
  handshake(query: URLSearchParams): string | null;
  verify(request: RawRequest): boolean;
  /** The leads in a verified request, all entries of it. Throws on a body that is not in the vendor's format. */
  read(request: RawRequest): LeadNotice[];
}

/** A vendor of forms in advertisements. */
export interface LeadAdsProvider {
  readonly name: string;
  /** How many leads may be asked for at once. */
  readonly concurrency: number;
  /** Asks for what the person wrote. Never throws. */
  fetch(externalId: string): Promise<LeadFetch>;
  test(): Promise<ConnectionTest>;
  readonly webhook: LeadWebhook;
  /** Waits for what is under way and closes the connections. */
  close(): Promise<void>;
}

export const NO_ORIGIN: LeadOrigin = {
  formId: null,
  formName: null,
  pageId: null,
  adId: null,
  adName: null,
  adsetId: null,
  adsetName: null,
  campaignId: null,
  campaignName: null,
  platform: null,
  isOrganic: null,
  createdAt: null,
};

/** The header of Meta's signature, `sha256=` and the hex HMAC of the exact body under the app's secret. */
export const META_SIGNATURE_HEADER = "x-hub-signature-256";

/** The value of that header. */
export const signMetaWebhook = (secret: string, body: string | Buffer) => `sha256=${hmacSha256Hex(secret, body)}`;

/** Under this form the sandbox's leads are given. */
export const SANDBOX_FORM = { id: "100000000000001", name: "Sandbox form" } as const;

/**
 * The body of the sandbox's webhook, in Meta's own form. The sandbox has no memory: what the person wrote is the lead's id, which `fetch` reads
 * back. `nonce` tells two equal leads apart. Sign exactly this text.
 */
export function sandboxLeadBody(leads: readonly { answers: readonly LeadAnswer[]; nonce: string }[], at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000);
  const changes = leads.map(({ answers, nonce }) => ({
    field: "leadgen",
    value: {
      leadgen_id: `sandbox.${Buffer.from(JSON.stringify([answers, nonce, seconds])).toString("base64url")}`,
      form_id: SANDBOX_FORM.id,
      page_id: "100000000000002",
      ad_id: "100000000000003",
      adset_id: "100000000000004",
      created_time: seconds,
    },
  }));
  return JSON.stringify({ object: "page", entry: [{ id: "100000000000002", time: seconds, changes }] });
}
