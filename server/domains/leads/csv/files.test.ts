import { createReadStream } from "node:fs";
import { describe, expect, test } from "vitest";
import { proposeCountry, proposeMapping } from "./mapping.ts";
import { openCsv } from "./read.ts";
import { readRow, type LeadInput, type RowDefaults } from "./row.ts";

/** Reads a file as an import with everything proposed left as it is: the mapping and the country of its first 100 rows. */
async function importFile(name: string) {
  const path = new URL(`../../../../test/fixtures/${name}`, import.meta.url);
  // Small chunks, so that characters, line ends and quotation marks are cut.
  const opened = await openCsv(createReadStream(path, { highWaterMark: 509 }));
  if (!opened.ok) throw new Error(opened.fault.message);
  const { file } = opened;
  const rows: { line: number; cells: string[] }[] = [];
  for await (const record of file.records) {
    if (record.kind !== "row") throw new Error(record.fault.message);
    rows.push(record);
  }
  const sample = rows.slice(0, 100).map(({ cells }) => cells);
  const mapping = proposeMapping(file.header, sample);
  const country = proposeCountry(mapping, sample);
  const defaults: RowDefaults = { source: "MANUAL", country };
  const results = rows.map(({ cells }) => readRow(cells, mapping, defaults));
  return {
    file,
    rows,
    mapping,
    country,
    results,
    leads: results.flatMap((result) => (result.ok ? [result.lead] : [])),
  };
}

type Person = { id: number; key?: string; addresses: Set<string>; hasEmail: boolean };
type Outcome = { created: number; updated: number; unchanged: number };

/**
 * The leads of one workspace as rule 3 makes them, with addresses alone: (source, dedupe key) → e-mail → LinkedIn → phone, the
 * last if exactly one lead has it and that lead or the row has no e-mail. A row's key is remembered even where its lead was
 * found otherwise.
 */
function workspace() {
  const people: Person[] = [];
  const byKey = new Map<string, Person>();
  const byAddress = new Map<string, Person[]>();
  const proposals = new Set<string>();
  const holders = (address: string) => byAddress.get(address) ?? [];

  function match({ dedupeKey, identities }: LeadInput): Person | undefined {
    const keyed = byKey.get(dedupeKey ?? "");
    if (keyed) return keyed;
    for (const { kind, value } of identities) if (kind !== "PHONE" && holders(value)[0]) return holders(value)[0];
    for (const { kind, value } of identities) {
      const [only, ...others] = kind === "PHONE" ? holders(value) : [];
      if (only && others.length === 0 && !(only.hasEmail && identities.some((each) => each.kind === "EMAIL")))
        return only;
    }
    return undefined;
  }

  function upsert(lead: LeadInput): keyof Outcome {
    const found = match(lead);
    const person = found ?? { id: people.length, key: lead.dedupeKey, addresses: new Set<string>(), hasEmail: false };
    if (!found) people.push(person);
    if (lead.dedupeKey !== undefined && !byKey.has(lead.dedupeKey)) byKey.set(lead.dedupeKey, person);
    const before = person.addresses.size;
    for (const { kind, value } of lead.identities) {
      if (!person.addresses.has(value) && (kind === "PHONE" || holders(value).length === 0)) {
        person.addresses.add(value);
        byAddress.set(value, [...holders(value), person]);
        person.hasEmail ||= kind === "EMAIL";
      }
      for (const other of holders(value)) {
        if (other !== person) proposals.add([person.id, other.id].sort((one, two) => one - two).join("–"));
      }
    }
    if (!found) return "created";
    return person.addresses.size > before ? "updated" : "unchanged";
  }

  return {
    run(leads: LeadInput[]) {
      const outcome: Outcome = { created: 0, updated: 0, unchanged: 0 };
      for (const lead of leads) outcome[upsert(lead)]++;
      return { ...outcome, people: people.length, proposals: proposals.size };
    },
  };
}

const fieldsOf = (mapping: { field: string; metaKey?: string }[]) =>
  mapping.map(({ field, metaKey }) => (field === "meta" ? `meta.${metaKey}` : field));

