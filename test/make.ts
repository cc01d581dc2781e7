import { createLead } from "#domains/leads/commands/create-lead.ts";
import { type LeadView, getLead } from "#domains/leads/index.ts";
import type { LeadFields } from "#domains/leads/lead-fields.ts";
import type { Context } from "#platform/context.ts";

/** Area codes of one zone, America/New_York; each has a hundred numbers that are kept for fiction (555-0100 to 555-0199). */
const AREAS = ["212", "646", "718", "917", "347"];

/** A number that is valid and belongs to nobody. */
const fictionalPhone = (n: number) => `+1${AREAS[Math.floor(n / 100) % AREAS.length] ?? "212"}5550${100 + (n % 100)}`;

/** Makes what tests need, through the same commands that people use, as the owner of the workspace. Grows with each domain. */
export function makersFor(ctx: Context) {
  let made = 0;
  return {
    /** A person in New York with an e-mail address and a mobile number, unless `fields` say otherwise. */
    lead: async (fields: LeadFields = {}): Promise<LeadView> => {
      const n = made++;
      const person = {
        firstName: "Ada",
        lastName: `Example ${n}`,
        email: `ada-${n}@example.test`,
        phone: fictionalPhone(n),
      };
      const { leadId } = await createLead(ctx, { ...person, ...fields });
      return getLead(ctx, leadId);
    },
  };
}
