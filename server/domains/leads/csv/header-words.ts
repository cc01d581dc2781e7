/**
 * Headers as other systems and people write them, in English, German, French, Spanish, Portuguese, Italian and Dutch, in the
 * form of `headerKey`: lower case, no accents, words parted by one blank.
 */
const WORDS = [
  [
    "externalId",
    "id|lead id|leadid|contact id|person id|customer id|client id|record id|recordid|external id|externalid|crm id|user id|uuid|guid|" +
      "hubspot id|salesforce id|vid|lead number|datensatz id|kundennummer|kontakt id|kennung|identifiant|numero client|" +
      "identificador|id de contacto|id contacto|id do contato|id contatto|codice cliente|klantnummer|contact nummer",
  ],
  [
    "firstName",
    "first name|firstname|first|given name|givenname|forename|fname|vorname|rufname|prenom|primer nombre|nombre de pila|" +
      "primeiro nome|nome proprio|voornaam",
  ],
  [
    "lastName",
    "last name|lastname|last|surname|family name|familyname|lname|nachname|familienname|zuname|nom de famille|apellido|apellidos|" +
      "sobrenome|apelido|ultimo nome|cognome|achternaam|familienaam",
  ],
  [
    "fullName",
    "full name|fullname|contact name|lead name|person name|customer name|client name|your name|contact|name|vollstandiger name|" +
      "vor und nachname|vorname nachname|ansprechpartner|kontakt|kontaktname|nom complet|nom et prenom|nom prenom|nom|" +
      "nombre completo|nombre y apellidos|nombre|nome completo|nome e cognome|nome|volledige naam|naam|contactpersoon",
  ],
  [
    "email",
    "email|e mail|mail|email address|e mail address|emailaddress|mail address|work email|business email|primary email|contact email|" +
      "personal email|your email|email 1|e mail 1|e mail adresse|email adresse|emailadresse|mailadresse|adresse email|adresse e mail|" +
      "adresse mail|courriel|correo|correo electronico|direccion de correo|direccion de correo electronico|e mail endereco|" +
      "endereco de email|endereco de e mail|correio eletronico|indirizzo email|indirizzo e mail|posta elettronica|e mailadres|" +
      "mailadres|emailadres",
  ],
  [
    "phone",
    "phone|phone number|phonenumber|phone no|telephone|telephone number|tel|tel no|mobile|mobile phone|mobile number|mobile phone number|" +
      "cell|cell phone|cellphone|cell number|work phone|business phone|primary phone|contact number|contact phone|whatsapp|" +
      "whatsapp number|phone 1|telefon|telefonnummer|telefonnr|telefon nr|tel nr|rufnummer|mobil|mobilnummer|mobiltelefon|handy|" +
      "handynummer|numero de telephone|telephone portable|portable|numero de portable|telefono|numero de telefono|movil|celular|" +
      "telefono movil|telefono celular|telefone|numero de telefone|telemovel|celular whatsapp|numero di telefono|cellulare|" +
      "telefono cellulare|telefoon|telefoonnummer|mobiel|mobiele nummer|mobiel nummer|gsm",
  ],
  [
    "linkedin",
    "linkedin|linkedin url|linkedin profile|linkedin profile url|linkedinurl|person linkedin url|linkedin link|linked in|" +
      "linkedin profil|profil linkedin|perfil linkedin|perfil de linkedin|profilo linkedin|linkedin profiel",
  ],
  [
    "company",
    "company|company name|companyname|organization|organisation|organization name|organisation name|account|account name|business|" +
      "business name|employer|firma|firmenname|unternehmen|unternehmensname|arbeitgeber|societe|entreprise|nom de l entreprise|" +
      "nom de la societe|raison sociale|empresa|nombre de la empresa|compania|organizacion|nome da empresa|azienda|societa|" +
      "nome azienda|ragione sociale|bedrijf|bedrijfsnaam|organisatie",
  ],
  [
    "jobTitle",
    "job title|jobtitle|title|job|position|role|job role|occupation|designation|headline|funktion|jobtitel|berufsbezeichnung|beruf|" +
      "stellenbezeichnung|stelle|poste|fonction|intitule du poste|titre|cargo|puesto|puesto de trabajo|profissao|posizione|" +
      "ruolo|qualifica|mansione|functie|functietitel",
  ],
  [
    "website",
    "website|web site|website url|company website|web|url|homepage|domain|company domain|company domain name|webseite|internetseite|" +
      "internet|site web|site internet|site|sitio web|pagina web|pagina da web|sito|sito web|sito internet|websites",
  ],
  [
    "notes",
    "notes|note|comment|comments|remark|remarks|description|message|additional info|additional information|notizen|notiz|bemerkung|" +
      "bemerkungen|kommentar|kommentare|anmerkung|anmerkungen|nachricht|remarque|remarques|commentaire|commentaires|nota|notas|" +
      "comentario|comentarios|observaciones|observacoes|mensagem|mensaje|osservazioni|commento|commenti|notitie|notities|" +
      "opmerking|opmerkingen",
  ],
  [
    "tags",
    "tags|tag|labels|label|segments|segment|lists|list membership|groups|schlagworter|schlagworte|stichworte|etiketten|etikett|" +
      "etiquettes|etiquette|mots cles|etiquetas|etiqueta|palavras chave|palabras clave|etichette|etichetta|parole chiave|trefwoorden",
  ],
  [
    "status",
    "status|lead status|leadstatus|contact status|lead state|statut|statut du lead|estado|estado del lead|estado do lead|stato|" +
      "stato lead|leadstatus name",
  ],
  [
    "source",
    "source|lead source|leadsource|original source|contact source|channel source|origin|quelle|leadquelle|lead quelle|herkunft|" +
      "source du lead|origine|provenance|fuente|origen|fuente del lead|fonte|origem|fonte do lead|fonte lead|origine lead|bron|" +
      "herkomst|leadbron",
  ],
  [
    "timeZone",
    "time zone|timezone|tz|zeitzone|fuseau|fuseau horaire|zona horaria|huso horario|fuso|fuso horario|fuso orario|tijdzone",
  ],
  [
    "region",
    "region|state|state region|state province|province|state code|us state|county|bundesland|kanton|land region|etat|etat region|" +
      "departement|provincia|comunidad autonoma|estado|estado region|estado provincia|estado uf|uf|regione|stato|provincie|regio",
  ],
  [
    "country",
    "country|country region|country code|country name|nation|land|staat|pays|pays region|pais|pais region|paese|nazione|land regio",
  ],
  [
    "createdAt",
    "created at|created|create date|created date|creation date|created time|created on|date created|date added|added on|signup date|" +
      "sign up date|registered at|registration date|lead created|submitted at|submission date|timestamp|erstellt am|erstellt|" +
      "erstelldatum|erstellungsdatum|angelegt am|anlagedatum|hinzugefugt am|cree le|date de creation|date d inscription|date d ajout|" +
      "creado|creado el|fecha de creacion|fecha de alta|fecha de registro|criado em|data de criacao|data de cadastro|creato il|" +
      "data creazione|data di creazione|aangemaakt op|aangemaakt|aanmaakdatum|datum aangemaakt",
  ],
] as const;

