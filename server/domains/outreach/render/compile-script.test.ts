import { describe, expect, test } from "vitest";

import { type ScriptSource, compileScript, scriptFaults } from "./compile-script.ts";
import { knownVariables } from "./values.ts";

const known = knownVariables(["plan"]);
const voice = { firstMessage: "Hello {{ firstName }}", instructions: "You are Alex." };
const faultsOf = (script: ScriptSource) => scriptFaults(script, known).map(({ code, detail }) => `${code}: ${detail}`);

describe("a script", () => {
  test.each<ScriptSource>([
    { type: "SMS", content: 'Hi {{ firstName | default: "there" }}, {{ custom.plan }}' },
    { type: "EMAIL", subject: "Hi {{ firstName }}", preheader: null, content: "**Hello**", format: "markdown" },
    { type: "EMAIL", subject: "Hi", preheader: "{{ company }}", content: "<p>{{ sender.name }}</p>", format: "html" },
    { type: "CALL", content: null, vapiConfig: voice },
  ])("that is complete has no fault: %#", (script) => {
    expect(faultsOf(script)).toEqual([]);
    expect(compileScript(script).ok).toBe(true);
  });

  test.each<[ScriptSource, string[]]>([
    [{ type: "SMS", content: "  " }, ["no_content: it has no text"]],
    [{ type: "EMAIL", subject: "", content: null }, ["no_subject: it has no subject", "no_content: it has no body"]],
    [{ type: "CALL", content: "Hello" }, ["bad_voice_settings: firstMessage: ", "bad_voice_settings: instructions: "]],
    [{ type: "CALL", content: null, vapiConfig: { ...voice, speed: 2 } }, ["bad_voice_settings: "]],
    [
      { type: "SMS", content: "a\n{% if firstName %}" },
      ["bad_template: the text, line 2: “{% if firstName %}” has no end: write {% endif %} where it ends"],
    ],
    [{ type: "SMS", content: "x".repeat(200_001) }, ["too_long: the text is longer than 200000 characters"]],
  ])("that is not is told every fault: %#", (script, expected) => {
    const faults = faultsOf(script);
    expect(faults).toHaveLength(expected.length);
    for (const [index, fault] of faults.entries()) expect(fault.startsWith(expected[index] ?? "?"), fault).toBe(true);
    expect(compileScript(script).ok).toBe(false);
  });

  test("with unknown variables has each of them named with its place, by the name of the editor's field", () => {
    expect(
      faultsOf({
        type: "EMAIL",
        subject: "{{ fristName }}",
        preheader: "{{ lead.notes }}",
        content: "{{ custom.plann }} {{ fristName }}",
      }),
    ).toEqual([
      "unknown_variable: unknown variable fristName in the subject: did you mean firstName?",
      "unknown_variable: unknown variable lead.notes in the preheader",
      "unknown_variable: unknown variable custom.plann in the body: did you mean custom.plan?",
      "unknown_variable: unknown variable fristName in the body: did you mean firstName?",
    ]);
    expect(faultsOf({ type: "CALL", content: null, vapiConfig: { ...voice, instructions: "Ask {{ name }}" } })).toEqual(
      ["unknown_variable: unknown variable name in the instructions: did you mean lastName, fullName or firstName?"],
    );
  });

  test("is parsed once, and again when it has changed", () => {
    const script: ScriptSource = { type: "SMS", content: "Hi {{ firstName }}" };
    expect(compileScript({ ...script })).toBe(compileScript({ ...script }));
    expect(compileScript({ ...script, content: "Hi" })).not.toBe(compileScript(script));
    for (let index = 0; index < 600; index += 1) compileScript({ type: "SMS", content: `Text ${index}` });
    expect(compileScript(script)).toMatchObject({ ok: true, script: { type: "SMS" } });
  });
});
