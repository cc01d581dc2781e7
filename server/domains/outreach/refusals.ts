import type { Refusal } from "./contract/bulk-enrollments.ts";

/** Leads that are named with each reason. */
export const NAMED_PER_REASON = 20;

/** Refusals gathered by their reason, the most frequent first; what was gathered before comes along. */
export function gatherRefusals(
  before: readonly Refusal[],
  refused: readonly { leadId: string; code: string | null; reason: string | null }[],
): Refusal[] {
  const gathered = new Map(before.map((one) => [`${one.code} ${one.reason}`, { ...one, leadIds: [...one.leadIds] }]));
  for (const { leadId, code, reason } of refused) {
    const key = `${code ?? ""} ${reason ?? ""}`;
    const one = gathered.get(key) ?? { code: code ?? "", reason: reason ?? "", count: 0, leadIds: [] };
    one.count += 1;
    if (one.leadIds.length < NAMED_PER_REASON) one.leadIds.push(leadId);
    gathered.set(key, one);
  }
  return [...gathered.values()].toSorted((a, b) => b.count - a.count);
}
