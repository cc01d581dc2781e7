/** Every permission there is: `<area>:read` looks, `<area>:write` changes, others are named for what they allow. */
export const PERMISSIONS = [
  "leads:read",
  "leads:write",
  "leads:import",
  "leads:delete",
  "suppressions:write",
  "outreach:read",
  "outreach:write",
  "messages:read",
  "messages:send",
  "messages:override",
  "conversions:read",
  "integrations:read",
  "integrations:write",
  "sandbox:use",
  "jobs:read",
  "jobs:retry",
  "workspace:read",
  "workspace:write",
  "members:read",
  "members:write",
  "api-keys:write",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const ROLES = ["OWNER", "ADMIN", "MEMBER", "VIEWER"] as const;
export type Role = (typeof ROLES)[number];

const READS: Permission[] = [
  "leads:read",
  "outreach:read",
  "messages:read",
  "conversions:read",
  "integrations:read",
  "workspace:read",
  "members:read",
];
const WORK: Permission[] = [
  ...READS,
  "leads:write",
  "leads:import",
  "suppressions:write",
  "outreach:write",
  "messages:send",
  "sandbox:use",
];
const ADMINISTRATION: Permission[] = [
  ...WORK,
  "messages:override",
  "leads:delete",
  "integrations:write",
  "jobs:read",
  "jobs:retry",
  "workspace:write",
  "members:write",
  "api-keys:write",
];

/** What each role may do; the same table decides on the server and greys out buttons in the browser. */
export const ROLE_PERMISSIONS: Record<Role, readonly Permission[]> = {
  OWNER: ADMINISTRATION,
  ADMIN: ADMINISTRATION,
  MEMBER: WORK,
  VIEWER: READS,
};

export const mayRole = (role: Role, permission: Permission) => ROLE_PERMISSIONS[role].includes(permission);
