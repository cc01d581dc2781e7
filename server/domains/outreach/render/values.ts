/** A lead as scripts see it. `custom` holds the workspace's own fields by key. */
export type LeadValues = {
  firstName: string;
  lastName: string;
  fullName?: string | null;
  email?: string | null;
  phone?: string | null;
  company?: string | null;
  jobTitle?: string | null;
  timeZone?: string | null;
  city?: string | null;
  region?: string | null;
  country?: string | null;
  custom?: Readonly<Record<string, unknown>>;
};

/** Everything a script may speak of. Links are absolute URLs. */
export type MessageValues = {
  lead: LeadValues;
  sender: { name: string; email: string };
  workspace: { name: string; postalAddress: string };
  campaign: { name: string } | null;
  links: { unsubscribeUrl: string };
};

const LEAD_VARIABLES = [
  "firstName",
  "lastName",
  "fullName",
  "email",
  "phone",
  "company",
  "jobTitle",
  "timeZone",
  "city",
  "region",
  "country",
] as const satisfies readonly (keyof LeadValues)[];

/** What every workspace's scripts may name, besides the custom fields. */
export const STANDARD_VARIABLES: readonly string[] = [
  ...LEAD_VARIABLES,
  ...LEAD_VARIABLES.map((name) => `lead.${name}`),
  "sender.name",
  "sender.email",
  "workspace.name",
  "workspace.postalAddress",
  "campaign.name",
  "unsubscribeUrl",
];

/** The names scripts may use in a workspace with these custom fields; "*" among the keys lets any custom field pass. */
export function knownVariables(customKeys: readonly string[] = []): string[] {
  return [...STANDARD_VARIABLES, ...customKeys.flatMap((key) => [`custom.${key}`, `lead.custom.${key}`])];
}

type Scope = { [name: string]: unknown };

/**
 * Keeps what says something. A blank counts as absent, so that `{% if company %}` and `default` treat an empty field as a person
 * would, and a bare `{{ company }}` is reported as missing instead of leaving a hole.
 */
function filled(values: Readonly<Record<string, unknown>>): Scope {
  const scope: Scope = Object.create(null);
  for (const [name, value] of Object.entries(values)) {
    const said =
      typeof value === "string" ? value.trim() !== "" : Array.isArray(value) ? value.length > 0 : isPlain(value);
    if (said) scope[name] = value;
  }
  return scope;
}

const isPlain = (value: unknown): boolean => typeof value === "number" || typeof value === "boolean";

/** The scope a template is rendered in: the lead's fields at the top and under `lead`, and the rest under their own names. */
export function scopeOf({ lead, sender, workspace, campaign, links }: MessageValues): object {
  const { custom = {}, ...fields } = lead;
  const fullName =
    fields.fullName?.trim() || [fields.firstName, fields.lastName].filter((name) => name.trim() !== "").join(" ");
  const own = filled({ ...Object.fromEntries(LEAD_VARIABLES.map((name) => [name, fields[name]])), fullName });
  const extra = filled(custom);
  const scope: Scope = Object.create(null);
  return Object.assign(scope, own, {
    lead: Object.assign(Object.create(null), own, { custom: extra }),
    custom: extra,
    sender: filled(sender),
    workspace: filled(workspace),
    campaign: filled(campaign ?? {}),
    ...filled({ unsubscribeUrl: links.unsubscribeUrl }),
  });
}
