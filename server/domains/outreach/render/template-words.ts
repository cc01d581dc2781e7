/** Where a template's fault is, as liquidjs ends its messages. */
const PLACE = /,? (?:file:[^,]*, )?line:(\d+), col:\d+$/;

/** Each message of the parser, and what a person is told instead. */
const WORDS: readonly [RegExp, (...found: string[]) => string][] = [
  [/^output "?(.*?)"? not closed$/, (output) => `“${short(output)}” is not closed: write }} behind it`],
  [
    /^tag "?(.*?)"? not closed$/,
    (tag) =>
      /^\{%.*%\}$/s.test(tag)
        ? `“${short(tag)}” has no end: write {% end${nameIn(tag)} %} where it ends`
        : `“${short(tag)}” is not closed: write %} behind it`,
  ],
  [/^tag "end(.*?)" not found$/, (tag) => `{% end${tag} %} ends nothing: no {% ${tag} … %} stands before it`],
  [/^tag "(.*?)" not found$/, (tag) => `there is no “${tag}” here: only if, unless, case, assign and comment`],
  [/^undefined filter: (.*)$/, (filter) => `there is no filter called “${filter}”`],
  [/^invalid value expression: ""$/, () => "nothing stands between the braces: write a name there"],
  [
    /^invalid value expression: "(.*)"$/s,
    (value) => `“${short(value)}” cannot be read: a name, a number or a text in quotes stands there`,
  ],
  [
    /^expected ":" after filter name$/,
    () => "a colon is missing behind the filter: {{ firstName | default: 'there' }}",
  ],
  [/^expected "(.*)"$/, (sign) => `“${sign}” is missing`],
  [
    /^date: "(now|today)" is not known here$/,
    (word) => `“${word}” is not known to the filter date: a text is the same whenever it is made`,
  ],
  [/^memory alloc limit exceeded$/, () => "the text grows too large for the memory it may take"],
  [/^template (?:limit|render limit) exceeded$/, () => "the text takes too long to be made"],
  [/^unexpected "?(.*?)"?$/s, (token) => `“${short(token)}” does not belong there`],
];

/**
 * Why a template cannot be read, in words for whoever wrote it, with the line: `line 2: “{{ firstName” is not closed: write }} behind it`. What the
 * parser says in a way that we do not know is told as it is.
 */
export function templateFaultInWords(message: string): string {
  const line = PLACE.exec(message)?.[1];
  const said = message.replace(PLACE, "").trim();
  const told = WORDS.flatMap(([pattern, words]) => {
    const found = pattern.exec(said);
    return found ? [words(...found.slice(1))] : [];
  })[0];
  return `${line ? `line ${line}: ` : ""}${told ?? said}`;
}

const MOST_SHOWN = 40;
const short = (text: string) => (text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN).trimEnd()}…` : text).trim();
const nameIn = (tag: string) => /^\{%-?\s*(\w+)/.exec(tag)?.[1] ?? "";

/** Further from what was typed, a name is no likely meaning of it. */
const MOST_EDITS = 3;

/** The names that somebody who typed this one most likely meant, best first; at most three. */
export function nearestNames(typed: string, known: readonly string[]): string[] {
  const folded = typed.toLowerCase();
  return (
    known
      .filter((name) => !name.includes("*"))
      .map((name) => ({ name, edits: distance(folded, name.toLowerCase()) }))
      .filter(
        ({ name, edits }) =>
          edits <= Math.min(MOST_EDITS, Math.floor(name.length / 2)) || endsAlike(folded, name.toLowerCase()),
      )
      .toSorted((one, other) => one.edits - other.edits)
      // One that is much nearer than the others was meant, above all where only capitals differ.
      .filter(({ edits }, _place, [best]) => edits - (best?.edits ?? 0) <= (best?.edits === 0 ? 0 : 1))
      .slice(0, 3)
      .map(({ name }) => name)
  );
}

/** `name` → `firstName`, `sender.name`: who leaves out the first half means one of them. */
const endsAlike = (typed: string, name: string) => typed.length >= 4 && name.endsWith(typed);

/** How many letters are to be put in, taken out, changed or swapped with their neighbour (optimal string alignment). */
function distance(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row += 1) {
    const next = [row];
    for (let at = 1; at <= other.length; at += 1) {
      const same = one[row - 1] === other[at - 1] ? 0 : 1;
      const swapped =
        row > 1 && at > 1 && one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1]
          ? (before[at - 2] ?? 0) + 1
          : Infinity;
      next.push(Math.min((last[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1, (last[at - 1] ?? 0) + same, swapped));
    }
    before = last;
    last = next;
  }
  return last[other.length] ?? 0;
}

/** The line of a template, from 1, on which a variable is first named; null where it cannot be found by looking. */
export function lineOf(template: string, variable: string): number | null {
  const at = new RegExp(
    // Ends at the next brace: from each of thousands that are not closed to the end of the text would take half a minute.
    String.raw`\{[{%][^{}]*?(?<![\w.])${variable.replaceAll(/[^\w]/g, String.raw`\$&`)}(?![\w.])`,
  ).exec(template);
  if (!at) return null;
  return template.slice(0, at.index + at[0].length).split("\n").length;
}
