import type { Role } from "#platform/permissions.ts";

/** The ids of records at which the pages are looked at. */
export type Sample = {
  lead: string;
  /** One run of the lead in a sequence. */
  enrollment: string;
  scripts: { email: string; sms: string; call: string };
  /** A sequence that runs, and one that nobody has started. */
  sequence: string;
  draft: string;
  /** What came out of trying a sequence. */
  simulation: string;
  campaign: string;
  /** An import that is over, and one that waits to be started. */
  importId: string;
  waiting: string;
  /** A sender whose domain lacks records. */
  sender: string;
};

export type Address = {
  path: (sample: Sample) => string;
  /** Whose eyes: OWNER unless told, null for somebody who has not signed in. */
  as?: Role | null;
  /** A panel or a sheet belongs to it, which comes a little later than the page. */
  hasPanel?: true;
  /** The gallery shows what pages only show for a moment. */
  keepsSkeletons?: true;
};

const plain = (path: string): Address => ({ path: () => path });
const outside = (path: string): Address => ({ path: () => path, as: null });

/** Every page of the router by its path, with an address at which it has something to show. */
export const ADDRESSES: Record<string, readonly Address[]> = {
  "/": [plain("/"), { path: () => "/", as: "VIEWER" }],
  "/leads": [
    plain("/leads"),
    { path: ({ lead }) => `/leads?row=${lead}`, hasPanel: true },
    plain("/leads?q=nobody-of-this-name"),
  ],
  "/settings/lead-fields": [plain("/settings/lead-fields")],
  "/leads/suppressions": [plain("/leads/suppressions")],
  "/leads/duplicates": [plain("/leads/duplicates")],
  "/leads/intake": [plain("/leads/intake"), plain("/leads/intake?tab=submissions")],
  "/leads/import": [plain("/leads/import")],
  "/leads/import/$importId": [
    { path: ({ importId }) => `/leads/import/${importId}` },
    { path: ({ waiting }) => `/leads/import/${waiting}?step=map` },
    { path: ({ waiting }) => `/leads/import/${waiting}?step=preview` },
  ],
  "/leads/$leadId": [
    { path: ({ lead }) => `/leads/${lead}` },
    { path: ({ lead, enrollment }) => `/leads/${lead}?why=${enrollment}`, hasPanel: true },
  ],
  "/messages": [plain("/messages")],
  "/conversions": [plain("/conversions"), plain("/conversions?status=churn&source=nobody")],
  "/sandbox": [plain("/sandbox"), plain("/sandbox?tab=mailbox"), plain("/sandbox?tab=calls")],
  "/scripts": [plain("/scripts")],
  "/scripts/$scriptId": [
    { path: ({ scripts, lead }) => `/scripts/${scripts.email}?lead=${lead}` },
    { path: ({ scripts }) => `/scripts/${scripts.sms}` },
    { path: ({ scripts }) => `/scripts/${scripts.call}` },
  ],
  "/calendar": [plain("/calendar"), { path: () => "/calendar?month=2026-03&row=2026-03-04", hasPanel: true }],
  "/campaigns": [plain("/campaigns")],
  "/campaigns/$campaignId": [
    { path: ({ campaign }) => `/campaigns/${campaign}` },
    { path: ({ campaign }) => `/campaigns/${campaign}?tab=sequences` },
    { path: ({ campaign }) => `/campaigns/${campaign}?tab=scripts` },
  ],
  "/sequences": [plain("/sequences")],
  "/sequences/$sequenceId": [
    { path: ({ sequence }) => `/sequences/${sequence}` },
    { path: ({ sequence }) => `/sequences/${sequence}?tab=people` },
    { path: ({ sequence }) => `/sequences/${sequence}?tab=versions` },
    { path: ({ sequence }) => `/sequences/${sequence}?tab=settings` },
    { path: ({ draft }) => `/sequences/${draft}` },
  ],
  "/simulations/$simulationId": [{ path: ({ simulation }) => `/simulations/${simulation}` }],
  "/settings/workspace": [plain("/settings/workspace"), { path: () => "/settings/workspace", as: "VIEWER" }],
  "/settings/members": [plain("/settings/members"), plain("/settings/members?view=invitations")],
  "/settings/api-keys": [plain("/settings/api-keys")],
  "/settings/sessions": [plain("/settings/sessions")],
  "/settings/scoring": [plain("/settings/scoring")],
  "/settings/integrations": [plain("/settings/integrations")],
  "/settings/senders": [
    plain("/settings/senders"),
    { path: ({ sender }) => `/settings/senders?row=${sender}`, hasPanel: true },
    { path: () => "/settings/senders?q=nobody", as: "VIEWER" },
  ],
  "/settings/jobs": [plain("/settings/jobs")],
  "/sign-in": [outside("/sign-in")],
  "/sign-up": [outside("/sign-up")],
  "/forgot-password": [outside("/forgot-password")],
  "/reset-password": [outside("/reset-password?token=unknown")],
  "/invitations/$token": [outside("/invitations/unknown")],
  "/dev/ui": [
    outside("/dev/ui?tab=controls"),
    outside("/dev/ui?tab=data"),
    { ...outside("/dev/ui?tab=feedback"), keepsSkeletons: true },
    outside("/dev/ui?tab=overlays"),
  ],
  "/dev/ui/list": [outside("/dev/ui/list"), outside("/dev/ui/list?answer=broken")],
  "/dev/ui/list/$personId": [outside("/dev/ui/list/person_00001")],
  "/$": [plain("/nowhere/at/all")],
};

/** A path that leads elsewhere at once has no page of its own. */
export const REDIRECTS = ["/settings"];

/** Stands for the ids in the names of tests. */
export const NAMES: Sample = {
  lead: ":lead",
  enrollment: ":run",
  scripts: { email: ":e-mail", sms: ":sms", call: ":call" },
  sequence: ":running",
  draft: ":draft",
  simulation: ":simulation",
  campaign: ":campaign",
  importId: ":finished",
  waiting: ":waiting",
  sender: ":sender",
};
