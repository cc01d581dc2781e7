import type { PersonalDataHook } from "#domains/leads/index.ts";
import { lockOpenEnrollments } from "../queries/engine.ts";
import { blankOutreach, exportOutreach } from "../queries/personal-data.ts";
import { END_REASONS, end } from "./end.ts";

/** What a person was enrolled in. It all ends; that it was, and when, stays. */
export const outreachPersonalData: PersonalDataHook = {
  name: "outreach",
  tables: [
    "campaign_leads",
    "sequence_enrollments",
    "sequence_step_executions",
    "bulk_enrollments",
    "bulk_assignments",
    "simulations",
  ],
  exportOf: exportOutreach,
  async erase(tx, person) {
    const open = await lockOpenEnrollments(tx, { leadIds: person.leadIds });
    await end(tx, open, "erased");
    return { counts: await blankOutreach(tx, person, END_REASONS) };
  },
};
