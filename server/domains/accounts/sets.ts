// By themselves: lists of the pages read them, and must bring no schemas along.

/** What has become of an invitation. */
export const INVITATION_STATES = ["open", "accepted", "cancelled", "expired"] as const;
export type InvitationState = (typeof INVITATION_STATES)[number];
