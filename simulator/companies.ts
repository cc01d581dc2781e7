import type { Rules } from "./invariants.ts";
import type { Touch } from "./observe.ts";

/**
 * Who has answered for their company: from then on nobody of it is written to by a sequence that whoever answered is or was in, as it has been seen to write
 * to them, and in which the others were before. Who comes in later is written to.
 */
export function rememberCompanies({ leads, sequences }: Pick<Rules, "leads" | "sequences">) {
  /** Sequences that have written to each lead. */
  const within = new Map<string, Set<string>>();
  /** When somebody of a company answered, by the company and the sequence. */
  const answers = new Map<string, number[]>();
  const keyOf = (company: string, sequenceId: string) => `${company} ${sequenceId}`;
  const companyOf = ({ leadId }: Touch) => leads.get(leadId ?? "")?.company;

  return {
    see({ leadId, sequenceId }: Touch): void {
      if (leadId === null || sequenceId === null) return;
      const known = within.get(leadId) ?? new Set();
      within.set(leadId, known.add(sequenceId));
    },

    /** A reply to a touch, taken in by this instant. One that is told twice says nothing new: the first closed all that the second would. */
    hear(touch: Touch, from: number): void {
      const company = companyOf(touch);
      if (company === undefined) return;
      for (const sequenceId of within.get(touch.leadId ?? "") ?? []) {
        const rule = sequences.get(sequenceId);
        const key = keyOf(company, sequenceId);
        if (rule?.stopOnReply && rule.sameCompany) answers.set(key, [...(answers.get(key) ?? []), from]);
      }
    },

    /** Whether somebody of the company had answered between the enrolment that this touch is of and the touch. */
    hasAnswered(touch: Touch): boolean {
      const company = companyOf(touch);
      const { sequenceId, enrolledAt, at } = touch;
      if (company === undefined || sequenceId === null || !enrolledAt) return false;
      const told = answers.get(keyOf(company, sequenceId)) ?? [];
      return told.some((from) => enrolledAt.getTime() < from && from < at.getTime());
    },
  };
}
