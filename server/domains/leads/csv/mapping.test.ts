import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  LEAD_FIELDS,
  looksHeaderless,
  metaKeys,
  proposeCountry,
  proposeMapping,
  whyNotMapping,
  type ColumnMapping,
} from "./mapping.ts";

/** The proposed fields in the order of the columns; a kept column as `meta.<key>`. */
const fieldsOf = (headers: string[], rows: string[][] = []) =>
  proposeMapping(headers, rows).map(({ field, metaKey }) => (field === "meta" ? `meta.${metaKey}` : field));

describe("proposing a mapping by headers", () => {
  test.each([
    ["English", ["First Name", "Last Name", "E-mail address", "Mobile", "Company", "Job title", "Country", "Tags"]],
    ["German", ["Vorname", "Nachname", "E-Mail", "Telefonnummer", "Firma", "Funktion", "Land", "Schlagwörter"]],
    ["French", ["Prénom", "Nom", "Adresse e-mail", "Téléphone", "Société", "Poste", "Pays", "Étiquettes"]],
    ["Spanish", ["Nombre", "Apellidos", "Correo electrónico", "Teléfono", "Empresa", "Cargo", "País", "Etiquetas"]],
    ["Portuguese", ["Nome", "Sobrenome", "E-mail", "Celular", "Nome da empresa", "Cargo", "País", "Etiquetas"]],
    ["Italian", ["Nome", "Cognome", "Indirizzo email", "Cellulare", "Azienda", "Ruolo", "Paese", "Etichette"]],
    ["Dutch", ["Voornaam", "Achternaam", "E-mailadres", "Telefoonnummer", "Bedrijf", "Functie", "Land", "Trefwoorden"]],
  ])("headers in %s are understood", (_, headers) => {
    expect(fieldsOf(headers)).toEqual([
      "firstName",
      "lastName",
      "email",
      "phone",
      "company",
      "jobTitle",
      "country",
      "tags",
    ]);
  });

  test("a bare “name” is what its neighbours leave: the whole, the family name or the first name", () => {
    expect(fieldsOf(["Name", "Email"])).toEqual(["fullName", "email"]);
    expect(fieldsOf(["Vorname", "Name"])).toEqual(["firstName", "lastName"]);
    expect(fieldsOf(["Nom", "Prénom"])).toEqual(["lastName", "firstName"]);
    expect(fieldsOf(["Nome", "Cognome"])).toEqual(["firstName", "lastName"]);
    expect(fieldsOf(["Name", "First name", "Last name"])).toEqual(["fullName", "firstName", "lastName"]);
  });

  test("a field is given once, to the column that fits best, and the rest is kept beside it", () => {
    const rows = [["", "ana@example.com", "jo@example.com"]];
    expect(fieldsOf(["Email", "Work Email", "Email (2)"], rows)).toEqual(["meta.email", "email", "meta.email_2"]);
  });

  test("an unknown column is kept under its own name, a blank and empty one is left out", () => {
    expect(
      fieldsOf(["email", "What is your biggest goal?", "Größe", "", ""], [["a@b.example", "x", "y", "z", ""]]),
    ).toEqual(["email", "meta.what_is_your_biggest_goal", "meta.grosse", "meta.column_4", "ignore"]);
  });
});

describe("proposing a mapping by what the cells hold", () => {
  test("addresses are recognised under headers that say nothing", () => {
    const rows = [
      ["ana@example.com", "+49 30 23125 801", "https://www.linkedin.com/in/ana-b", "America/New_York", "77"],
      ["jo@example.com", "(212) 555-0142", "https://linkedin.com/in/jo-x", "Europe/London", "78"],
    ];
    expect(fieldsOf(["A", "B", "C", "D", "E"], rows)).toEqual(["email", "phone", "linkedin", "timeZone", "meta.e"]);
  });

  test("a header that the cells contradict is not believed, and the reason names a value", () => {
    const headers = ["Email", "Phone", "Status", "Country", "Created at", "ID"];
    const rows = [
      ["yes", "none yet", "CREATED", "everywhere", "soon", "7"],
      ["no", "none yet", "complete", "nowhere", "later", "7"],
    ];
    expect(fieldsOf(headers, rows).every((field) => field.startsWith("meta."))).toBe(true);
    expect(proposeMapping(headers, rows)[2]?.why).toBe(
      "The header suggests “Status”, but values such as “CREATED” do not fit.",
    );
  });

  test("a few bad cells do not unsettle a column", () => {
    const rows = [["ana@example.com"], ["not-an-email"], ["jo@example.com"], [""]];
    expect(fieldsOf(["Email"], rows)).toEqual(["email"]);
  });

  test("ids of other things, and bare numbers, are no phone and no id of the person", () => {
    const rows = [
      ["120210000001", "120210000002", "4155550123", "l:900000000000000"],
      ["120210000001", "120210000002", "4155550124", "l:900000000000001"],
    ];
    expect(fieldsOf(["ad_id", "campaign_id", "order", "id"], rows)).toEqual([
      "meta.ad_id",
      "meta.campaign_id",
      "meta.order",
      "externalId",
    ]);
  });

  test("another system's pipeline stage stays beside the status, though its customers look converted", () => {
    const rows = [
      ["Customer", "Customer"],
      ["Lead", "Lead"],
    ];
    expect(fieldsOf(["Lifecycle Stage", "Lead Status"], rows)).toEqual(["meta.lifecycle_stage", "status"]);
  });

  test("“Estado” is a status where its words are one, and a region where not", () => {
    expect(fieldsOf(["Estado"], [["Nuevo"], ["Contactado"]])).toEqual(["status"]);
    expect(fieldsOf(["Estado"], [["Jalisco"], ["Oaxaca"]])).toEqual(["region"]);
  });

  test("the order of days and months is taken from the column when one of its dates tells", () => {
    expect(proposeMapping(["Created"], [["3/4/2026"], ["4/25/2026"]])[0]).toMatchObject({
      field: "createdAt",
      dateOrder: "mdy",
    });
    expect(proposeMapping(["Created"], [["3/4/2026"]])[0]).not.toHaveProperty("dateOrder");
  });
});

