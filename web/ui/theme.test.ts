import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync(new URL("theme.css", import.meta.url), "utf8");

type Luminance = number;

const clip = (value: number) => Math.min(1, Math.max(0, value));

/** WCAG relative luminance of an oklch colour (CSS Color 4, sample code for OKLab to linear sRGB; clipped to the gamut). */
function luminance(lightness: number, chroma: number, hue: number): Luminance {
  const angle = (hue * Math.PI) / 180;
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return (
    0.2126 * clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s) +
    0.7152 * clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s) +
    0.0722 * clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)
  );
}

function tokensOf(selector: string): ReadonlyMap<string, Luminance> {
  const body = css.slice(css.indexOf(`${selector} {`)).split("\n}")[0] ?? "";
  const found = [...body.matchAll(/--([\w-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\);/g)];
  return new Map(found.map(([, name = "", l, c, h]) => [name, luminance(Number(l), Number(c), Number(h))]));
}

const sets = { light: tokensOf(":root"), dark: tokensOf('[data-theme="dark"]') };
const GROUNDS = ["canvas", "sunken", "raised", "hover"];
const MEANINGS = ["positive", "warning", "danger", "info", "accent"];

const text: [string, string][] = [
  ...["ink", "ink-muted", "ink-subtle"].flatMap((ink) => GROUNDS.map((ground): [string, string] => [ink, ground])),
  ["ink-muted", "pressed"],
  ...["ink", "ink-muted"].map((ink): [string, string] => [ink, "accent-soft"]),
  ...MEANINGS.flatMap((name): [string, string][] => [
    [`${name}-ink`, `${name}-soft`],
    [`${name}-ink`, "canvas"],
    [`${name}-ink`, "raised"],
  ]),
  ...["accent", "accent-hover", "danger", "danger-hover"].map((ground): [string, string] => ["on-accent", ground]),
];
const controls: [string, string][] = [
  ["control", "canvas"],
  ["control", "raised"],
  ["accent", "canvas"],
  ["danger", "canvas"],
  ...[1, 2, 3, 4].map((n): [string, string] => [`chart-${n}`, "canvas"]),
];

describe.each(Object.entries(sets))("%s theme", (_, tokens) => {
  const contrast = ([ink, ground]: readonly [string, string]) => {
    const [a, b] = [tokens.get(ink), tokens.get(ground)];
    if (a === undefined || b === undefined) throw new Error(`There is no token ${a === undefined ? ink : ground}.`);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const below = (pairs: [string, string][], least: number) =>
    pairs.filter((pair) => contrast(pair) < least).map((pair) => `${pair.join(" on ")}: ${contrast(pair).toFixed(2)}`);

  test("text is told from every ground it stands on by 4.5 to 1", () => {
    expect(below(text, 4.5)).toEqual([]);
  });

  test("the edges of controls and the lines of charts are told from the page by 3 to 1", () => {
    expect(below(controls, 3)).toEqual([]);
  });
});

test("both themes have the same tokens", () => {
  expect([...sets.dark.keys()]).toEqual([...sets.light.keys()]);
  expect(sets.light.size).toBeGreaterThan(25);
});
