/** What people, spreadsheets and other systems call a zone, by its IANA name: abbreviations, Rails' and Windows' names. */
const ALIASES: Record<string, string> = {
  "America/New_York":
    "et|est|edt|eastern|eastern time|eastern standard time|eastern daylight time|eastern time us and canada|" +
    "us eastern standard time|indiana east|new york",
  "America/Chicago":
    "ct|cst|cdt|central|central time|central standard time|central daylight time|central time us and canada|chicago",
  "America/Denver":
    "mt|mst|mdt|mountain|mountain time|mountain standard time|mountain daylight time|mountain time us and canada|denver",
  "America/Phoenix": "arizona|us mountain standard time|phoenix",
  "America/Los_Angeles":
    "pt|pst|pdt|pacific|pacific time|pacific standard time|pacific daylight time|pacific time us and canada|los angeles",
  "America/Anchorage": "akst|akdt|alaska|alaskan standard time|anchorage",
  "Pacific/Honolulu": "hst|hawaii|hawaiian standard time|hawaii aleutian standard time|honolulu",
  "America/Halifax": "ast|adt|atlantic|atlantic time|atlantic standard time|atlantic time canada|halifax",
  "America/St_Johns": "nst|ndt|newfoundland|newfoundland standard time",
  "America/Regina": "saskatchewan|canada central standard time",
  "America/Toronto": "toronto",
  "America/Vancouver": "vancouver",
  "America/Puerto_Rico": "puerto rico|sa western standard time",
  "America/Bogota": "bogota|sa pacific standard time",
  "America/Caracas": "caracas|venezuela standard time",
  "America/Mexico_City": "mexico city|guadalajara|monterrey|central standard time mexico",
  "America/Sao_Paulo": "brt|brasilia|sao paulo|e south america standard time",
  "America/Argentina/Buenos_Aires": "buenos aires|argentina standard time",
  "America/Santiago": "santiago|pacific sa standard time",
  "Europe/London": "bst|london|edinburgh|gmt standard time|british summer time",
  "Europe/Dublin": "dublin",
  "Europe/Lisbon": "lisbon",
  "Europe/Berlin": "berlin|bern|w europe standard time|mez|mesz",
  "Europe/Paris": "paris|madrid|brussels|copenhagen|romance standard time",
  "Europe/Amsterdam": "amsterdam",
  "Europe/Rome": "rome",
  "Europe/Stockholm": "stockholm",
  "Europe/Vienna": "vienna",
  "Europe/Zurich": "zurich",
  "Europe/Warsaw": "warsaw|central european standard time",
  "Europe/Budapest": "budapest|central europe standard time",
  "Europe/Brussels": "cet|cest|central european time|central european summer time",
  "Europe/Athens": "athens|gtb standard time|eet|eest",
  "Europe/Kyiv": "kyiv|kiev|fle standard time",
  "Europe/Istanbul": "istanbul|turkey standard time",
  "Europe/Moscow": "msk|moscow|russian standard time",
  "Asia/Jerusalem": "jerusalem|israel standard time",
  "Asia/Dubai": "dubai|abu dhabi|arabian standard time|gst",
  "Asia/Riyadh": "riyadh|arab standard time",
  "Asia/Karachi": "karachi|islamabad|pakistan standard time|pkt",
  "Asia/Kolkata": "ist|kolkata|mumbai|chennai|new delhi|india standard time",
  "Asia/Bangkok": "bangkok|se asia standard time",
  "Asia/Singapore": "singapore|singapore standard time|sgt",
  "Asia/Manila": "manila",
  "Asia/Hong_Kong": "hong kong|hkt",
  "Asia/Shanghai": "beijing|china standard time",
  "Asia/Tokyo": "jst|tokyo|osaka|tokyo standard time",
  "Asia/Seoul": "kst|seoul|korea standard time",
  "Australia/Perth": "awst|perth|w australia standard time",
  "Australia/Adelaide": "acst|acdt|adelaide|cen australia standard time",
  "Australia/Brisbane": "brisbane|e australia standard time",
  "Australia/Sydney": "aest|aedt|sydney|aus eastern standard time",
  "Australia/Melbourne": "melbourne",
  "Pacific/Auckland": "nzst|nzdt|auckland|wellington|new zealand standard time",
  "Africa/Johannesburg": "sast|johannesburg|pretoria|south africa standard time",
  "Africa/Lagos": "lagos|wat",
  "Africa/Nairobi": "nairobi|eat|e africa standard time",
  "Africa/Cairo": "cairo|egypt standard time",
};

