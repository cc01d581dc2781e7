import { getCountries, getCountryCallingCode } from "libphonenumber-js/min";
import { countryZone } from "./country-zones.ts";
import { areaCodeZone } from "./nanp-zones.ts";
import { readTimeZone } from "./zone-names.ts";

/** Where the answer to "which time zone is this person in" came from, the surest first. */
export const TIME_ZONE_SOURCES = ["explicit", "phone", "region", "country", "workspace"] as const;
export type TimeZoneSource = (typeof TIME_ZONE_SOURCES)[number];
export type ZoneAnswer = { timeZone: string; source: TimeZoneSource };
export type ZoneFacts = {
  explicit?: string;
  phoneE164?: string;
  region?: string;
  country?: string;
  workspaceDefault?: string;
};

/** States and provinces as `CODE Name`, by the zone that most of their people live in. */
const REGIONS: Record<"US" | "CA", Record<string, string>> = {
  US: {
    "America/New_York":
      "CT Connecticut|DC District of Columbia|DE Delaware|FL Florida|GA Georgia|IN Indiana|KY Kentucky|MA Massachusetts|" +
      "MD Maryland|ME Maine|MI Michigan|NC North Carolina|NH New Hampshire|NJ New Jersey|NY New York|OH Ohio|PA Pennsylvania|" +
      "RI Rhode Island|SC South Carolina|VA Virginia|VT Vermont|WV West Virginia",
    "America/Chicago":
      "AL Alabama|AR Arkansas|IA Iowa|IL Illinois|KS Kansas|LA Louisiana|MN Minnesota|MO Missouri|MS Mississippi|" +
      "ND North Dakota|NE Nebraska|OK Oklahoma|SD South Dakota|TN Tennessee|TX Texas|WI Wisconsin",
    "America/Denver": "CO Colorado|ID Idaho|MT Montana|NM New Mexico|UT Utah|WY Wyoming",
    "America/Phoenix": "AZ Arizona",
    "America/Los_Angeles": "CA California|NV Nevada|OR Oregon|WA Washington",
    "America/Anchorage": "AK Alaska",
    "Pacific/Honolulu": "HI Hawaii",
    "America/Puerto_Rico": "PR Puerto Rico",
    "America/St_Thomas": "VI US Virgin Islands",
    "Pacific/Guam": "GU Guam",
    "Pacific/Saipan": "MP Northern Mariana Islands",
    "Pacific/Pago_Pago": "AS American Samoa",
  },
  CA: {
    "America/Toronto": "ON Ontario|QC Quebec",
    "America/Winnipeg": "MB Manitoba",
    "America/Regina": "SK Saskatchewan",
    "America/Edmonton": "AB Alberta|NT Northwest Territories",
    "America/Vancouver": "BC British Columbia",
    "America/Halifax": "NB New Brunswick|NS Nova Scotia|PE Prince Edward Island",
    "America/St_Johns": "NL Newfoundland and Labrador|NF Newfoundland",
    "America/Whitehorse": "YT Yukon|YK Yukon Territory",
    "America/Iqaluit": "NU Nunavut",
  },
};

const wordsOf = (text: string) =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replaceAll("&", " and ")
    .replace(/[^\p{L}]+/gu, " ")
    .trim();

function regionIndex(country: "US" | "CA"): Map<string, string> {
  return new Map(
    Object.entries(REGIONS[country]).flatMap(([zone, places]) =>
      places
        .split("|")
        .flatMap((place) => [[wordsOf(place.slice(0, 2)), zone] as const, [wordsOf(place.slice(3)), zone] as const]),
    ),
  );
}

const regions = { US: regionIndex("US"), CA: regionIndex("CA") };

/**
 * The zone of a state of the US or a province of Canada, by code or name, with or without the country's prefix (`US-NY`).
 * With another country known, none: Ontario is also a town, and CA a country.
 */
export function regionZone(region: string, country?: string): string | undefined {
  const words = wordsOf(region).replace(/^(?:us|ca) (?=[a-z]{2}$)/, "");
  if (country === "US" || country === "CA") return regions[country].get(words);
  return country === undefined ? (regions.US.get(words) ?? regions.CA.get(words)) : undefined;
}

/** Calling codes with one clock over all their countries, to its zone; codes shared by unlike ones (+7, +61) are absent. */
function buildCallingCodeIndex(): Map<string, string> {
  const zones = new Map<string, Set<string | undefined>>();
  for (const country of getCountries()) {
    const code = getCountryCallingCode(country);
    zones.set(code, (zones.get(code) ?? new Set()).add(MAINLAND[country] ?? countryZone(country)));
  }
  const index = new Map<string, string>();
  for (const [code, set] of zones) {
    const [zone] = set;
    if (set.size === 1 && zone !== undefined) index.set(code, zone);
  }
  return index;
}

/** Places that share a calling code and the clock of a larger country, which has its own zone name. */
const MAINLAND: Record<string, string> = {
  AX: "Europe/Helsinki",
  BL: "America/Guadeloupe",
  BQ: "America/Curacao",
  EH: "Africa/Casablanca",
  GG: "Europe/London",
  IM: "Europe/London",
  JE: "Europe/London",
  MF: "America/Guadeloupe",
  SJ: "Europe/Oslo",
  TA: "Atlantic/St_Helena",
  VA: "Europe/Rome",
};

let callingCodes: Map<string, string> | undefined;

/** The zone of an E.164 number: the area code's in North America, the country's where a country has one clock. */
export function phoneZone(phoneE164: string): string | undefined {
  if (phoneE164.startsWith("+1")) return areaCodeZone(phoneE164.slice(2, 5));
  callingCodes ??= buildCallingCodeIndex();
  // Calling codes are prefix-free, so at most one of the three lengths is there.
  for (const length of [2, 3, 1]) {
    const zone = callingCodes.get(phoneE164.slice(1, 1 + length));
    if (zone) return zone;
  }
  return undefined;
}

/**
 * The time zone of a lead and where the answer came from. In this order, the first that knows: the lead's own field (when it
 * names a zone at all; nonsense is passed over), the phone (E.164), the region, the country (ISO alpha-2), the workspace's
 * default. Undefined when nothing knows and no default is given.
 */
export function zoneOf(known: ZoneFacts & { workspaceDefault: string }): ZoneAnswer;
export function zoneOf(known: ZoneFacts): ZoneAnswer | undefined;
export function zoneOf({ explicit, phoneE164, region, country, workspaceDefault }: ZoneFacts): ZoneAnswer | undefined {
  const own = explicit && readTimeZone(explicit);
  if (own) return { timeZone: own, source: "explicit" };
  const byPhone = phoneE164 && phoneZone(phoneE164);
  if (byPhone) return { timeZone: byPhone, source: "phone" };
  const byRegion = region && regionZone(region, country);
  if (byRegion) return { timeZone: byRegion, source: "region" };
  const byCountry = country && countryZone(country);
  if (byCountry) return { timeZone: byCountry, source: "country" };
  return workspaceDefault ? { timeZone: workspaceDefault, source: "workspace" } : undefined;
}