/** A field that a header can name: every one but the two that stand for “keep” and “leave out”. */
export type NamedField = (typeof WORDS)[number][0];

/** Words that mean a first or last name beside the other, and a full name alone: "Nom" beside "Prénom", "Nome" beside "Cognome". */
export const NAME_WORDS: ReadonlySet<string> = new Set(["name", "nom", "naam", "nombre", "nome"]);

/** The stage of another system's pipeline. */
export const STAGE_WORDS: ReadonlySet<string> = new Set([
  "lifecycle stage",
  "lifecyclestage",
  "lifecycle",
  "deal stage",
  "stage",
  "pipeline stage",
  "lifecycle phase",
  "lebenszyklusphase",
  "phase du cycle de vie",
  "etapa del ciclo de vida",
  "fase do ciclo de vida",
  "fase del ciclo di vita",
  "levenscyclusfase",
]);

/** "  What_is your E‑Mail? " → "what is your e mail". */
export function headerKey(header: string): string {
  return header
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replaceAll("ß", "ss")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

const fieldsByHeader = new Map<string, NamedField[]>();
for (const [field, words] of WORDS) {
  for (const word of words.split("|")) fieldsByHeader.set(word, [...(fieldsByHeader.get(word) ?? []), field]);
}

/** The fields that a header, as `headerKey` gives it, is a usual name of. More than one where a word has two meanings. */
export function fieldsNamed(key: string): readonly NamedField[] {
  return fieldsByHeader.get(key) ?? [];
}

/** The fields of which a usual name stands among the header's words: "Work e-mail (verified)". */
export function fieldsMentioned(key: string): readonly NamedField[] {
  const words = key.split(" ");
  const found = new Set<NamedField>();
  for (let from = 0; from < words.length; from++) {
    for (let to = from + 1; to <= Math.min(words.length, from + 3); to++) {
      for (const field of fieldsNamed(words.slice(from, to).join(" "))) found.add(field);
    }
  }
  return [...found];
}