/** Zones whose name the runtime's locale data keeps in the spelling of before the IANA database renamed them. */
const RENAMED: Record<string, string> = {
  "Africa/Asmera": "Africa/Asmara",
  "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
  "America/Catamarca": "America/Argentina/Catamarca",
  "America/Cordoba": "America/Argentina/Cordoba",
  "America/Godthab": "America/Nuuk",
  "America/Indianapolis": "America/Indiana/Indianapolis",
  "America/Jujuy": "America/Argentina/Jujuy",
  "America/Louisville": "America/Kentucky/Louisville",
  "America/Mendoza": "America/Argentina/Mendoza",
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Atlantic/Faeroe": "Atlantic/Faroe",
  "Europe/Kiev": "Europe/Kyiv",
  "Pacific/Enderbury": "Pacific/Kanton",
  "Pacific/Ponape": "Pacific/Pohnpei",
  "Pacific/Truk": "Pacific/Chuuk",
};

const zoneByAlias = new Map(
  Object.entries(ALIASES).flatMap(([zone, names]) => names.split("|").map((name) => [name, zone] as const)),
);

/** "(GMT-05:00) Eastern Time (US & Canada)" → "eastern time us and canada". */
function aliasKey(text: string): string {
  return text
    .toLowerCase()
    .replace(/\((?:gmt|utc)[^)]*\)/g, "")
    .replaceAll("&", " and ")
    .replace(/[^\p{L}]+/gu, " ")
    .trim();
}

/** Some systems spell the signs of a zone's name out, so that it may serve as an identifier: `us_slash_pacific`. */
function respelled(text: string): string {
  return text
    .replace(/\((?:gmt|utc)[^)]*\)/gi, "")
    .trim()
    .replace(/_slash_/gi, "/")
    .replace(/_hyphen_/gi, "-")
    .replace(/_plus_/gi, "+")
    .replace(/\s+/g, "_");
}

function lookUp(text: string): string | undefined {
  const alias = zoneByAlias.get(aliasKey(text));
  if (alias) return alias;
  const name = respelled(text);
  // Only `Area/City` and UTC: a bare offset knows no summer time, and other bare words are not places.
  if (!/^[a-z]+(?:\/[a-z0-9_+-]+){1,2}$/i.test(name) && !/^(?:utc|gmt|z|zulu|greenwich)$/i.test(name)) return undefined;
  if (/^z$/i.test(name)) return "UTC";
  try {
    const zone = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
    return RENAMED[zone] ?? zone;
  } catch (error) {
    // The runtime tells an unknown zone by this error alone.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Files repeat a handful of zones; the limit only guards against a column of free text. */
const CACHE_LIMIT = 2_000;
const cache = new Map<string, string | undefined>();

/**
 * The IANA name of the zone that a text means: IANA names in any case and with old links followed (`US/Pacific` →
 * `America/Los_Angeles`), names with the signs spelled out (`america_slash_new_york`), the names of Rails and Windows, and
 * abbreviations where North America's reading prevails (CST is Chicago's). Undefined for everything else, offsets included.
 */
export function readTimeZone(text: string): string | undefined {
  if (cache.has(text)) return cache.get(text);
  const zone = lookUp(text);
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(text, zone);
  return zone;
}
