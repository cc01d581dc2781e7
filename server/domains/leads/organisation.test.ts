import { expect, test } from "vitest";
import { organisationDomain, sameCompany } from "./organisation.ts";

test.each([
  ["Acme", "ACME, Inc.", true],
  ["Müller & Söhne GmbH", "muller sohne", true],
  ["Kestrel Labs", "Kestrel", false],
  ["X", "x", false],
  ["Co", "Co", false],
  ["The Company", "the", true],
  ["", "", false],
  ["日本電気", "日本電気 ", true],
])("%s and %s: one company is %s", (one, other, expected) => {
  expect(sameCompany(one, other)).toBe(expected);
  expect(sameCompany(other, one)).toBe(expected);
  expect(sameCompany(one, null)).toBe(false);
});

test.each([
  ["a@kestrel.example", "kestrel.example"],
  ["a@mail.kestrel.example", "mail.kestrel.example"],
  ["a@gmail.com", null],
  ["a@yahoo.co.uk", null],
  ["a@t-online.de", null],
  ["nobody", null],
])("%s is of %s", (email, domain) => {
  expect(organisationDomain(email)).toBe(domain);
});
