import { nationalNumber } from "../address.ts";
import { addressKey } from "./known.ts";
import type { LeadRow } from "./lead-row.ts";

/** Telephone numbers in their normal form. */
type Numbers = readonly string[];

/** What looks like a number within words. */
const LOOKS = /\+?[\d(][\d\s()./-]{5,}\d/gu;

export const NUMBER_LEFT_OUT =
  "This number belongs to somebody else whose data was erased: the person came in without it.";

/** A text without these numbers, however they are written. */
export function textWithoutNumbers(text: string, numbers: Numbers): string {
  const digits = numbers.map(nationalNumber);
  return text.replace(LOOKS, (found) => {
    const own = found.replace(/\D/g, "");
    return digits.some((number) => own.includes(number)) ? "" : found;
  });
}

/** The same for everything that JSON can say. */
export function jsonWithoutNumbers(value: unknown, numbers: Numbers): unknown {
  if (typeof value === "string") return textWithoutNumbers(value, numbers);
  if (Array.isArray(value)) return value.map((one: unknown) => jsonWithoutNumbers(one, numbers));
  return typeof value === "object" && value !== null ? entriesWithoutNumbers(value, numbers) : value;
}

const entriesWithoutNumbers = (value: object, numbers: Numbers): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).map(([key, one]) => [key, jsonWithoutNumbers(one, numbers)]));

/** A row of somebody who shares numbers with an erased person, as what it says of themselves alone. */
export function rowWithoutNumbers(row: LeadRow, numbers: Numbers): LeadRow {
  const gone = new Set(numbers.map((value) => addressKey({ kind: "PHONE", value })));
  const clean = (text: string) => textWithoutNumbers(text, numbers);
  return {
    ...row,
    identities: row.identities.filter((address) => !gone.has(addressKey(address))),
    ...(row.notes !== undefined && { notes: clean(row.notes) }),
    meta: entriesWithoutNumbers(row.meta, numbers),
    ...(row.custom && {
      custom: Object.fromEntries(
        Object.entries(row.custom).map(([key, one]) => [key, typeof one === "string" ? clean(one) : one]),
      ),
    }),
    raw: Object.fromEntries(Object.entries(row.raw).map(([field, text]) => [field, clean(text)])),
  };
}
