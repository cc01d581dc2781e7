import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { metaKeys, type ColumnMapping, type LeadField } from "./mapping.ts";
import { readRow, type LeadInput, type RowDefaults, type RowResult } from "./row.ts";

/** A mapping of these headers, in order; the header of a field is its name. */
function mappingOf(...fields: LeadField[]): ColumnMapping[] {
  const headers = fields.map((field, index) => (field === "meta" ? `Goal ${index}` : field));
  const keys = metaKeys(headers);
  return fields.map((field, column) => ({ column, header: headers[column] ?? "", field, metaKey: keys[column] }));
}
const defaults: RowDefaults = { source: "MANUAL", country: "US" };

function row(cells: Partial<Record<LeadField, string>>, given: Partial<RowDefaults> = {}): RowResult {
  const fields = LEAD_KEYS.filter((field) => field in cells);
  return readRow(
    fields.map((field) => cells[field] ?? ""),
    mappingOf(...fields),
    { ...defaults, ...given },
  );
}
const LEAD_KEYS: LeadField[] = [
  "externalId",
  "firstName",
  "lastName",
  "fullName",
  "email",
  "phone",
  "linkedin",
  "company",
  "notes",
  "tags",
  "status",
  "source",
  "timeZone",
  "region",
  "country",
  "createdAt",
  "meta",
];

