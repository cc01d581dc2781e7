/** The states of a lead, from never contacted to won or lost. */
export const LEAD_STATUSES = ["NEW", "CONTACTED", "IN_PROGRESS", "CONVERTED", "LOST"] as const;
export type LeadStatus = (typeof LEAD_STATUSES)[number];

/** What moves a lead without a person's hand: the first outbound that was delivered, an inbound, a verified sale. */
export const LEAD_HAPPENINGS = ["delivered_outbound", "inbound", "customer_conversion"] as const;
export type LeadHappening = (typeof LEAD_HAPPENINGS)[number];

/**
 * The status after a happening. It only moves forward: CONVERTED stays, and LOST is left for an inbound alone, because a
 * person who writes again has reopened the matter, where our own message or a booked sale elsewhere has not.
 */
export function statusAfter(current: LeadStatus, happening: LeadHappening): LeadStatus {
  if (current === "CONVERTED") return current;
  if (happening === "inbound") return "IN_PROGRESS";
  if (current === "LOST") return current;
  if (happening === "customer_conversion") return "CONVERTED";
  return current === "NEW" ? "CONTACTED" : current;
}

const WORDS: Record<LeadStatus, string> = {
  NEW: "new|open|uncontacted|not contacted|lead|subscriber|prospect|marketing qualified lead|mql|neu|offen|nouveau|nuevo|novo|nuovo|nieuw",
  CONTACTED:
    "contacted|attempted|attempted to contact|reached out|kontaktiert|contacté|contactado|contatado|contattato|benaderd",
  IN_PROGRESS:
    "in progress|working|engaged|connected|replied|qualified|sales qualified lead|sql|opportunity|open deal|in bearbeitung|" +
    "en cours|en curso|en proceso|em andamento|in corso|in behandeling",
  CONVERTED:
    "converted|customer|client|won|closed won|kunde|gewonnen|converti|gagné|cliente|ganado|convertido|convertito|klant",
  LOST: "lost|closed lost|unqualified|disqualified|dead|not interested|verloren|perdu|perdido|perso",
};

const keyOf = (text: string) =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

const statusByWord = new Map(
  LEAD_STATUSES.flatMap((status) =>
    [keyOf(status), ...WORDS[status].split("|")].map((word) => [keyOf(word), status] as const),
  ),
);

/** The status that another system's word for it means; undefined when the word is not one that is surely a status. */
export function readStatus(text: string): LeadStatus | undefined {
  return statusByWord.get(keyOf(text));
}
