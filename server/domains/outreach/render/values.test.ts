import { describe, expect, test } from "vitest";

import { parseTemplate, renderTemplate, unknownVariables } from "./liquid.ts";
import { type MessageValues, STANDARD_VARIABLES, knownVariables, scopeOf } from "./values.ts";

const values: MessageValues = {
  lead: {
    firstName: "Ada",
    lastName: "Lindqvist",
    email: "ada@lead.example",
    phone: "+12125550142",
    company: "Norrsken AB",
    jobTitle: "Buyer",
    timeZone: "Europe/Stockholm",
    city: "Umeå",
    region: "Västerbotten",
    country: "SE",
    custom: { plan: "gold", seats: 0, trial: false, tags: ["a", "b"], blank: " ", nothing: null, nested: { deep: 1 } },
  },
  sender: { name: "Noor", email: "noor@studio.example" },
  workspace: { name: "Studio Noor", postalAddress: "1 Harbour Road" },
  campaign: { name: "Spring" },
  links: { unsubscribeUrl: "https://studio.example/u/1" },
};

const render = (source: string, given: MessageValues = values) =>
  renderTemplate(parseTemplate(source, "text"), scopeOf(given));

describe("what a script may name", () => {
  test("has a value for a lead that has everything, at the top and under lead", () => {
    for (const name of STANDARD_VARIABLES) expect(render(`{{ ${name} }}`), name).toMatchObject({ ok: true });
    expect(render("{{ firstName }} {{ lead.company }}")).toEqual({ ok: true, text: "Ada Norrsken AB" });
  });

  test("does not hold the notes, the status or the id of a lead", () => {
    expect(unknownVariables("{{ notes }} {{ lead.notes }} {{ lead.status }} {{ id }}", knownVariables())).toHaveLength(
      4,
    );
  });

  test("holds custom fields by key, numbers and booleans and lists among them", () => {
    expect(
      render('{{ custom.plan }} {{ custom.seats }} {{ custom.trial }} {{ lead.custom.tags | join: "/" }}'),
    ).toEqual({
      ok: true,
      text: "gold 0 false a/b",
    });
    expect(unknownVariables("{{ custom.plan }}{{ custom.x }}", knownVariables(["plan"]))).toEqual(["custom.x"]);
    expect(unknownVariables("{{ lead.custom.x }}", knownVariables(["*"]))).toEqual([]);
  });
});

test("what is blank, null or no plain value is missing", () => {
  expect(render("{{ custom.blank }}{{ custom.nothing }}{{ custom.nested }}")).toEqual({
    ok: false,
    missing: ["custom.blank", "custom.nothing", "custom.nested"],
  });
  expect(render("{{ campaign.name }}", { ...values, campaign: null })).toEqual({
    ok: false,
    missing: ["campaign.name"],
  });
});

test("the full name is made of first and last when there is none", () => {
  expect(render("{{ fullName }}")).toEqual({ ok: true, text: "Ada Lindqvist" });
  expect(render("{{ fullName }}", { ...values, lead: { firstName: "", lastName: "Lindqvist" } })).toEqual({
    ok: true,
    text: "Lindqvist",
  });
  expect(render("{{ fullName }}", { ...values, lead: { firstName: "", lastName: " " } })).toEqual({
    ok: false,
    missing: ["fullName"],
  });
  expect(
    render("{{ fullName }}", { ...values, lead: { firstName: "A", lastName: "L", fullName: "Dr Ada L" } }),
  ).toEqual({ ok: true, text: "Dr Ada L" });
});