function leadOf(result: RowResult): LeadInput {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.faults)}`);
  return result.lead;
}

const phoneOf = (result: RowResult) => leadOf(result).identities[0]?.value;
const zoneFor = (cells: Partial<Record<LeadField, string>>) => leadOf(row({ firstName: "Ana", ...cells })).timeZone;
const createdAt = (text: string, given: Partial<RowDefaults>) =>
  leadOf(row({ firstName: "Ana", createdAt: text }, given)).createdAt?.toISOString();
const keyOf = (fields: LeadField[], cells: string[]) =>
  leadOf(readRow(cells, mappingOf(...fields), defaults)).dedupeKey;

describe("reading a row into a lead", () => {
  test("every field arrives in its normal form, with what was given beside it where that differs", () => {
    const result = row({
      externalId: "10012",
      firstName: "  Kateryna ",
      lastName: "Ó'Súilleabháin",
      email: " KATERYNA@Example.COM ",
      phone: "p:+12125550142",
      linkedin: "de.linkedin.com/in/Kateryna",
      company: 'Blue Fox "Media"',
      notes: "first line\nsecond",
      tags: "hot; Berlin, HOT | new",
      status: "Contacted",
      source: "Messe",
      timeZone: "us_slash_pacific",
      region: "NY",
      country: "Germany",
      createdAt: "2026-10-22T09:16:38-05:00",
      meta: "grow my audience",
    });
    expect(result).toMatchObject({ ok: true, faults: [] });
    expect(leadOf(result)).toEqual({
      source: "MANUAL",
      sourceLabel: "Messe",
      externalId: "10012",
      firstName: "Kateryna",
      lastName: "Ó'Súilleabháin",
      identities: [
        { kind: "EMAIL", value: "kateryna@example.com", raw: " KATERYNA@Example.COM " },
        { kind: "LINKEDIN", value: "https://www.linkedin.com/in/kateryna", raw: "de.linkedin.com/in/Kateryna" },
        { kind: "PHONE", value: "+12125550142", raw: "p:+12125550142" },
      ],
      company: 'Blue Fox "Media"',
      notes: "first line\nsecond",
      tags: ["hot", "Berlin", "new"],
      status: "CONTACTED",
      timeZone: { timeZone: "America/Los_Angeles", source: "explicit" },
      region: "NY",
      country: "DE",
      createdAt: new Date("2026-10-22T14:16:38Z"),
      meta: { goal_15: "grow my audience" },
      raw: {
        email: " KATERYNA@Example.COM ",
        phone: "p:+12125550142",
        linkedin: "de.linkedin.com/in/Kateryna",
        status: "Contacted",
        timeZone: "us_slash_pacific",
        country: "Germany",
        createdAt: "2026-10-22T09:16:38-05:00",
      },
      dedupeKey: "id:10012",
    });
  });

  test("nothing is kept raw where reading changed nothing", () => {
    expect(leadOf(row({ email: "ana@example.com", phone: "+12125550142", country: "US", status: "NEW" })).raw).toEqual(
      {},
    );
  });

  test("a full name is split and kept, unless the row has the parts", () => {
    expect(leadOf(row({ fullName: "Jo de la Cruz" }))).toMatchObject({
      firstName: "Jo",
      lastName: "de la Cruz",
      fullName: "Jo de la Cruz",
    });
    expect(leadOf(row({ firstName: "Jo", lastName: "Cruz", fullName: "Jo de la Cruz" }))).toMatchObject({
      firstName: "Jo",
      lastName: "Cruz",
      fullName: "Jo de la Cruz",
    });
  });

  test("the row's country reads its phone before the import's does", () => {
    expect(phoneOf(row({ phone: "030 23125 759", country: "Deutschland" }))).toBe("+493023125759");
    expect(phoneOf(row({ phone: "030 23125 759" }, { country: "DE" }))).toBe("+493023125759");
    expect(phoneOf(row({ phone: "030 23125 759" }, { country: undefined, workspaceCountry: "DE" }))).toBe(
      "+493023125759",
    );
    expect(phoneOf(row({ phone: "(212) 555-0142" }))).toBe("+12125550142");
  });

  test("the zone follows field, phone, region and country, and is left open where only the workspace could say", () => {
    expect(zoneFor({ timeZone: "Europe/Paris", phone: "+12125550142" })).toEqual({
      timeZone: "Europe/Paris",
      source: "explicit",
    });
    expect(zoneFor({ phone: "+12125550142", region: "CA" })).toEqual({ timeZone: "America/New_York", source: "phone" });
    expect(zoneFor({ region: "CA" })).toEqual({ timeZone: "America/Los_Angeles", source: "region" });
    expect(zoneFor({ country: "GB" })).toEqual({ timeZone: "Europe/London", source: "country" });
    expect(zoneFor({ country: "US" })).toBeUndefined();
  });

  test("dates without an offset are read by the import's clock, and by the column's or the country's order", () => {
    expect(createdAt("2026-08-01 12:27", {})).toBe("2026-08-01T12:27:00.000Z");
    expect(createdAt("2026-08-01 12:27", { timeZone: "America/New_York" })).toBe("2026-08-01T16:27:00.000Z");
    expect(createdAt("3/4/2026", { country: "US" })).toBe("2026-03-04T00:00:00.000Z");
    expect(createdAt("3/4/2026", { country: "GB" })).toBe("2026-04-03T00:00:00.000Z");
  });
});

describe("faults", () => {
  test("a wrong address beside a right one is a fault of its cell, and the lead stands", () => {
    const result = row({ firstName: "Dana", email: "not-an-email", phone: "(305) 555-0141" });
    expect(leadOf(result).identities.map(({ kind }) => kind)).toEqual(["PHONE"]);
    expect(result.faults).toEqual([
      { column: "email", value: "not-an-email", reason: expect.stringContaining("not an e-mail address") },
    ]);
    expect(leadOf(result).raw).toMatchObject({ email: "not-an-email" });
  });

  test("a wrong address with no right one beside it refuses the row, name or not", () => {
    for (const cells of [{ email: "not-an-email" }, { firstName: "Dana", phone: "1.2125550142E+10" }]) {
      const result = row(cells);
      expect(result.ok).toBe(false);
      expect(result.faults).toHaveLength(1);
      expect(result.raw).toEqual(Object.values(cells));
    }
  });

  test("a placeholder is told, and never costs a row that has a name", () => {
    const result = row({ firstName: "Ana", email: "n/a", phone: "-" });
    expect(result).toMatchObject({ ok: true, faults: [{ column: "email" }, { column: "phone" }] });
  });

  test("a bare vendor prefix is a blank cell and no fault", () => {
    expect(row({ firstName: "Ana", phone: "p:" })).toMatchObject({
      ok: true,
      faults: [],
      lead: { identities: [], raw: {} },
    });
  });

  test("a row needs a name or an address: placeholders and other fields are neither", () => {
    for (const cells of [
      { company: "Kestrel" },
      { firstName: "n/a", lastName: "-" },
      { externalId: "7", notes: "x" },
    ]) {
      expect(row(cells)).toMatchObject({
        ok: false,
        faults: [{ column: "", reason: "The row has neither a name nor an e-mail, phone or LinkedIn address." }],
      });
    }
    expect(row({ lastName: "Xu" }).ok).toBe(true);
    expect(row({ phone: "+12125550142" }).ok).toBe(true);
  });

  test("a status, country, zone or date that is none is a fault of its cell and leaves the field open", () => {
    const result = row({
      firstName: "Ana",
      status: "CREATED",
      country: "Atlantis",
      timeZone: "lunch",
      createdAt: "soon",
    });
    expect(new Map(result.faults.map(({ column, value }) => [column, value]))).toEqual(
      new Map([
        ["country", "Atlantis"],
        ["createdAt", "soon"],
        ["status", "CREATED"],
        ["timeZone", "lunch"],
      ]),
    );
    const lead = leadOf(result);
    expect([lead.status, lead.country, lead.timeZone, lead.createdAt]).toEqual(Array(4).fill(undefined));
    expect(lead.raw).toEqual({ status: "CREATED", country: "Atlantis", timeZone: "lunch", createdAt: "soon" });
  });

  test("text that is too long is a fault, and is not cut", () => {
    const result = row({ firstName: "Ana", company: "x".repeat(501), notes: "y".repeat(20_000) });
    expect(result.faults).toEqual([
      expect.objectContaining({ column: "company", reason: "The text is longer than 500 characters." }),
    ]);
    expect(leadOf(result).notes).toHaveLength(20_000);
    expect(leadOf(result)).not.toHaveProperty("company");
  });

  test("a column without a header is named by its place", () => {
    const mapping: ColumnMapping[] = [
      { column: 0, header: "Name", field: "fullName" },
      { column: 1, header: "", field: "status" },
    ];
    expect(readRow(["Ana Xu", "?"], mapping, defaults).faults[0]?.column).toBe("Column 2");
  });
});

describe("the key that tells a row on a rerun", () => {
  test("is the other system's id where there is one, and needless where an e-mail or LinkedIn page tells", () => {
    expect(leadOf(row({ externalId: "7", firstName: "Ana" })).dedupeKey).toBe("id:7");
    expect(leadOf(row({ email: "ana@example.com", phone: "+12125550142" }))).not.toHaveProperty("dedupeKey");
    expect(leadOf(row({ linkedin: "in/ana" }))).not.toHaveProperty("dedupeKey");
  });

  test("is the same for the same row, whatever the order of columns, blanks around cells or columns left out", () => {
    const first = keyOf(["firstName", "lastName", "company"], ["Ana", "Xu", "Kestrel"]);
    expect(first).toMatch(/^row:[0-9a-f]{32}$/);
    expect(keyOf(["company", "lastName", "firstName"], ["Kestrel ", " Xu", "Ana"])).toBe(first);
    expect(keyOf(["firstName", "lastName", "company", "ignore"], ["Ana", "Xu", "Kestrel", "exported today"])).toBe(
      first,
    );
    expect(keyOf(["firstName", "lastName", "company"], ["Ana", "Xu", "Oak"])).not.toBe(first);
    expect(keyOf(["firstName", "lastName", "company"], ["Xu", "Ana", "Kestrel"])).not.toBe(first);
  });

  test("tells rows of a phone alone apart by all they say, since a phone may be shared", () => {
    const one = leadOf(row({ firstName: "Ana", phone: "+12125550142" })).dedupeKey;
    const two = leadOf(row({ firstName: "Jo", phone: "+12125550142" })).dedupeKey;
    expect(one).toMatch(/^row:/);
    expect(two).not.toBe(one);
  });
});

describe("any row whatever", () => {
  test("is read without an exception, into the same lead each time, with a fault wherever it is refused", () => {
    const cell = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom(
        "",
        "n/a",
        "p:",
        "p:+12125550142",
        "a@b.example",
        "Germany",
        "=1+1",
        "1.2E+10",
        "Berg, Anna van der",
      ),
    );
    fc.assert(
      fc.property(fc.array(cell, { minLength: LEAD_KEYS.length, maxLength: LEAD_KEYS.length }), (cells) => {
        const mapping = mappingOf(...LEAD_KEYS);
        const once = readRow(cells, mapping, defaults);
        expect(readRow(cells, mapping, defaults)).toEqual(once);
        expect(once.raw).toEqual(cells);
        if (!once.ok) expect(once.faults.length).toBeGreaterThan(0);
        else {
          const { firstName, lastName, identities } = once.lead;
          expect(firstName !== "" || lastName !== "" || identities.length > 0).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
