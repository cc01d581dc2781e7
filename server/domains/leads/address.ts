import {
  getCountryCallingCode,
  isSupportedCountry,
  isValidPhoneNumber,
  parsePhoneNumberFromString,
  type CountryCode,
  type PhoneNumber,
} from "libphonenumber-js/min";
import { regexes } from "zod";
import { countryName } from "./country-name.ts";
import { isMainlandAreaCode } from "./nanp-zones.ts";

export { IDENTITY_KINDS, type IdentityKind } from "./sets.ts";

/**
 * An address in its one normal form, or a sentence on why the text is none. `none` says that the text does not even try to be
 * one: it is blank, or a placeholder such as "n/a".
 */
export type Normalised = { ok: true; value: string } | { ok: false; reason: string; none?: "blank" | "placeholder" };

/** Direction marks, joiners and zero-width spaces, which come along when an address is copied from a phone or a web page. */
const INVISIBLE = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/g;
const PRINTABLE = /^[\x20-\x7e]*$/;
const PLACEHOLDER = /^(?:n\/?a|n\.a\.|#n\/a|none|null|nil|nan|unknown|undefined|keine?|k\.?\s?a\.?|[-–—_.?*\\/]+)$/i;

const no = (reason: string): Normalised => ({ ok: false, reason });

/** The parts of reading that all kinds share: invisible marks go, blanks and placeholders are told apart from mistakes. */
function tidy(raw: string): { text: string; none?: Normalised } {
  const text = (PRINTABLE.test(raw) ? raw : raw.replace(INVISIBLE, "")).trim();
  if (text === "") return { text, none: { ok: false, none: "blank", reason: "There is nothing here." } };
  if (PLACEHOLDER.test(text)) {
    return {
      text,
      none: { ok: false, none: "placeholder", reason: `“${text}” stands for “none”, so nothing is kept.` },
    };
  }
  return { text };
}

/** What nearly all addresses are, told at once; each of them would pass what follows unchanged. */
const USUAL_EMAIL = /^[a-z0-9_+-]+(?:[.'][a-z0-9_+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/**
 * An e-mail address: trimmed, NFC, wholly in lower case, its domain in ASCII; syntax as browsers have it (the pattern is zod's),
 * with a dot in the domain and none astray before the @. Plus tags and dots are kept: two people may differ by them.
 */
export function normaliseEmail(raw: string): Normalised {
  const usual = raw.trim().toLowerCase();
  if (USUAL_EMAIL.test(usual) && usual.length <= 254 && usual.indexOf("@") <= 64) return { ok: true, value: usual };
  const { text, none } = tidy(raw);
  if (none) return none;
  const address = text
    .replace(/^mailto:/i, "")
    .replace(/^<(.*)>$/, "$1")
    .normalize("NFC")
    .toLowerCase();
  const at = address.lastIndexOf("@");
  if (at < 1) return no(`“${text}” is not an e-mail address: it has no name and domain with an @ between.`);
  if (/[,;\s]/.test(address)) return no(`“${text}” holds a blank, a comma or a semicolon: give one address alone.`);
  const local = address.slice(0, at);
  if (/[^\0-\x7f]/.test(local)) {
    return no(`“${text}” has letters before the @ that mail servers outside its own country refuse.`);
  }
  const domain = asciiDomain(address.slice(at + 1));
  const value = `${local}@${domain}`;
  if (!regexes.html5Email.test(value) || !/\.(?=[^.]*[a-z])[^.]+$/.test(domain) || /^\.|\.\.|\.@/.test(value)) {
    return no(`“${text}” is not written as an e-mail address is.`);
  }
  // RFC 5321, 4.5.3.1: 64 octets before the @, 254 in all that a mail path can carry.
  if (local.length > 64 || value.length > 254)
    return no(`“${text.slice(0, 60)}…” is longer than an e-mail address can be.`);
  return { ok: true, value };
}

/** IDN to ASCII by the URL parser, which knows the tables; a domain that is no host comes back as it was, and fails later. */
function asciiDomain(domain: string): string {
  if (/^[\0-\x7f]*$/.test(domain)) return domain;
  if (/[\s/?#:@%\\<>^|[\]]/.test(domain)) return domain;
  return URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).hostname : domain;
}

export type PhoneCountries = { rowCountry?: string; importCountry?: string; workspaceCountry?: string };

const SCIENTIFIC = /^[+-]?\d+(?:[.,]\d+)?\s*e\s*\+?\s*\d+$/i;
const VENDOR_PREFIX =
  /^(?:p|t|m|f|ph|tel|tél|tlf|phone|telephone|telefon|mobile|mobil|mob|cell|handy|whatsapp|wa|sms|fon)\s*[.:]+\s*/i;
const EXTENSION = /(?:\s*(?:ext|extension|x|#|durchwahl|poste)[.:]?\s*|;ext=)\d{1,7}(?:;.*)?$/i;
/** North America's way of writing: 3-3-4 in brackets, dashes or dots (mere blanks are used the world over), or 11 bare digits. */
const NORTH_AMERICAN_LOOK = /^(?:1[-. ]*)?(?:\(\d{3}\)[-. ]*\d{3}[-. ]*\d{4}|\d{3}[-.]\d{3}[-.]\d{4})$|^1\d{10}$/;
/** Area code N0-8X, exchange NXX: the parts whose first digit is never 0 or 1 (nanpa.com). */
const NORTH_AMERICAN = /^1?([2-9][0-8]\d)([2-9]\d{6})$/;

/** What most numbers of North America look like, told at once; the library takes ten times as long. */
const USUAL_NORTH_AMERICAN = /^(?:p:)?(?:(\+1)|1)?[-. ]?\(?([2-9][0-8]\d)\)?[-. ]?([2-9]\d\d)[-. ]?(\d{4})$/;

/**
 * A phone number as E.164. Without an international prefix it is read by the row's country, then the import's, then the
 * workspace's (ISO alpha-2 each), the first in which it is a valid number. Valid is what libphonenumber's smaller
 * metadata call so, the pattern of the whole country: numbers kept for fiction (555-01XX, 020 7946 0XXX) pass, as they are
 * written like any other, and so do those of area codes that were assigned after the library's release.
 *
 * One exception to that order keeps messages from strangers: `773-555-0166` in a row of Great Britain would be a living
 * person's mobile, +44 7735 550166, if a lost leading 0 were assumed. A number that is written the North American way, whose
 * area code exists, is read so where the import or workspace is North American, unless the row's country writes it just so.
 */
export function normalisePhone(raw: string, countries: PhoneCountries = {}): Normalised {
  const usual = USUAL_NORTH_AMERICAN.exec(raw);
  if (usual && isMainlandAreaCode(usual[2] ?? "") && (usual[1] !== undefined || isMainland(firstCountry(countries)))) {
    return { ok: true, value: `+1${usual[2]}${usual[3]}${usual[4]}` };
  }
  const { text: tidied, none } = tidy(raw);
  if (none) return none;
  const text = phoneText(tidied);
  if (text === "") return { ok: false, none: "blank", reason: "There is nothing here." };
  if (PLACEHOLDER.test(text)) return { ok: false, none: "placeholder", reason: `“${tidied}” stands for “none”.` };
  if (SCIENTIFIC.test(text)) {
    return no(
      `“${tidied}” was turned into scientific notation by a spreadsheet, which hides digits: format the column as text and export again.`,
    );
  }
  if (/[^\d\s()+\-./]/.test(text)) return no(`“${tidied}” holds other signs than those of one phone number.`);
  const many = text.split(/[/+]|\s{3,}/).filter((part) => part.replace(/\D/g, "").length >= 7);
  if (many.length > 1) return no(`“${tidied}” holds more than one number: give one per cell.`);

  const candidates = countriesInOrder(countries);
  const international = internationalText(text, candidates.some(isNorthAmerican));
  if (international !== undefined) {
    return readInternational(international) ?? no(`“${tidied}” is not a number of the country that its prefix names.`);
  }
  const digits = text.replace(/\D/g, "");
  const value = readNational(text, digits, candidates) ?? readWithoutPlus(text, digits);
  if (value !== undefined) return { ok: true, value };
  if (candidates.length === 0) {
    return no(
      `“${tidied}” has no country prefix, and no country is known for it: write it as +…, or set the import's country.`,
    );
  }
  return no(
    `“${tidied}” is not a phone number in ${candidates.map(countryName).join(" or ")}: write it with + and the country's prefix.`,
  );
}

/** One number in plain signs: no spreadsheet quoting, no vendor prefix, no extension. */
function phoneText(tidied: string): string {
  return tidied
    .normalize("NFKC")
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/^[='"`´’]+|["'`´’]+$/g, "")
    .replace(VENDOR_PREFIX, "")
    .replace(/^([='"`´’\s]+)/, "")
    .replace(EXTENSION, "")
    .replace(/^(\d{7,15})\.0$/, "$1")
    .replace(/^\(\s*\+(\d{1,3})\s*\)/, "+$1 ")
    .trim();
}

function countriesInOrder({ rowCountry, importCountry, workspaceCountry }: PhoneCountries): CountryCode[] {
  const order: CountryCode[] = [];
  for (const country of [rowCountry, importCountry, workspaceCountry]) {
    if (country !== undefined && isSupportedCountry(country) && !order.includes(country)) order.push(country);
  }
  return order;
}

const isNorthAmerican = (country: CountryCode) => getCountryCallingCode(country) === "1";

const firstCountry = ({ rowCountry, importCountry, workspaceCountry }: PhoneCountries) =>
  rowCountry ?? importCountry ?? workspaceCountry;
const isMainland = (country: string | undefined) => country === "US" || country === "CA";

/** `+…`, and what people dial for it: 00 nearly everywhere, 011 in North America. */
function internationalText(text: string, northAmerican: boolean): string | undefined {
  if (text.startsWith("+")) return text.replace(/^\+\s*00/, "+");
  if (/^\(?00/.test(text)) return `+${text.replace(/^\(?00\)?/, "")}`;
  if (northAmerican && /^011[-. ]*[2-9]/.test(text)) return `+${text.slice(3)}`;
  return undefined;
}

function readInternational(text: string): Normalised | undefined {
  const digits = text.replace(/\D/g, "");
  const value = digits.startsWith("1")
    ? northAmericanNumber(digits)
    : valueOf(parsePhoneNumberFromString(text, { extract: false }), text);
  return value === undefined ? undefined : { ok: true, value };
}

/** The number of ten digits, or of eleven with a leading 1, if it is one of North America. */
function northAmericanNumber(digits: string): string | undefined {
  const [, area, rest] = NORTH_AMERICAN.exec(digits) ?? [];
  if (area === undefined) return undefined;
  const value = `+1${area}${rest}`;
  // The library takes ten times as long, so it is asked about islands, free numbers and codes that the table does not have.
  return isMainlandAreaCode(area) || isValidPhoneNumber(value) ? value : undefined;
}

function readNational(text: string, digits: string, candidates: readonly CountryCode[]): string | undefined {
  const northAmerican = northAmericanNumber(digits);
  const mayBeSo = northAmerican !== undefined && NORTH_AMERICAN_LOOK.test(text) && candidates.some(isNorthAmerican);
  for (const country of candidates) {
    if (northAmerican !== undefined && isNorthAmerican(country)) return northAmerican;
    const number = parsePhoneNumberFromString(text, { defaultCountry: country, extract: false });
    const value = valueOf(number, text);
    if (value === undefined) continue;
    if (mayBeSo && !isWrittenSo(number?.formatNational() ?? "", digits)) continue;
    return value;
  }
  return undefined;
}

/** Whether a country's own format has these digits and no trunk prefix; where it knows no format, it gives bare digits back. */
const isWrittenSo = (national: string, digits: string) => national !== digits && national.replace(/\D/g, "") === digits;

/** Some systems export E.164 and drop the plus. Only tried when no country at hand reads the digits as its own. */
function readWithoutPlus(text: string, digits: string): string | undefined {
  if (!/^[1-9]\d{10,14}$/.test(text)) return undefined;
  if (text.startsWith("1")) return northAmericanNumber(digits);
  return valueOf(parsePhoneNumberFromString(`+${text}`, { extract: false }), `+${text}`);
}

/** Calling codes where nothing but one leading 0, or nothing at all, is ever dropped: what is read once, stays. */
const PLAIN_TRUNK: ReadonlySet<string> = new Set("27 31 32 33 34 41 43 45 46 48 49 61 90 91 353".split(" "));

/**
 * E.164 has fifteen digits at most, which some countries' general patterns exceed; and a number that would be read differently
 * the second time (the library drops trunk and carrier prefixes again) is too uncertain to write to.
 */
function valueOf(number: PhoneNumber | undefined, text: string): string | undefined {
  if (!number?.isValid() || number.number.length > 16) return undefined;
  const value = number.number;
  if (number.countryCallingCode === "1") return northAmericanNumber(value.slice(1));
  if (text.startsWith("+") && text.replace(/\D/g, "") === value.slice(1)) return value;
  if (PLAIN_TRUNK.has(number.countryCallingCode) && !number.nationalNumber.startsWith("0")) return value;
  const again = parsePhoneNumberFromString(value, { extract: false });
  return again?.number === value && again.isValid() ? value : undefined;
}

/** The country (ISO alpha-2) that a number in E.164 is of, where its prefix belongs to one or tells which of several. */
export function countryOfPhone(phoneE164: string): string | undefined {
  return parsePhoneNumberFromString(phoneE164, { extract: false })?.country;
}

/** The digits of a number in E.164 behind its country's prefix: they stand in every way of writing it. */
export function nationalNumber(phoneE164: string): string {
  return parsePhoneNumberFromString(phoneE164, { extract: false })?.nationalNumber ?? phoneE164.replace(/\D/g, "");
}

/**
 * The page of a person on LinkedIn as `https://www.linkedin.com/in/<name>`: country subdomains, tracking parameters and the
 * language at the end go, the name is in lower case, as LinkedIn does not tell cases apart there, except in the member ids
 * that its sales tools export (`ACoAA…`), where it does. A bare name or `in/name` is taken too.
 */
export function normaliseLinkedIn(raw: string): Normalised {
  const { text, none } = tidy(raw);
  if (none) return none;
  const path = /^(?:(?:https?:)?\/\/)?(?:[a-z]{1,6}\.)?linkedin\.(?:com|cn)\/(.*)$/i.exec(text)?.[1];
  if (path === undefined && /[:.?]/.test(text)) return no(`“${text}” is not an address at linkedin.com.`);
  const segments = (path ?? text)
    .replace(/[?#].*$/s, "")
    .split("/")
    .filter(Boolean);
  const section = path === undefined && segments.length === 1 ? "in" : segments.shift()?.toLowerCase();
  const name = segments[0];
  if (section !== "in" || name === undefined) {
    return no(`“${text}” is not a person's page: those begin with linkedin.com/in/.`);
  }
  const slug = decodeSlug(name);
  if (slug === undefined || !/^[\p{L}\p{M}\p{N}_-]{2,100}$/u.test(slug)) {
    return no(`“${text}” is not the name of a LinkedIn page.`);
  }
  const cased = slug.startsWith("ACoA") ? slug : slug.toLowerCase().normalize("NFC");
  return { ok: true, value: `https://www.linkedin.com/in/${encodeURIComponent(cased)}` };
}

function decodeSlug(name: string): string | undefined {
  try {
    return decodeURIComponent(name).normalize("NFC");
  } catch (error) {
    // A lone % or bytes that are no UTF-8.
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
