import { z } from "zod";
import type { CustomField } from "../custom-fields.ts";
import type { LeadFields } from "../lead-fields.ts";

const answersSchema = z.record(z.string(), z.unknown());

/** "What is your budget?" and `what_is_your_budget` are one question. */
const plainName = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "_")
    .replaceAll(/^_+|_+$/g, "");

/**
 * Answers to questions that the workspace has a field for, by its key or its label, become values of that field; the others stay answers. A value
 * that does not fit its field is a fault when it is read, and costs that value alone.
 */
export function answersToFields(fields: LeadFields, known: readonly CustomField[]): LeadFields {
  const answers = answersSchema.safeParse(fields.meta?.["answers"]);
  const open = known.filter(({ archivedAt }) => archivedAt === null);
  if (!answers.success || open.length === 0) return fields;
  const keys = new Map(
    open.flatMap(({ key, label }) => [[plainName(label), key] as const, [plainName(key), key] as const]),
  );
  const custom: Record<string, unknown> = { ...fields.custom };
  const others: Record<string, unknown> = {};
  for (const [question, answer] of Object.entries(answers.data)) {
    const key = keys.get(plainName(question));
    if (key !== undefined && !(key in custom)) custom[key] = answer;
    else others[question] = answer;
  }
  const { answers: _answers, ...meta } = fields.meta ?? {};
  return { ...fields, custom, meta: Object.keys(others).length > 0 ? { ...meta, answers: others } : meta };
}
