import type { PersonalDataHook } from "#domains/leads/index.ts";
import { blankMessaging, exportMessaging, listAddressesUsed, lockPersonMessages } from "./queries/personal-data.ts";

/** What was said to a person and by them, with the vendors' reports and the sandbox's copies. */
export const messagingPersonalData: PersonalDataHook = {
  name: "messaging",
  tables: [
    "messages",
    "contact_attempts",
    "lead_senders",
    "shared_touches",
    "inbound_events",
    "sandbox_deliveries",
    "engagements",
    "tracked_links",
  ],
  addressesOf: listAddressesUsed,
  exportOf: exportMessaging,
  async erase(tx, person) {
    const held = await lockPersonMessages(tx, person);
    return { counts: await blankMessaging(tx, person, held), subjectIds: held.ids };
  },
};
