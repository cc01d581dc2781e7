import * as fc from "fast-check";
import { getCountries, getCountryCallingCode, isValidPhoneNumber } from "libphonenumber-js/min";
import { describe, expect, test } from "vitest";
import { normaliseEmail, normaliseLinkedIn, normalisePhone, type Normalised, type PhoneCountries } from "./address.ts";

const us: PhoneCountries = { importCountry: "US" };
const valueOf = (result: Normalised) => (result.ok ? result.value : undefined);
const reasonOf = (result: Normalised) => (result.ok ? "" : result.reason);

describe("e-mail addresses", () => {
  test.each([
    [" Ana.Banerjee@Example.COM ", "ana.banerjee@example.com"],
    ["ana.banerjee@example.com", "ana.banerjee@example.com"],
    ["KATERYNA.FITZGERALD@SAMPLEMAIL.EXAMPLE ", "kateryna.fitzgerald@samplemail.example"],
    ["ana+news@example.com", "ana+news@example.com"],
    ["a.n.a@example.com", "a.n.a@example.com"],
    ["r&d@example.com", "r&d@example.com"],
    ["o'connor@example.com", "o'connor@example.com"],
    ["mailto:ana@example.com", "ana@example.com"],
    ["<ana@example.com>", "ana@example.com"],
    ["ana@M\u00fcller.example", "ana@xn--mller-kva.example"],
    ["ana@Mu\u0308ller.example", "ana@xn--mller-kva.example"],
    ["ana@bücher.рф", "ana@xn--bcher-kva.xn--p1ai"],
    ["ana@例え.example", "ana@xn--r8jz45g.example"],
    ["\u200bana@example.com\ufeff", "ana@example.com"],
    ["ana@hello.kestrelfit.example", "ana@hello.kestrelfit.example"],
  ])("%j is %s", (raw, value) => {
    expect(normaliseEmail(raw)).toEqual({ ok: true, value });
  });

  test.each([
    "not-an-email",
    "@example.com",
    "ana@",
    "ana@example",
    "ana@@example.com",
    "ana@exa mple.com",
    "ana@example.com, jo@example.com",
    "ana..b@example.com",
    ".ana@example.com",
    "ana.@example.com",
    "ana@-example.com",
    "ana@example..com",
    "ana@1.2.3.4",
    "ana@１.２.３.４",
    "josé@example.com",
    `${"a".repeat(65)}@example.com`,
    `ana@${"a.".repeat(130)}example`,
    "Ana Banerjee <ana@example.com>",
  ])("%j is refused with a sentence", (raw) => {
    const result = normaliseEmail(raw);
    expect(result.ok).toBe(false);
    expect(reasonOf(result)).toMatch(/^“.*\.$/s);
    expect(result).not.toHaveProperty("none");
  });

  test("two addresses that differ by a plus tag or a dot stay two", () => {
    const values = ["ana@example.com", "ana+a@example.com", "an.a@example.com"].map((raw) =>
      valueOf(normaliseEmail(raw)),
    );
    expect(new Set(values).size).toBe(3);
  });

  test("what is normal stays as it is, over a thousand random addresses", () => {
    const raw = fc.oneof(
      fc.emailAddress(),
      fc.emailAddress().map((address) => ` ${address.toUpperCase()}\t`),
      fc.tuple(fc.string({ unit: "grapheme" }), fc.domain()).map(([local, domain]) => `${local}@${domain}`),
      fc
        .tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.string({ unit: "grapheme" }))
        .map(([local, host]) => `${local}@${host}.рф`),
      fc.string({ unit: "binary" }),
    );
    let normal = 0;
    fc.assert(
      fc.property(raw, (text) => {
        const once = normaliseEmail(text);
        if (!once.ok) return;
        normal++;
        expect(normaliseEmail(once.value)).toEqual(once);
      }),
      { numRuns: 1_000 },
    );
    expect(normal).toBeGreaterThan(200);
  });
});

