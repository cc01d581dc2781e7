import { expect, test } from "vitest";
import { settingsSchema } from "#domains/accounts/settings.ts";
import { countryOptions, zoneOptions } from "#web/accounts/places.ts";

test("the server takes every zone and every country that is offered", () => {
  const zones = zoneOptions();
  const countries = countryOptions();
  expect(zones.length).toBeGreaterThan(300);
  expect(countries.length).toBeGreaterThan(240);
  const { timeZone, country } = settingsSchema.shape;
  expect(zones.filter(({ value }) => !timeZone.safeParse(value).success)).toEqual([]);
  expect(countries.filter(({ value }) => !country.safeParse(value).success)).toEqual([]);
});

test("countries stand once each, by their names, without unions and withdrawn codes", () => {
  const labels = countryOptions().map(({ label }) => label);
  const codes = countryOptions().map(({ value }) => value);
  expect(new Set(labels).size).toBe(labels.length);
  expect(codes).toEqual(expect.arrayContaining(["US", "DE", "GB", "IN", "BR"]));
  for (const code of ["EU", "UN", "ZZ", "DD", "SU"]) expect(codes).not.toContain(code);
});

test("a zone that this browser does not list is offered where it is chosen", () => {
  expect(zoneOptions("Europe/Kyiv").map(({ value }) => value)).toContain("Europe/Kyiv");
});
