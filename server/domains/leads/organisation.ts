import { fold } from "./search-text.ts";

/*
 * Who works for the same organisation: people whose company has the same name, however it is written, or whose e-mail addresses are of the same
 * domain, unless that is one where anybody may have an address.
 */

/** Providers that give addresses to everybody, by the label before the public ending of their domains: "yahoo.co.uk" is Yahoo's too. */
const OPEN_PROVIDERS = new Set(
  (
    "gmail googlemail yahoo ymail rocketmail hotmail outlook live msn passport icloud me mac aol aim proton protonmail pm gmx web freenet t-online " +
    "mail email inbox yandex ya rambler bk list zoho fastmail hey tutanota tuta posteo mailbox qq 163 126 sina naver daum hanmail orange wanadoo " +
    "laposte free sfr libero virgilio alice tin bluewin comcast verizon att sbcglobal bellsouth cox charter earthlink juno btinternet sky " +
    "talktalk ntlworld shaw rogers bigpond optusnet xtra rediffmail wp o2 onet interia seznam centrum abv ukr uol bol terra telia mailinator"
  ).split(" "),
);

/** Words that say how a company is held, not which it is. */
const FORMS = new Set(
  "inc incorporated llc llp lp ltd limited plc corp corporation co company gmbh ag kg ohg ug se sa sas sarl srl spa bv nv oy ab as aps pty".split(
    " ",
  ),
);

/** The domain of an address of an organisation's own; null for one where anybody may have an address. */
export function organisationDomain(email: string): string | null {
  const at = email.lastIndexOf("@");
  const domain = email.slice(at + 1).toLowerCase();
  const labels = domain.split(".");
  if (at < 0 || labels.length < 2) return null;
  // Of "co.uk" and "com.br" the first part is as public as the second.
  const isPublic = labels.length > 2 && /^(com?|net?|org?|ac|gov)$/.test(labels.at(-2) ?? "");
  return OPEN_PROVIDERS.has(labels.at(isPublic ? -3 : -2) ?? "") ? null : domain;
}

/** The words by which a company's name is the same as another: "ACME, Inc." and "Acme" are. Null where nothing is left to tell it by. */
export function companyWords(company: string): string[] | null {
  const words = fold(company)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  const telling = words.filter((word, place) => place === 0 || !FORMS.has(word));
  return telling.join("").length < 3 ? null : telling;
}

export const sameCompany = (one: string | null, other: string | null): boolean => {
  const words = one === null ? null : companyWords(one);
  return words !== null && other !== null && words.join(" ") === companyWords(other)?.join(" ");
};
