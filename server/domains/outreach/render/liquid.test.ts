import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type Target, parseTemplate, renderTemplate, unknownVariables, variablesOf } from "./liquid.ts";

const render = (source: string, values: object = {}, target: Target = "text") =>
  renderTemplate(parseTemplate(source, target), values);
const text = (source: string, values: object = {}, target: Target = "text") => {
  const outcome = render(source, values, target);
  return outcome.ok ? outcome.text : expect.fail(JSON.stringify(outcome));
};

describe("a value", () => {
  test("stands in text as it is, and in HTML escaped", () => {
    const values = { lastName: "O'$& <b>" };
    expect(text("{{ lastName }}", values)).toBe("O'$& <b>");
    expect(text("{{ lastName }}", values, "html")).toBe("O&#39;$&amp; &lt;b&gt;");
    expect(text('<a title="{{ lastName }}">', { lastName: '"><script>' }, "html")).toBe(
      '<a title="&#34;&gt;&lt;script&gt;">',
    );
  });

  test("is never read as a template, however it is written", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(text("a{{ x }}b", { x: value })).toBe(`a${value}b`);
        expect(text("{{ x }}", { x: value }, "html")).not.toMatch(/[<>"']/);
      }),
    );
    expect(text("{{ x }}", { x: "{{ secret }}", secret: 1 })).toBe("{{ secret }}");
  });

  test("comes only from what was given, not from what objects inherit", () => {
    for (const name of ["constructor", "toString", "lead.__proto__", "lead.constructor"]) {
      expect(render(`{{ ${name} }}`, { lead: {} })).toEqual({ ok: false, missing: [name] });
    }
  });
});

describe("a missing value", () => {
  test("is listed by name, with all others that are missing, each once", () => {
    expect(render("{{ a }} {{ b.c }} {{ a }} {{ d.e.f }} {{ ok }}", { ok: 1, d: {} })).toEqual({
      ok: false,
      missing: ["a", "b.c", "d.e.f"],
    });
  });

  test.each([
    ['{{ a | default: "there" }}', "there"],
    ['{{ a | capitalize | default: "there" }}', "there"],
    ['{{ a | strip | upcase | default: "x" | append: "!" }}', "x!"],
    ["{% if a %}yes{% else %}no{% endif %}", "no"],
    ["{% unless a %}no{% endunless %}", "no"],
    ["{% if a.b == 'x' %}yes{% endif %}-", "-"],
    ['{% assign n = a | default: "you" %}{{ n }}', "you"],
    ["{% case a %}{% when 'x' %}x{% else %}other{% endcase %}", "other"],
    ['{% if ok %}{{ a | downcase | default: "deep" }}{% endif %}', "deep"],
  ])("is no fault in %s", (source, expected) => {
    expect(text(source, { ok: true })).toBe(expected);
  });

  test("is a fault as a default, behind a filter that adds to it, and in an argument", () => {
    expect(render("{{ ok | default: a }}", { ok: "" })).toEqual({ ok: false, missing: ["a"] });
    expect(render('{{ a | append: "!" | default: "x" }}')).toEqual({ ok: false, missing: ["a"] });
    expect(render('{{ "Hi " | append: a }}')).toEqual({ ok: false, missing: ["a"] });
  });

  test("is none on the way that is not taken", () => {
    expect(text("{% if ok %}fine{% else %}{{ a }}{% endif %}", { ok: true })).toBe("fine");
  });
});

describe("the language", () => {
  test.each([
    ['{{ "a b" | url_encode }}', "a+b"],
    ["{{ n | divided_by: 3 | round: 1 }}", "3.3"],
    ['{{ list | join: ", " }}', "a, b"],
    ['{{ day | date: "%-d %B %Y" }}', "4 March 2026"],
    ["{% comment %}note{% endcomment %}x", "x"],
  ])("knows %s", (source, expected) => {
    expect(text(source, { n: 10, list: ["a", "b"], day: "2026-03-04" })).toBe(expected);
  });

  test.each([
    "{% include 'a' %}",
    "{% render 'a' %}",
    "{% layout 'a' %}",
    "{% for x in list %}{% endfor %}",
    "{% tablerow x in list %}{% endtablerow %}",
    "{% raw %}{% endraw %}",
    "{% increment n %}",
    "{{ x | raw }}",
    "{{ x | escape }}",
    "{{ x | json }}",
    "{{ x | sha256 }}",
    "{{ x | nonsense }}",
    "{% if x %}",
    "{{ x",
    "{{ x | }} {{",
  ])("refuses %s before anything is sent", (source) => {
    expect(() => parseTemplate(source, "text")).toThrow(/line:1/);
  });

  test("has no clock", () => {
    for (const word of ["now", "today"]) {
      expect(render(`{{ "${word}" | date: "%Y" }}`)).toMatchObject({
        ok: false,
        missing: [],
        error: expect.stringContaining(word),
      });
    }
  });

  test("stops a template that would fill the memory", () => {
    const doubling = `{% assign x = "${"a".repeat(1_000)}" %}${"{% assign x = x | append: x %}".repeat(30)}{{ x }}`;
    expect(render(doubling)).toMatchObject({ ok: false, error: expect.stringContaining("memory") });
  });
});

describe("the variables of a template", () => {
  test("are those it does not assign itself, each once, as written", () => {
    const source =
      '{{ firstName | default: custom.x }} {% assign q = company %}{{ q }} {{ firstName }} {% if a.b == c %}{{ lead["email"] }}{% endif %}';
    expect(variablesOf(source).sort()).toEqual(["a.b", "c", "company", "custom.x", "firstName", "lead.email"]);
  });

  test("that nobody knows are named, and 'custom.*' knows every custom field", () => {
    expect(unknownVariables("{{ firstName }} {{ fristName }} {{ custom.plan }}", ["firstName", "custom.plan"])).toEqual(
      ["fristName"],
    );
    expect(unknownVariables("{{ custom.plan }} {{ custom.a.b }} {{ custom }}", ["custom.*"])).toEqual([
      "custom.a.b",
      "custom",
    ]);
  });

  test("that are only known at run time are unknown", () => {
    expect(unknownVariables("{{ custom[firstName] }}", ["firstName", "custom.*"])).toEqual(["custom[…]"]);
  });
});