describe("the CRM's export: UTF-8 with a mark, commas, notes over two lines", () => {
  test("600 rows on 716 lines below the header are read, the last one beginning on line 716", async () => {
    const { file, rows } = await importFile("leads-crm-export.csv");
    expect([file.encoding(), file.delimiter, rows.length, rows.at(-1)?.line]).toEqual(["utf-8", ",", 600, 716]);
  });

  test("its columns are mapped without a hand, the lifecycle stage beside the status", async () => {
    const { mapping, country } = await importFile("leads-crm-export.csv");
    expect(fieldsOf(mapping)).toEqual([
      "externalId",
      "firstName",
      "lastName",
      "email",
      "phone",
      "meta.lifecycle_stage",
      "company",
      "timeZone",
      "region",
      "country",
      "createdAt",
      "notes",
    ]);
    expect(country).toBe("US");
  });

  test("no row is refused; 20 have a fault: 11 times “not-an-email”, 9 times the phone “n/a”", async () => {
    const { results } = await importFile("leads-crm-export.csv");
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
    const faults = results.flatMap((result) => result.faults.map(({ column, value }) => `${column}: ${value}`));
    expect(faults.filter((fault) => fault.toLowerCase() === "email: not-an-email")).toHaveLength(11);
    expect(faults.filter((fault) => fault === "Phone Number: n/a")).toHaveLength(9);
    expect(faults).toHaveLength(20);
    expect(results.filter((result) => result.faults.length > 0)).toHaveLength(20);
  });

  test("545 rows have an e-mail, 571 a phone, and 19 a name alone", async () => {
    const { leads } = await importFile("leads-crm-export.csv");
    const having = (kind: string) => leads.filter(({ identities }) => identities.some((each) => each.kind === kind));
    expect([having("EMAIL").length, having("PHONE").length]).toEqual([545, 571]);
    expect(leads.filter(({ identities }) => identities.length === 0)).toHaveLength(19);
  });

  test("every phone without a prefix is one of the United States, whatever the row's country says", async () => {
    const { rows, leads } = await importFile("leads-crm-export.csv");
    const national = rows.flatMap(({ cells }, index) => (/^[(1-9]/.test(cells[4] ?? "") ? [leads[index]] : []));
    expect(national).toHaveLength(284);
    for (const lead of national) {
      const phone = lead?.identities.find(({ kind }) => kind === "PHONE");
      expect(phone?.value).toBe(`+1${phone?.raw.replace(/\D/g, "").slice(-10)}`);
    }
  });

  test("they are 566 people: 8 rows add an address to one and 26 repeat one; 127 pairs of leads share a phone", async () => {
    const { leads } = await importFile("leads-crm-export.csv");
    expect(workspace().run(leads)).toEqual({ created: 566, updated: 8, unchanged: 26, people: 566, proposals: 127 });
  });

  test("a second run creates and updates nothing, although row 10180's phone is shared by then", async () => {
    const { leads } = await importFile("leads-crm-export.csv");
    const leadsOf = workspace();
    leadsOf.run(leads);
    expect(leadsOf.run(leads)).toEqual({ created: 0, updated: 0, unchanged: 600, people: 566, proposals: 127 });
  });

  test("names keep their marks and notes their line break and emoji", async () => {
    const { leads } = await importFile("leads-crm-export.csv");
    expect(leads.find(({ externalId }) => externalId === "10099")).toMatchObject({
      firstName: "Kateryna",
      lastName: "Lee",
    });
    expect(leads.find(({ externalId }) => externalId === "10533")).toMatchObject({ lastName: "Ó'Súilleabháin" });
    expect(leads.find(({ externalId }) => externalId === "10018")?.notes).toBe(
      "Asked about pricing;\nsecond line, with comma",
    );
    expect(leads[0]?.notes).toBe("🚀 hot");
  });

  test("the vendor's zone names are read: of 451 filled cells 161 are us_slash_pacific, Los Angeles", async () => {
    const { leads } = await importFile("leads-crm-export.csv");
    const explicit = leads.filter(({ timeZone }) => timeZone?.source === "explicit");
    expect(explicit).toHaveLength(451);
    expect(explicit.filter(({ timeZone }) => timeZone?.timeZone === "America/Los_Angeles")).toHaveLength(161);
  });
});

describe("the German list: Windows-1252, semicolons, CR LF", () => {
  test("120 rows are read and mapped without a hand, its numbers as German ones", async () => {
    const { file, rows, mapping, country } = await importFile("leads-semicolon-cp1252.csv");
    expect([file.encoding(), file.delimiter, rows.length, country]).toEqual(["windows-1252", ";", 120, "DE"]);
    expect(fieldsOf(mapping)).toEqual(["firstName", "lastName", "email", "phone", "company", "source", "createdAt"]);
  });

  test("no row has a fault; each has an e-mail and a Berlin number, 62 written with a prefix and 58 without", async () => {
    const { results, leads } = await importFile("leads-semicolon-cp1252.csv");
    expect(results.flatMap(({ faults }) => faults)).toEqual([]);
    const phones = leads.map(({ identities }) => identities.find(({ kind }) => kind === "PHONE"));
    expect(phones.filter((phone) => phone?.value.match(/^\+493023125\d{3}$/))).toHaveLength(120);
    expect(phones.filter((phone) => phone?.raw.startsWith("+49 (0)30"))).toHaveLength(62);
    expect(leads.filter(({ identities }) => identities.some(({ kind }) => kind === "EMAIL"))).toHaveLength(120);
  });

  test("umlauts, the source and the German dates arrive", async () => {
    const { leads } = await importFile("leads-semicolon-cp1252.csv");
    expect(leads[0]).toMatchObject({
      firstName: "Ingrid",
      company: "Müller & Söhne GmbH",
      sourceLabel: "Messe",
      createdAt: new Date("2026-10-21T00:00:00Z"),
      timeZone: { timeZone: "Europe/Berlin", source: "phone" },
    });
    expect(leads[8]?.firstName).toBe("Ümit");
  });

  test("they are 120 people, 8 pairs of whom share a phone, and a second run changes nothing", async () => {
    const { leads } = await importFile("leads-semicolon-cp1252.csv");
    const leadsOf = workspace();
    expect(leadsOf.run(leads)).toEqual({ created: 120, updated: 0, unchanged: 0, people: 120, proposals: 8 });
    expect(leadsOf.run(leads)).toEqual({ created: 0, updated: 0, unchanged: 120, people: 120, proposals: 8 });
  });
});

describe("the ad form's export: UTF-16 LE, tabs, vendor prefixes", () => {
  test("200 rows are read and mapped without a hand, the form's own state and answers kept beside", async () => {
    const { file, rows, mapping } = await importFile("leads-ad-form-export.tsv");
    expect([file.encoding(), file.delimiter, rows.length]).toEqual(["utf-16le", "\t", 200]);
    expect(fieldsOf(mapping)).toEqual([
      "externalId",
      "createdAt",
      "meta.ad_id",
      "meta.ad_name",
      "meta.adset_id",
      "meta.adset_name",
      "meta.campaign_id",
      "meta.campaign_name",
      "meta.form_id",
      "meta.form_name",
      "meta.is_organic",
      "meta.platform",
      "meta.what_is_your_biggest_goal",
      "fullName",
      "email",
      "phone",
      "meta.lead_status",
    ]);
  });

  test("no row has a fault: 188 have a phone, and 12 a bare “p:”, which is none", async () => {
    const { results, leads } = await importFile("leads-ad-form-export.tsv");
    expect(results.flatMap(({ faults }) => faults)).toEqual([]);
    expect(leads.filter(({ identities }) => identities.some(({ kind }) => kind === "PHONE"))).toHaveLength(188);
    expect(leads.filter(({ identities }) => identities.some(({ kind }) => kind === "EMAIL"))).toHaveLength(200);
  });

  test("the first row is read as a person would", async () => {
    const { leads } = await importFile("leads-ad-form-export.tsv");
    expect(leads[0]).toMatchObject({
      externalId: "l:900000000000000",
      firstName: "Ana",
      lastName: "Banerjee",
      fullName: "Ana Banerjee",
      identities: [
        { kind: "EMAIL", value: "ana.banerjee@northlightcoaching.example" },
        { kind: "PHONE", value: "+13055550121", raw: "p:+13055550121" },
      ],
      createdAt: new Date("2026-10-22T14:16:38Z"),
      meta: { ad_name: "Video – founder story", what_is_your_biggest_goal: "grow_my_audience", lead_status: "CREATED" },
    });
  });

  test("they are 199 people, one of whom asked twice with another phone; 50 pairs share a phone; a second run changes nothing", async () => {
    const { leads } = await importFile("leads-ad-form-export.tsv");
    const leadsOf = workspace();
    expect(leadsOf.run(leads)).toEqual({ created: 199, updated: 1, unchanged: 0, people: 199, proposals: 50 });
    expect(leadsOf.run(leads)).toEqual({ created: 0, updated: 0, unchanged: 200, people: 199, proposals: 50 });
  });
});
