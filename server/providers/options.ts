import type { LookupFunction } from "node:net";
import { z } from "zod";

import type { SandboxStore } from "./sandbox/store.ts";

/** What a factory needs besides its credentials. Providers read no clock: time comes from `now`. */
export interface ProviderOptions {
  /** Public URL of this provider's webhook route; status callbacks go there. `webhookUrl` in the credentials wins. */
  webhookUrl: string;
  now: () => Date;
  /** Milliseconds until a send without an answer is given up. Default 10,000; voice 20,000. */
  timeoutMs?: number;
  /** Another origin for the vendor's API, before `baseUrl` in the credentials. */
  baseUrl?: string;
  /** How host names become addresses, where a person may have typed the name and it must not lead inside the network. */
  lookup?: LookupFunction;
}

/** Options of the sandbox providers: what they "send" is kept here. */
export interface SandboxOptions extends ProviderOptions {
  store: SandboxStore;
}

const httpUrl = z.url({ protocol: /^https?$/, error: "must be an http(s) URL" });

/** Fields that every vendor's credentials have in common. */
export const commonCredentials = {
  baseUrl: httpUrl.optional().meta({ title: "API base URL", description: "Only to reach the vendor by another way" }),
  webhookUrl: httpUrl.optional().meta({ title: "Webhook URL", description: "Only when it differs from this server's" }),
};

/** A phone number in E.164, or a short code: what may stand as the sender of a text message or call. */
export const senderNumber = z.string().regex(/^(\+[1-9]\d{6,14}|\d{5,6})$/, "must be a number such as +15559990000");

/** Adds one query parameter to a URL that may already have some, leaving the rest byte for byte. */
export function withParameter(url: string, name: string, value: string): string {
  return `${url}${url.includes("?") ? "&" : "?"}${name}=${encodeURIComponent(value.toWellFormed())}`;
}