describe("phone numbers", () => {
  test.each([
    ["(212) 555-0142", "+12125550142"],
    ["1-212-555-0142", "+12125550142"],
    ["p:+12125550142", "+12125550142"],
    ["12125550142", "+12125550142"],
    ["212.555.0142", "+12125550142"],
    ["212 555 0142", "+12125550142"],
    ["2125550142", "+12125550142"],
    ["+1 (212) 555-0142", "+12125550142"],
    ["tel:+1-212-555-0142;ext=9", "+12125550142"],
    ["tel: 212-555-0142", "+12125550142"],
    ["(212) 555-0142 ext. 12", "+12125550142"],
    ["212-555-0142 x12", "+12125550142"],
    ["'+12125550142", "+12125550142"],
    ['="+12125550142"', "+12125550142"],
    ["12125550142.0", "+12125550142"],
    ["\u202a+1 212‑555‑0142\u202c", "+12125550142"],
    ["＋１２１２５５５０１４２", "+12125550142"],
    ["0044 161 496 0836", "+441614960836"],
    ["011 44 161 496 0836", "+441614960836"],
    ["+0044 161 496 0836", "+441614960836"],
    ["(+44) 161 496 0836", "+441614960836"],
    ["442079460234", "+442079460234"],
    ["+44 (0)20 7946 0234", "+442079460234"],
    ["+49 (0)30 23125-937", "+493023125937"],
    ["+49 30/23125937", "+493023125937"],
    ["+33 1 99 00 27 15", "+33199002715"],
    ["+353 20 910 0434", "+353209100434"],
    ["+61 491 570 110", "+61491570110"],
    ["+39 06 1234 5678", "+390612345678"],
    ["800-555-0142", "+18005550142"],
    ["+1 876 555 0142", "+18765550142"],
  ])("%j in an import of the United States is %s", (raw, value) => {
    expect(normalisePhone(raw, us)).toEqual({ ok: true, value });
  });

  test("the row's country is asked before the import's, and that before the workspace's", () => {
    const raw = "030 23125 759";
    expect(valueOf(normalisePhone(raw, { rowCountry: "DE", importCountry: "GB", workspaceCountry: "US" }))).toBe(
      "+493023125759",
    );
    expect(valueOf(normalisePhone(raw, { importCountry: "GB", workspaceCountry: "DE" }))).toBe("+443023125759");
    expect(valueOf(normalisePhone(raw, { importCountry: "US", workspaceCountry: "DE" }))).toBe("+493023125759");
    expect(valueOf(normalisePhone("3023125759", { rowCountry: "DE" }))).toBe("+493023125759");
  });

  test("a number written the North American way is not bent into a stranger's mobile by the country of the row", () => {
    for (const rowCountry of ["GB", "DE", "FR"]) {
      expect(valueOf(normalisePhone("19075550112", { rowCountry, importCountry: "US" }))).toBe("+19075550112");
      for (const raw of ["773-555-0166", "(773) 555-0166", "773.555.0166", "17735550166", "1-773-555-0166"]) {
        expect(normalisePhone(raw, { rowCountry, importCountry: "US" })).toEqual({ ok: true, value: "+17735550166" });
      }
    }
  });

  test("a country that writes its numbers just so keeps them, and so does one that is alone in question", () => {
    expect(valueOf(normalisePhone("(664) 234-5678", { rowCountry: "MX", importCountry: "US" }))).toBe("+526642345678");
    expect(valueOf(normalisePhone("13512345678", { rowCountry: "CN", importCountry: "US" }))).toBe("+8613512345678");
    expect(valueOf(normalisePhone("07735 550166", { rowCountry: "GB", importCountry: "US" }))).toBe("+447735550166");
    expect(valueOf(normalisePhone("7735550166", { rowCountry: "GB", importCountry: "US" }))).toBe("+447735550166");
    expect(valueOf(normalisePhone("773-555-0166", { rowCountry: "GB" }))).toBe("+447735550166");
  });

  test("scientific notation is a fault that says what happened", () => {
    for (const raw of ["1.2125550142E+10", "1,2125550142E+10", "1.21256E+10", "p:1.21256e+10"]) {
      expect(reasonOf(normalisePhone(raw, us))).toContain("scientific notation");
    }
  });

  test("a number that fits no country in question names them as people do", () => {
    const reason = reasonOf(normalisePhone("12", { rowCountry: "DE", workspaceCountry: "US" }));
    expect(reason).toContain("is not a phone number in Germany or the United States:");
  });

  test.each([
    "123-456-7890",
    "212-155-0142",
    "200-555-0142",
    "211-555-0142",
    "(992) 555-0142",
    "555-0142",
    "12",
    "+1 212 555 014",
    "+999 123456789",
    "1-800-FLOWERS",
    "not a phone",
  ])("%j is no phone number", (raw) => {
    const result = normalisePhone(raw, us);
    expect(result.ok).toBe(false);
    expect(result).not.toHaveProperty("none");
  });

  test("two numbers in one cell are a fault that asks for one", () => {
    for (const raw of ["212-555-0142 / 646-555-0133", "+12125550142 +16465550133"]) {
      expect(reasonOf(normalisePhone(raw, us))).toContain("more than one number");
    }
  });

  test("without any country a number needs its prefix, and the reason says so", () => {
    expect(reasonOf(normalisePhone("(212) 555-0142"))).toContain("no country prefix");
    expect(valueOf(normalisePhone("+1 212 555 0142"))).toBe("+12125550142");
    expect(valueOf(normalisePhone("12125550142"))).toBe("+12125550142");
  });

  test("a blank, a bare vendor prefix and a placeholder are told from a mistake", () => {
    expect(["", "  ", "p:", "tel:"].map((raw) => normalisePhone(raw, us))).toEqual(
      Array(4).fill(expect.objectContaining({ ok: false, none: "blank" })),
    );
    expect(["n/a", "N/A", "-", "none", "p:n/a"].map((raw) => normalisePhone(raw, us))).toEqual(
      Array(5).fill(expect.objectContaining({ ok: false, none: "placeholder" })),
    );
  });

  test("what is told without the library, for speed, is what the library calls valid too", () => {
    const raw = fc.stringMatching(/^(p:)?(\+?1[-. ]?)?\(?[2-9]\d\d\)?[-. ]?[2-9]\d\d[-. ]?\d{4}$/);
    let normal = 0;
    fc.assert(
      fc.property(raw, fc.constantFrom("US", "CA"), (text, importCountry) => {
        const result = normalisePhone(text, { importCountry });
        if (!result.ok) return;
        normal++;
        // Of area codes younger than the library's data it knows no number at all, or only the first exchanges in use.
        const exchanges = ["222", "345", "467", "589", "600", "712", "834", "946"];
        const knowsArea = exchanges.every((exchange) =>
          isValidPhoneNumber(`${result.value.slice(0, 5)}${exchange}0142`),
        );
        expect(isValidPhoneNumber(result.value) || !knowsArea).toBe(true);
        expect(result.value.slice(-10)).toBe(text.replace(/\D/g, "").slice(-10));
      }),
      { numRuns: 2_000 },
    );
    expect(normal).toBeGreaterThan(1_000);
  });

  test("what is normal stays as it is under any countries, over a thousand random numbers of all countries", () => {
    const country = fc.option(fc.constantFrom(...getCountries()), { nil: undefined });
    const countries = fc.record({ rowCountry: country, importCountry: country, workspaceCountry: country });
    const digits = fc.stringMatching(/^\d{4,13}$/);
    const raw = fc.oneof(
      digits,
      digits.map((each) => `+${each}`),
      digits.map((each) => `p:+1${each}`),
      fc
        .tuple(fc.constantFrom(...getCountries()), fc.stringMatching(/^\d{7,11}$/))
        .map(([of, each]) => `+${getCountryCallingCode(of)} (0)${each}`),
      fc.stringMatching(/^\(?[2-9]\d\d\)?[-. ]?\d{3}[-. ]\d{4}$/),
      fc.stringMatching(/^(\+|00|0)?[\d ()./-]{6,18}$/),
      fc.string(),
    );
    let normal = 0;
    fc.assert(
      fc.property(raw, countries, countries, (text, first, second) => {
        const once = normalisePhone(text, first);
        if (!once.ok) return;
        normal++;
        expect(once.value).toMatch(/^\+[1-9]\d{4,14}$/);
        expect(normalisePhone(once.value, second)).toEqual(once);
      }),
      { numRuns: 5_000 },
    );
    expect(normal).toBeGreaterThan(500);
  });
});

