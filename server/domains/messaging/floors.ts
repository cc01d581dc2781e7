import type { Channel } from "./channels.ts";

/** Local hours of some days of the week. Days are ISO numbers, 1 (Monday) to 7; times are "HH:MM", the end exclusive, up to "24:00". */
export type Hours = { readonly days: readonly number[]; readonly start: string; readonly end: string };

/** When the law of the place lets a person be contacted over a channel, in that person's own time zone. */
export type LegalFloor = { readonly spans: readonly Hours[]; readonly source: string };

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const WEEKDAYS = [1, 2, 3, 4, 5];

// 47 CFR § 64.1200(c)(1), under the Telephone Consumer Protection Act: no telephone solicitation before 8 a.m. or after
// 9 p.m. at the called party's location. The FCC counts a text message as a call (Report and Order FCC 03-153, para. 165).
// Some states are narrower (Florida Statutes § 501.616(6): until 8 p.m.): that is for the workspace's own window.
const UNITED_STATES: LegalFloor = {
  spans: [{ days: EVERY_DAY, start: "08:00", end: "21:00" }],
  source: "47 CFR § 64.1200(c)(1)",
};

// CRTC Unsolicited Telecommunications Rules, Part III (Telemarketing Rules): 9:00–21:30 on weekdays,
// 10:00–18:00 on weekends, at the place of the person called. For voice and fax; CASL sets no hours for messages.
const CANADA: LegalFloor = {
  spans: [
    { days: WEEKDAYS, start: "09:00", end: "21:30" },
    { days: [6, 7], start: "10:00", end: "18:00" },
  ],
  source: "CRTC Unsolicited Telecommunications Rules, Part III",
};

// Code de la consommation, article D. 223-9 (décret n° 2022-1313): Monday to Friday, 10:00–13:00 and 14:00–20:00 in the
// consumer's time zone. The public holidays it also names are the workspace's holiday list.
const FRANCE: LegalFloor = {
  spans: [
    { days: WEEKDAYS, start: "10:00", end: "13:00" },
    { days: WEEKDAYS, start: "14:00", end: "20:00" },
  ],
  source: "Code de la consommation, art. D. 223-9",
};

// Telecommunications (Telemarketing and Research Calls) Industry Standard 2017, calling times for telemarketing: weekdays
// 9:00–20:00, Saturday 9:00–17:00, none on Sunday. National public holidays are the workspace's holiday list.
const AUSTRALIA: LegalFloor = {
  spans: [
    { days: WEEKDAYS, start: "09:00", end: "20:00" },
    { days: [6], start: "09:00", end: "17:00" },
  ],
  source: "Telemarketing and Research Calls Industry Standard 2017",
};

const FLOORS: Partial<Record<Channel, Readonly<Record<string, LegalFloor>>>> = {
  CALL: { US: UNITED_STATES, CA: CANADA, FR: FRANCE, AU: AUSTRALIA },
  SMS: { US: UNITED_STATES },
};

/**
 * The hours outside which nobody of this country may be contacted over this channel, whatever a setting says; null where
 * we know of none. `country` is ISO 3166 alpha-2, any case. A person whose country is not known may be American, so a
 * call or text to them keeps to the American hours.
 */
export function legalFloor(channel: Channel, country: string | null): LegalFloor | null {
  return FLOORS[channel]?.[country?.toUpperCase() ?? "US"] ?? null;
}
