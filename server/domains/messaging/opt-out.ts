/**
 * The words by which a person stops messages, lifts that again, or asks for help. English ones are those the carriers
 * require (CTIA Messaging Principles; 47 CFR § 64.1200(a)(10) since April 2025); other languages name what people in fact
 * write there. Only unmistakable words stand here: "no" answers a question, and "ALTO" or "BASTA" may be part of one.
 */
const OPT_OUT_WORDS = [
  ["stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out"], // English
  ["parar", "detener", "cancelar", "baja", "darse de baja", "darme de baja", "no mas mensajes"], // Spanish
  ["sair", "descadastrar", "cancelar inscrição", "remover"], // Portuguese
  ["arret", "arrêter", "desabonner", "désabonnement", "désinscrire", "désinscription", "stop sms"], // French
  ["stopp", "abmelden", "abbestellen", "austragen"], // German
  ["ferma", "cancellami", "disiscrivimi", "annulla iscrizione"], // Italian
  ["afmelden", "uitschrijven", "stoppen"], // Dutch
  ["stoppa", "avsluta", "avregistrera"], // Swedish
  ["stans", "avslutt", "avmeld"], // Norwegian
  ["afmeld", "frameld"], // Danish
  ["lopeta", "peruuta tilaus"], // Finnish
  ["rezygnuję", "wypisz", "zatrzymaj"], // Polish
  ["odhlásit", "odhlasiť", "zrušit odběr"], // Czech, Slovak
  ["leiratkozás", "leiratkozom"], // Hungarian
  ["dezabonare", "oprește"], // Romanian
  ["στοπ", "διαγραφή"], // Greek
  ["durdur", "abonelikten çık", "iptal et"], // Turkish
  ["стоп", "отписаться", "отпишите", "відписатися"], // Russian, Ukrainian
  ["توقف", "إيقاف", "إلغاء الاشتراك"], // Arabic
  ["הסר", "הסרה", "עצור"], // Hebrew
  ["बंद करो", "बंद करें", "रोकें"], // Hindi
  ["berhenti"], // Indonesian, Malay
  ["từ chối", "hủy đăng ký"], // Vietnamese
  ["หยุด", "ยกเลิกการรับ"], // Thai
  ["退订", "退訂", "停止", "取消订阅", "取消訂閱"], // Chinese; the third is Japanese too
  ["配信停止", "登録解除"], // Japanese
  ["수신거부", "구독취소"], // Korean
].flat();

const OPT_IN_WORDS = ["start", "unstop"];

const HELP_WORDS = ["help", "info", "ayuda", "ajuda", "aide", "hilfe", "aiuto", "помощь"];

/**
 * The marks that people leave out when they type in a hurry (Latin and Cyrillic accents, Hebrew and Arabic vowel points), and
 * the selectors that follow an emoji. Vowel signs of other scripts stay: there they make the word.
 */
const MARKS =
  /[\u{300}-\u{36f}\u{483}-\u{487}\u{591}-\u{5c7}\u{64b}-\u{65f}\u{670}]|[\u{20d0}-\u{20ff}]|[\u{fe00}-\u{fe0f}]/gu;

/** Letters and digits in lower case without marks, one space where anything else stood between them. */
function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(MARKS, "")
    .toLowerCase()
    .replaceAll("ı", "i")
    .replaceAll("đ", "d")
    .replaceAll(/[’'`]/g, "")
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, " ")
    .trim();
}

export type OptWord = "opt_out" | "opt_in" | "help";

const MEANINGS: ReadonlyMap<string, OptWord> = new Map<string, OptWord>([
  ...OPT_OUT_WORDS.map((word) => [fold(word), "opt_out"] as const),
  ...OPT_IN_WORDS.map((word) => [fold(word), "opt_in"] as const),
  ...HELP_WORDS.map((word) => [fold(word), "help"] as const),
]);

/**
 * What an inbound text says if it is nothing but one of the known words, give or take case, marks, punctuation and space;
 * null for anything else: "stop by tomorrow" and "please stop the delivery" are for a person to read.
 */
export function readOptWord(text: string): OptWord | null {
  // No word is longer; a pasted novel need not be folded.
  return text.length > 80 ? null : (MEANINGS.get(fold(text)) ?? null);
}
