/** What a mail service asks the domains that it sends for to publish. */
export type MailService = {
  /** DKIM selectors that it gives to everybody. */
  selectors: readonly string[];
  /** What an SPF record names it by. */
  spf: string | null;
  /** Where mail to the domain goes, if it takes mail in. */
  mx: string | null;
};

/** Services by the host that mail is handed to. Each from the service's own guide to its DNS records. */
const BY_HOST: readonly [host: RegExp, service: MailService][] = [
  [/(^|\.)(gmail|google)\.com$/, { selectors: ["google"], spf: "include:_spf.google.com", mx: "smtp.google.com" }],
  [
    /(^|\.)(office365|outlook)\.com$/,
    { selectors: ["selector1", "selector2"], spf: "include:spf.protection.outlook.com", mx: null },
  ],
  [
    /(^|\.)fastmail\.com$/,
    { selectors: ["fm1", "fm2", "fm3"], spf: "include:spf.messagingengine.com", mx: "in1-smtp.messagingengine.com" },
  ],
  [/(^|\.)zoho\.com$/, { selectors: ["zmail", "zoho"], spf: "include:zohomail.com", mx: "mx.zoho.com" }],
  [/(^|\.)mailgun\.org$/, { selectors: ["k1", "mx", "smtp"], spf: "include:mailgun.org", mx: "mxa.mailgun.org" }],
  [/(^|\.)amazonaws\.com$/, { selectors: [], spf: "include:amazonses.com", mx: null }],
  [/(^|\.)sendgrid\.net$/, { selectors: ["s1", "s2"], spf: "include:sendgrid.net", mx: "mx.sendgrid.net" }],
];

const UNKNOWN: MailService = { selectors: [], spf: null, mx: null };

/** The service behind an e-mail integration; `host` where it is an SMTP server. */
export function mailServiceOf(provider: string | null, host: string | null): MailService {
  if (provider === "sendgrid") return mailServiceOf("smtp", "smtp.sendgrid.net");
  if (provider !== "smtp" || !host) return UNKNOWN;
  const name = host.trim().toLowerCase();
  const known = BY_HOST.find(([pattern]) => pattern.test(name));
  return known ? known[1] : { ...UNKNOWN, spf: `a:${name}` };
}