describe("LinkedIn pages", () => {
  test.each([
    ["https://www.linkedin.com/in/ana-banerjee-12ab/", "https://www.linkedin.com/in/ana-banerjee-12ab"],
    ["http://de.linkedin.com/in/Ana-Banerjee-12AB/en?trk=x#top", "https://www.linkedin.com/in/ana-banerjee-12ab"],
    ["linkedin.com/in/ana", "https://www.linkedin.com/in/ana"],
    ["//m.linkedin.com/in/ana", "https://www.linkedin.com/in/ana"],
    ["in/ana", "https://www.linkedin.com/in/ana"],
    ["/in/ana/", "https://www.linkedin.com/in/ana"],
    ["ana-banerjee", "https://www.linkedin.com/in/ana-banerjee"],
    ["https://www.linkedin.com/in/jos%C3%A9-ruiz", "https://www.linkedin.com/in/jos%C3%A9-ruiz"],
    ["https://www.linkedin.com/in/josé-ruiz", "https://www.linkedin.com/in/jos%C3%A9-ruiz"],
    ["https://www.linkedin.com/in/ACoAABcD12x", "https://www.linkedin.com/in/ACoAABcD12x"],
  ])("%s is %s", (raw, value) => {
    expect(normaliseLinkedIn(raw)).toEqual({ ok: true, value });
  });

  test.each([
    "https://www.linkedin.com/company/kestrel",
    "https://www.linkedin.com/sales/lead/ACwAAA",
    "https://www.linkedin.com/in/",
    "https://www.linkedin.com/ana",
    "https://example.com/in/ana",
    "https://linkedin.com.example.com/in/ana",
    "https://www.linkedin.com/in/%E9",
    "Ana Banerjee",
    "x",
  ])("%s is refused", (raw) => {
    expect(normaliseLinkedIn(raw).ok).toBe(false);
  });

  test("what is normal stays as it is, over a thousand random pages", () => {
    const slug = fc.string({ unit: "grapheme", minLength: 2, maxLength: 30 });
    const raw = fc.oneof(
      slug,
      slug.map((each) => `https://www.linkedin.com/in/${encodeURIComponent(each)}`),
      fc.stringMatching(/^[A-Za-z0-9-]{2,40}$/).map((each) => `in/${each}`),
    );
    fc.assert(
      fc.property(raw, (text) => {
        const once = normaliseLinkedIn(text);
        if (once.ok) expect(normaliseLinkedIn(once.value)).toEqual(once);
      }),
      { numRuns: 1_000 },
    );
  });
});
