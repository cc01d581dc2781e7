import type { LeadFilter } from "#domains/leads/rules.ts";
import { sourceWords, statusLook } from "#web/leads/words.ts";

const either = (words: readonly string[]) => words.join(" or ");

/** A filter of leads as one reads it: "leads from Meta, with an e-mail address". Tags are told by their number: names are not in it. */
export function filterInWords(filter: LeadFilter): string {
  const { status, source, country, tagsAny, tagsAll, tagsNone, hasEmail, hasPhone, suppressed, search } = filter;
  const tags = (count: number) => (count === 1 ? "a certain tag" : `${count} tags`);
  const parts = [
    status?.length ? `who are ${either(status.map((one) => statusLook[one].label))}` : null,
    source?.length ? `from ${either(source.map((one) => sourceWords[one]))}` : null,
    country?.length ? `in ${either(country)}` : null,
    tagsAny?.length ? `with any of ${tags(tagsAny.length)}` : null,
    tagsAll?.length ? `with ${tags(tagsAll.length)}` : null,
    tagsNone?.length ? `without ${tags(tagsNone.length)}` : null,
    hasEmail === undefined ? null : hasEmail ? "with an e-mail address" : "without an e-mail address",
    hasPhone === undefined ? null : hasPhone ? "with a phone number" : "without a phone number",
    suppressed === undefined ? null : suppressed ? "with a suppressed address" : "without a suppressed address",
    search ? `found by “${search}”` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "every lead" : `leads ${parts.join(", ")}`;
}