describe("any proposal", () => {
  test("covers every column once, in order, gives no field twice, and can be used as it is or says why not", () => {
    const header = fc.oneof(
      fc.string(),
      fc.constantFrom("email", "E-Mail", "Name", "Vorname", "phone", "Status", "raw", "id", "ID", "Land", "Notes", ""),
    );
    const cell = fc.oneof(fc.string(), fc.constantFrom("", "a@b.example", "+12125550142", "Customer", "2026-01-01"));
    fc.assert(
      fc.property(
        fc.array(header, { minLength: 1, maxLength: 12 }),
        fc.array(fc.array(cell, { maxLength: 12 }), { maxLength: 5 }),
        (headers, rows) => {
          const mapping = proposeMapping(headers, rows);
          expect(mapping.map(({ column }) => column)).toEqual(headers.map((_, index) => index));
          const once = mapping.map(({ field }) => field).filter((field) => field !== "meta" && field !== "ignore");
          expect(new Set(once).size).toBe(once.length);
          const known = new Set<string>(LEAD_FIELDS.map(({ field }) => field));
          for (const { field, confidence, why } of mapping) {
            expect(known.has(field)).toBe(true);
            expect(confidence).toBeGreaterThan(0);
            expect(confidence).toBeLessThanOrEqual(1);
            expect(why).toMatch(/\.$/);
          }
          const reasons = whyNotMapping(mapping, headers).filter((reason) => !reason.startsWith("No column gives"));
          expect(reasons).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("keeps columns under keys that differ and leave `raw` free", () => {
    expect(metaKeys(["Goal?", "goal", "GOAL 2", "raw", "", "日本"])).toEqual([
      "goal",
      "goal_2",
      "goal_2_2",
      "raw_2",
      "column_5",
      "日本",
    ]);
  });
});

const column = (index: number, field: ColumnMapping["field"], metaKey?: string): ColumnMapping => ({
  column: index,
  header: `h${index}`,
  field,
  metaKey,
});

describe("a mapping that a person made", () => {
  const headers = ["h0", "h1", "h2"];

  test("is refused in sentences when it cannot work", () => {
    expect(whyNotMapping([column(0, "email"), column(1, "meta", "goal")], headers)).toEqual([]);
    expect(whyNotMapping([column(0, "email"), column(1, "email")], headers)).toEqual([
      "Two columns are mapped to “E-mail”; one can be.",
    ]);
    expect(whyNotMapping([column(0, "email"), column(0, "phone"), column(7, "notes")], headers)).toEqual([
      "Column 1 is mapped twice.",
      "There is no column 8; the file has 3.",
    ]);
    expect(whyNotMapping([column(0, "email"), column(1, "meta", "x"), column(2, "meta", "x")], headers)).toHaveLength(
      1,
    );
    expect(whyNotMapping([column(0, "email"), column(1, "meta", "raw")], headers)).toHaveLength(1);
    expect(whyNotMapping([column(0, "notes"), column(1, "ignore")], headers)).toEqual([
      "No column gives a name or an address, so no row could become a lead.",
    ]);
  });
});

describe("what else the file gives away", () => {
  test("a first row that holds an address is no header", () => {
    expect(looksHeaderless(["Ana", "Banerjee", "ana@example.com"])).toBe(true);
    expect(looksHeaderless(["Ana", "+49 30 23125 801"])).toBe(true);
    expect(looksHeaderless(["First Name", "Email", "Phone 1", "Q3 2026"])).toBe(false);
  });

  test("the country of national numbers is that of most numbers with a prefix, if the others are numbers there", () => {
    const mapping: ColumnMapping[] = [{ column: 0, header: "Telefon", field: "phone" }];
    const country = (...numbers: string[]) =>
      proposeCountry(
        mapping,
        numbers.map((number) => [number]),
      );
    expect(country("+49 (0)30 23125-937", "030 23125 759", "030 23125 090")).toBe("DE");
    expect(country("+1 212 555 0142", "(212) 555-0103", "+44 20 7946 0234")).toBe("US");
    expect(country("+49 30 23125 937", "212-555-0142", "305-555-0142", "0", "n/a")).not.toBe("US");
    expect(country("+44 20 7946 0234", "555")).toBe("GB");
    expect(country("030 23125 759")).toBeUndefined();
    expect(country()).toBeUndefined();
  });
});
