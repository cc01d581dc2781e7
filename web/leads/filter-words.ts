import type { CustomFieldView } from "#domains/leads/contract.ts";
import type { LeadFilter } from "#domains/leads/rules.ts";
import { operatorWords } from "#web/leads/custom-field-words.ts";
import { scoreLook } from "#web/leads/score-words.ts";
import { sourceWords, statusLook } from "#web/leads/words.ts";
import { shortDate } from "#web/ui/format.ts";

/** What the workspace calls its own: a filter holds ids and keys. */
export type FilterNames = {
  tags: readonly { id: string; name: string }[];
  fields: readonly Pick<CustomFieldView, "key" | "label" | "type">[];
  now: Date;
  zone: string;
};

const either = (words: readonly string[]) => words.join(" or ");
const ofList = <Value>(values: readonly Value[] | undefined, words: (values: readonly Value[]) => string) =>
  values?.length ? words(values) : null;
const ofFlag = (value: boolean | undefined, yes: string, no: string) => (value === undefined ? null : value ? yes : no);

/** A filter of leads as one reads it: "leads from Meta lead ads, with an e-mail address". Says every restriction that there is. */
export function filterInWords(filter: LeadFilter, names: FilterNames): string {
  const tags = (ids: readonly string[], joined: string) =>
    ids.map((id) => `“${names.tags.find((tag) => tag.id === id)?.name ?? "a tag that is gone"}”`).join(joined);
  const day = (at: string | undefined) => (at ? shortDate(new Date(at), names.now, names.zone) : null);
  const [from, before] = [day(filter.createdFrom), day(filter.createdBefore)];
  const parts: Record<keyof LeadFilter, string | null> = {
    status: ofList(filter.status, (all) => `who are ${either(all.map((one) => statusLook[one].label))}`),
    source: ofList(filter.source, (all) => `from ${either(all.map((one) => sourceWords[one]))}`),
    country: ofList(filter.country, (all) => `in ${either(all)}`),
    tagsAny: ofList(filter.tagsAny, (ids) => `tagged ${tags(ids, " or ")}`),
    tagsAll: ofList(filter.tagsAll, (ids) => `tagged ${tags(ids, " and ")}`),
    tagsNone: ofList(filter.tagsNone, (ids) => `not tagged ${tags(ids, " or ")}`),
    custom: ofList(filter.custom, (all) => conditionsInWords(all, names.fields)),
    scoreLabel: ofList(filter.scoreLabel, (all) => `whose score is ${either(all.map((one) => scoreLook[one].label))}`),
    hasEmail: ofFlag(filter.hasEmail, "with an e-mail address", "without an e-mail address"),
    hasPhone: ofFlag(filter.hasPhone, "with a phone number", "without a phone number"),
    suppressed: ofFlag(filter.suppressed, "with a suppressed address", "without a suppressed address"),
    createdFrom: from && `added from ${from} on`,
    createdBefore: before && `added before ${before}`,
    search: filter.search ? `found by “${filter.search}”` : null,
  };
  const said = Object.values(parts).filter((part) => part !== null);
  return said.length === 0 ? "every lead" : `leads ${said.join(", ")}`;
}

const AS_YES_NO: Readonly<Record<string, string>> = { true: "yes", false: "no" };

/** `plan:is:Gold` as "whose Plan is Gold"; values of one field that are asked for with `is` stand beside each other, as any of them will do. */
function conditionsInWords(conditions: readonly string[], fields: FilterNames["fields"]): string {
  const said = new Map<string, string[]>();
  for (const condition of conditions) {
    const [key = "", operator = "", ...rest] = condition.split(":");
    const field = fields.find((one) => one.key === key);
    const asked = Object.entries(operatorWords).find(([known]) => known === operator)?.[1] ?? operator;
    const value = rest.join(":");
    const start = `${field?.label ?? key} ${asked}`;
    const values = said.get(start) ?? [];
    if (value !== "") values.push(field?.type === "boolean" ? (AS_YES_NO[value] ?? value) : value);
    said.set(start, values);
  }
  return `whose ${[...said].map(([start, values]) => [start, either(values)].filter(Boolean).join(" ")).join(" and whose ")}`;
}
