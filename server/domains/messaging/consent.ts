import { CONSENT_BASES, type ConsentBasis } from "#domains/leads/rules.ts";
import type { Channel } from "./channels.ts";

export type { ConsentBasis };

/** Bases of which a person must have given at least one. `countries` are ISO 3166 alpha-2; null means everywhere. */
type ConsentRule = {
  readonly channel: Channel;
  readonly artificialVoice: boolean | null;
  readonly countries: readonly string[] | null;
  readonly bases: readonly ConsentBasis[];
};

const RULES: readonly ConsentRule[] = [
  // 47 CFR § 64.1200(a)(2)–(3) asks for prior express consent before a call with an artificial voice, and a voice that a
  // model speaks is one (FCC 24-17, February 2024). Required everywhere: other countries ask for as much or more.
  { channel: "CALL", artificialVoice: true, countries: null, bases: ["CONSENT"] },
];

/**
 * The bases of which the person must have at least one before a message over this channel, or null when none is asked for.
 * Countries that ask for more get an entry in the table, with its source.
 */
export function requiredBases(
  channel: Channel,
  country: string | null,
  { artificialVoice }: { artificialVoice: boolean },
): readonly ConsentBasis[] | null {
  const place = country?.toUpperCase() ?? null;
  const rule = RULES.find(
    (rule) =>
      rule.channel === channel &&
      (rule.artificialVoice === null || rule.artificialVoice === artificialVoice) &&
      (rule.countries === null || (place !== null && rule.countries.includes(place))),
  );
  return rule?.bases ?? null;
}

/** Which channels of a workspace wait for a basis on record. */
export type ConsentPolicy = { readonly [channel in Channel]?: boolean };

/**
 * What the gate asks for where the workspace wants a basis on record; null where it does not. Every call that is sent speaks with an artificial
 * voice. Where no rule names bases, any does.
 */
export function basesAsked(
  channel: Channel,
  country: string | null,
  policy: ConsentPolicy,
): readonly ConsentBasis[] | null {
  if (policy[channel] !== true) return null;
  return requiredBases(channel, country, { artificialVoice: channel === "CALL" }) ?? CONSENT_BASES;
}
