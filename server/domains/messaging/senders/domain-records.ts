import type { Dns, DnsAnswer, MxRecord } from "#platform/dns.ts";
import type { MailService } from "./mail-hosts.ts";

/** The records by which receivers tell a domain's mail from a forger's, and by which answers arrive. */
export const DOMAIN_RECORDS = ["SPF", "DKIM", "DMARC", "MX"] as const;
export type DomainRecord = (typeof DOMAIN_RECORDS)[number];

/**
 * `ok` it is there · `missing` it is not · `faulty` it is there and does not do what it should · `failed` it could not be looked up, which
 * says nothing about the domain · `unasked` what to look for is not known.
 */
export const RECORD_STATES = ["ok", "missing", "faulty", "failed", "unasked"] as const;
export type RecordState = (typeof RECORD_STATES)[number];

/** `value` null: only the mail service knows it. */
export type RecordToPublish = { type: "TXT" | "MX"; name: string; value: string | null };

export type DomainCheck = {
  record: DomainRecord;
  state: RecordState;
  /** One sentence for people. */
  detail: string;
  /** What was found, as it is written in the domain. */
  found: string[];
  publish: RecordToPublish | null;
};

export const DOMAIN_STATUSES = ["ready", "incomplete", "unknown"] as const;
export type DomainStatus = (typeof DOMAIN_STATUSES)[number];

/** What a domain's checks come to: something to mend outweighs something that nobody could look up. */
export function domainStatusOf(checks: readonly DomainCheck[]): DomainStatus {
  if (checks.some(({ state }) => state === "missing" || state === "faulty")) return "incomplete";
  return checks.every(({ state }) => state === "ok") ? "ready" : "unknown";
}

export const domainOf = (address: string): string => address.slice(address.lastIndexOf("@") + 1).toLowerCase();

type About = { domain: string; service: MailService; selector: string | null };

/** Looks up the four records of a domain side by side. `selector`: what a person wrote; without it the service's own are tried. */
export async function checkDomain(dns: Dns, about: About): Promise<DomainCheck[]> {
  return Promise.all([checkSpf(dns, about), checkDkim(dns, about), checkDmarc(dns, about.domain), checkMx(dns, about)]);
}

const check = (
  record: DomainRecord,
  state: RecordState,
  detail: string,
  rest: { found?: string[]; publish?: RecordToPublish } = {},
): DomainCheck => ({ record, state, detail, found: rest.found ?? [], publish: rest.publish ?? null });

const notLookedUp = (record: DomainRecord, name: string, detail: string): DomainCheck =>
  check(record, "failed", `${name} could not be looked up: ${detail}`);

const recordsIn = <Found>(answer: DnsAnswer<Found>): Found[] => (answer.kind === "found" ? answer.records : []);

/** RFC 7208: one TXT record of the domain that begins with v=spf1 and says who sends for it. */
async function checkSpf(dns: Dns, { domain, service }: About): Promise<DomainCheck> {
  const answer = await dns.txt(domain);
  if (answer.kind === "failed") return notLookedUp("SPF", domain, answer.detail);
  const found = recordsIn(answer).filter((text) => /^v=spf1(\s|$)/i.test(text));
  const [record] = found;
  const toPublish = (value: string) => ({ found, publish: { type: "TXT" as const, name: domain, value } });
  if (record === undefined)
    return check(
      "SPF",
      "missing",
      "No record says who sends mail for this domain.",
      toPublish(["v=spf1", "mx", service.spf, "~all"].filter(Boolean).join(" ")),
    );
  if (found.length > 1)
    return check("SPF", "faulty", "There are several SPF records, and receivers heed none: put them into one.", {
      found,
    });
  if (/\s\+?all(\s|$)/i.test(record))
    return check(
      "SPF",
      "faulty",
      "It lets everybody send for this domain: it should end in ~all.",
      toPublish(record.replace(/\s\+?all(?=\s|$)/i, " ~all")),
    );
  if (service.spf && !record.toLowerCase().includes(service.spf.toLowerCase()))
    return check(
      "SPF",
      "ok",
      `It does not name ${service.spf}. Mail passes without it only where the mail service uses a return address under its own name.`,
      toPublish(withMechanism(record, service.spf)),
    );
  return check("SPF", "ok", "The domain says who sends mail for it.", { found });
}

