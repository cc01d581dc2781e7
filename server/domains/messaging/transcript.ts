/**
 * Did the person on the phone ask not to be called again? Speech is not typed: people say it in a sentence, so here phrases
 * are looked for, where a text message must be the bare word.
 */

/** What takes a refusal back: looked for first, and blanked out. */
const NOT_A_REFUSAL = [
  /\b(?:do not|dont|never) stop (?:calling|texting|messaging|contacting|emailing)\b/g,
  /\bnot (?:that|saying|because)(?: \w+){0,3} not interested\b/g,
  /\b(?:did not|didnt) say(?: \w+){0,3} not interested\b/g,
  /\bif (?:i|we) (?:was|were|am|are|become) not interested\b/g,
  /\bstop (?:calling|texting) (?:it|that|him|her|them|this(?! (?:number|phone|line|house|home|place|office)))\b/g,
  /\b(?:do not|dont) (?:call|contact|text) me (?:before|until|till|between|during|after (?!this|that)|right now|now|today)\b/g,
  /\b(?:do not|dont) call me (?:mr|mrs|miss|sir|maam)\b/g,
];

const REFUSALS = [
  /\b(?:not|isnt|arent|wasnt|never|no longer) (?:at all |really |very |even |remotely |currently |that |in the least )?interested\b/,
  /\b(?:have|got|ive|ive got) (?:no|zero) interest\b/,
  /\bno interest (?:at all|in this|whatsoever)\b/,
  /\buninterested\b/,
  /\b(?:stop|quit) (?:calling|phoning|ringing|contacting|texting|messaging|emailing|bothering|harassing)\b/,
  /\b(?:do not|dont|never) (?:ever )?(?:call|phone|ring|contact|text|message|email|bother) (?:me|us|here|this number|again)\b/,
  /\b(?:do not|dont|never) (?:ever )?call back\b/,
  /\b(?:take|get|remove|delete|strike) (?:me|us|my (?:name|number|details|phone number)|this number) (?:off|from|out of)\b/,
  /\b(?:remove|delete) (?:me|my (?:name|number|details|phone number)|this number)\b/,
  /\bunsubscribe\b/,
  /\bopt (?:me )?out\b/,
  /\b(?:do not|dont) (?:want|wish) (?:any more |any |more |these |your |to (?:get|receive|have) (?:any more |any |more |these |your )?)(?:calls|phone calls|messages|texts|emails)\b/,
  /\bleave (?:me|us) alone\b/,
  /\blose (?:my|this) number\b/,
  /\bdo not call (?:list|registry)\b/,
];

const INTEREST = [
  /\b(?:im|i am|we are|were|very|quite|definitely|really) interested\b/,
  /\bsounds (?:good|great|interesting)\b/,
  /\btell me more\b/,
  /\b(?:call|ring|phone) me (?:back|again|later|tomorrow|next)\b/,
  /\b(?:send|email|text) me (?:the|more|some|an?|your|details|information)\b/,
  /\bsign me up\b/,
];

/** "AI: …" and its like begin a turn of ours; "User: …" and anything else a turn of the person. */
const OUR_TURN = /^\s*(?:ai|assistant|agent|bot|system|representative|rep)\s*:/i;
const ANY_TURN = /^\s*[\p{L}][\p{L} .'-]{0,30}:/u;

/** The person's own words, folded. Without speaker labels the whole text counts as theirs. */
function personsWords(transcript: string): string {
  let ours = false;
  const kept: string[] = [];
  for (const line of transcript.split(/\r?\n/)) {
    if (OUR_TURN.test(line)) ours = true;
    else if (ANY_TURN.test(line)) ours = false;
    if (!ours) kept.push(line);
  }
  return kept
    .join(" . ")
    .toLowerCase()
    .replaceAll(/[’'`]/g, "")
    .replaceAll(/[^\p{L}\p{N}.?!]+/gu, " ")
    .replaceAll(/\s*[.?!]+\s*/g, " . ");
}

export type TranscriptReading = { verdict: "opt_out" | "interested" | "unclear"; phrase: string | null };

/**
 * What a call's transcript says about further contact, with the words it was read from. Refusals are looked for before
 * interest, since "not interested" holds "interested" and someone who says both has also said no. English only; a call in
 * another language reads as unclear.
 */
export function readTranscript(transcript: string): TranscriptReading {
  let words = personsWords(transcript);
  for (const pattern of NOT_A_REFUSAL) words = words.replaceAll(pattern, " … ");
  for (const pattern of REFUSALS) {
    const found = pattern.exec(words);
    if (found) return { verdict: "opt_out", phrase: found[0] };
  }
  for (const pattern of INTEREST) {
    const found = pattern.exec(words);
    if (found) return { verdict: "interested", phrase: found[0] };
  }
  return { verdict: "unclear", phrase: null };
}

/** Did the person ask not to be contacted again? The number is suppressed when they did. */
export function readsAsOptOutInTranscript(transcript: string): boolean {
  return readTranscript(transcript).verdict === "opt_out";
}
