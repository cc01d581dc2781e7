import * as fc from "fast-check";
import { getCountries, getCountryCallingCode } from "libphonenumber-js/min";
import { describe, expect, test } from "vitest";
import { countryZone } from "./country-zones.ts";
import { phoneZone, regionZone, zoneOf } from "./time-zone.ts";
import { readTimeZone } from "./zone-names.ts";

const known = {
  explicit: "Europe/Paris",
  phoneE164: "+14155550123",
  region: "TX",
  country: "US",
  workspaceDefault: "Asia/Tokyo",
};

/** What the clock of a zone shows in winter and in summer. */
const clock = (zone: string) =>
  ["2026-01-15T12:00:00Z", "2026-07-15T12:00:00Z"].map((at) =>
    new Intl.DateTimeFormat("en", { timeZone: zone, timeStyle: "short" }).format(Date.parse(at)),
  );

describe("the time zone of a lead", () => {
  test("the lead's own field wins, then phone, region, country and workspace, and the answer names its source", () => {
    expect(zoneOf(known)).toEqual({ timeZone: "Europe/Paris", source: "explicit" });
    expect(zoneOf({ ...known, explicit: undefined })).toEqual({ timeZone: "America/Los_Angeles", source: "phone" });
    expect(zoneOf({ ...known, explicit: undefined, phoneE164: undefined })).toEqual({
      timeZone: "America/Chicago",
      source: "region",
    });
    expect(zoneOf({ country: "DE", workspaceDefault: "Asia/Tokyo" })).toEqual({
      timeZone: "Europe/Berlin",
      source: "country",
    });
    expect(zoneOf({ country: "US", workspaceDefault: "Asia/Tokyo" })).toEqual({
      timeZone: "Asia/Tokyo",
      source: "workspace",
    });
    expect(zoneOf({})).toBeUndefined();
  });

  test("a field that names no zone is passed over", () => {
    expect(zoneOf({ ...known, explicit: "after lunch" })).toEqual({ timeZone: "America/Los_Angeles", source: "phone" });
  });

  test("a toll-free number says nothing about the place, so the region answers", () => {
    expect(zoneOf({ ...known, explicit: "", phoneE164: "+18005550123" }).source).toBe("region");
  });

  test("a region of the US or Canada counts only where the country does not speak against it", () => {
    expect(regionZone("ON")).toBe("America/Toronto");
    expect(regionZone("ON", "DE")).toBeUndefined();
    expect(regionZone("ON", "US")).toBeUndefined();
    expect(regionZone("CA")).toBe("America/Los_Angeles");
    expect(regionZone("Québec", "CA")).toBe("America/Toronto");
    expect(regionZone("florida")).toBe("America/New_York");
    expect(regionZone("US-NY", "US")).toBe("America/New_York");
    expect(regionZone("Bavaria")).toBeUndefined();
  });

  test.each([
    ["+493023125801", "Europe/Berlin"],
    ["+442079460234", "Europe/London"],
    ["+353209100434", "Europe/Dublin"],
    ["+33199002715", "Europe/Paris"],
    ["+390612345678", "Europe/Rome"],
    ["+912212345678", "Asia/Kolkata"],
    ["+12125550142", "America/New_York"],
    ["+18765550142", "America/Jamaica"],
    ["+61491570110", undefined],
    ["+79161234567", undefined],
    ["+525512345678", undefined],
    ["+8001234567890", undefined],
  ])("the number %s is in %s", (phone, zone) => {
    expect(phoneZone(phone)).toBe(zone);
  });

  test("every country's calling code leads to the country's own clock, or to no zone, and never to another clock", () => {
    for (const country of getCountries()) {
      const code = getCountryCallingCode(country);
      const zone = code === "1" ? undefined : phoneZone(`+${code}12345678`);
      const own = countryZone(country);
      if (zone && own) expect({ country, clock: clock(zone) }).toEqual({ country, clock: clock(own) });
    }
  });
});

describe("reading the name of a zone", () => {
  test.each([
    ["America/New_York", "America/New_York"],
    ["america/new_york", "America/New_York"],
    ["america_slash_new_york", "America/New_York"],
    ["america_slash_port_hyphen_au_hyphen_prince", "America/Port-au-Prince"],
    ["us_slash_pacific", "America/Los_Angeles"],
    ["US/Pacific", "America/Los_Angeles"],
    ["US/Eastern", "America/New_York"],
    ["Canada/Atlantic", "America/Halifax"],
    ["Eastern Time (US & Canada)", "America/New_York"],
    ["(GMT-05:00) Eastern Time (US & Canada)", "America/New_York"],
    ["(UTC-08:00) Pacific Time (US & Canada)", "America/Los_Angeles"],
    ["W. Europe Standard Time", "Europe/Berlin"],
    ["EST", "America/New_York"],
    ["pst", "America/Los_Angeles"],
    ["Asia/Calcutta", "Asia/Kolkata"],
    ["Asia/Kolkata", "Asia/Kolkata"],
    ["Europe/Kiev", "Europe/Kyiv"],
    ["UTC", "UTC"],
    ["  Europe/London ", "Europe/London"],
  ])("%s is %s", (text, zone) => {
    expect(readTimeZone(text)).toBe(zone);
  });

  test.each(["", "  ", "Mars/Olympus", "+02:00", "GMT+2", "5pm", "Europe", "America/New_York; DROP", "..%2f/x"])(
    "%j is no zone",
    (text) => {
      expect(readTimeZone(text)).toBeUndefined();
    },
  );

  test("what is read is read again as itself, for every zone of the runtime", () => {
    for (const name of Intl.supportedValuesOf("timeZone")) {
      const zone = readTimeZone(name);
      expect(zone, name).toBeDefined();
      expect(readTimeZone(zone ?? "")).toBe(zone);
    }
  });

  test("no text whatever makes the reader throw", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const zone = readTimeZone(text);
        expect(zone === undefined || readTimeZone(zone) === zone).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