/** Mechanisms behind `all` are never read. */
const withMechanism = (record: string, mechanism: string): string =>
  /\s[~?-]?all(\s|$)/i.test(record)
    ? record.replace(/\s([~?-]?all)(?=\s|$)/i, ` ${mechanism} $1`)
    : `${record.trim()} ${mechanism} ~all`;

/** RFC 6376: the public key at <selector>._domainkey.<domain>; an empty one is revoked. */
async function checkDkim(dns: Dns, { domain, service, selector }: About): Promise<DomainCheck> {
  const selectors = selector ? [selector] : service.selectors;
  if (selectors.length === 0)
    return check(
      "DKIM",
      "unasked",
      "Write the selector that your mail service signs with: the key cannot be found without it.",
    );
  const names = selectors.map((one) => `${one}._domainkey.${domain}`);
  const answers = await Promise.all(names.map((name) => dns.txt(name)));
  const keys = answers.flatMap(recordsIn).filter((text) => /(^|;)\s*p=/i.test(text));
  const valid = keys.filter((text) => /(^|;)\s*p=\s*[^;\s]/i.test(text));
  if (valid.length > 0) return check("DKIM", "ok", "Mail is signed with a key of this domain.", { found: valid });
  const failed = answers.findIndex((answer) => answer.kind === "failed");
  const answer = answers[failed];
  if (answer?.kind === "failed") return notLookedUp("DKIM", names[failed] ?? domain, answer.detail);
  const publish = { type: "TXT" as const, name: names[0] ?? domain, value: null };
  if (keys.length > 0) return check("DKIM", "faulty", "The key has been revoked.", { found: keys, publish });
  return check("DKIM", "missing", `There is no key at ${names.join(" or ")}.`, { publish });
}

/** RFC 7489: at _dmarc.<domain>, else at a domain above it. */
async function checkDmarc(dns: Dns, domain: string): Promise<DomainCheck> {
  const labels = domain.split(".");
  const above = labels.slice(0, Math.max(1, labels.length - 1)).map((_, place) => labels.slice(place).join("."));
  // As deep as receivers look (DMARCbis: eight queries).
  for (const name of above.slice(0, 8)) {
    const answer = await dns.txt(`_dmarc.${name}`);
    if (answer.kind === "failed") return notLookedUp("DMARC", `_dmarc.${name}`, answer.detail);
    const found = recordsIn(answer).filter((text) => /^v=DMARC1\s*(;|$)/i.test(text));
    const [record] = found;
    if (record === undefined) continue;
    const publish = { type: "TXT" as const, name: `_dmarc.${name}`, value: "v=DMARC1; p=none" };
    if (found.length > 1)
      return check("DMARC", "faulty", "There are several DMARC records, and receivers heed none.", { found });
    if (!/;\s*p\s*=\s*(none|quarantine|reject)\s*(;|$)/i.test(record))
      return check("DMARC", "faulty", "It has no policy: p must be none, quarantine or reject.", { found, publish });
    return check("DMARC", "ok", "The domain says what receivers do with mail that is not its own.", { found });
  }
  return check("DMARC", "missing", "No record says what receivers do with mail that is not this domain's.", {
    publish: { type: "TXT", name: `_dmarc.${domain}`, value: "v=DMARC1; p=none" },
  });
}

/** Where answers go. RFC 7505: a lone "." says that the domain takes no mail. */
async function checkMx(dns: Dns, { domain, service }: About): Promise<DomainCheck> {
  const answer = await dns.mx(domain);
  if (answer.kind === "failed") return notLookedUp("MX", domain, answer.detail);
  const hosts: MxRecord[] = recordsIn(answer).toSorted((a, b) => a.priority - b.priority);
  const found = hosts.map(({ exchange, priority }) => `${priority} ${exchange}`);
  const publish = { type: "MX" as const, name: domain, value: service.mx === null ? null : `10 ${service.mx}` };
  if (hosts.length === 0) return check("MX", "missing", "Answers to this address cannot arrive.", { publish });
  if (hosts.every(({ exchange }) => exchange === "" || exchange === "."))
    return check("MX", "faulty", "The domain says that it takes no mail: answers cannot arrive.", { found, publish });
  return check("MX", "ok", "Answers can arrive.", { found });
}
