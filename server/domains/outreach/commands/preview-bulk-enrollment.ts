import { type Context, allow } from "#platform/context.ts";
import { countLeads } from "#domains/leads/index.ts";
import type { BulkPreview, NewBulkEnrollment } from "../contract/bulk-enrollments.ts";
import { settingsOf } from "../engine/terms.ts";
import { SequenceNotFound } from "../problems.ts";
import { groupWanted } from "../queries/bulk-enrollments.ts";
import { findSequence } from "../queries/sequence-rows.ts";
import { whyNotEnroll } from "../states.ts";

/** Up to here each lead is looked at; above it they are only counted, for to look at a hundred thousand takes three seconds. */
const LOOKED_AT = 20_000;
const DAY_MS = 86_400_000;

/**
 * How many leads a bulk enrolment would take in, and why it would refuse the others, by the same rules; writes nothing. A sequence that
 * is not active yet is treated as if it were. Throws SequenceNotFound.
 */
export async function previewBulkEnrollment(
  ctx: Context,
  { sequenceId, filter = {}, leadIds, again }: Omit<NewBulkEnrollment, "campaignId">,
): Promise<BulkPreview> {
  allow(ctx, "outreach:read");
  allow(ctx, "leads:read");
  const sequence = await findSequence(ctx, sequenceId);
  if (!sequence) throw SequenceNotFound();
  const { allowStatuses, reentry } = settingsOf(sequence.settings);
  const now = ctx.now();
  const reopensAt = new Date(now.getTime() - (reentry.rule === "after_days" ? reentry.days * DAY_MS : 0));
  const wanted = { filter, leadIds: leadIds ?? null };
  const many = leadIds ? undefined : await countLeads(ctx, filter);
  if (many && many.count > LOOKED_AT) return { ...many, wouldEnroll: null, refusals: [] };
  const groups = await groupWanted(ctx, sequenceId, wanted, reopensAt, LOOKED_AT + 1);
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  if (count > LOOKED_AT) return { ...(await countLeads(ctx, filter)), wouldEnroll: null, refusals: [] };

  const refusals = new Map<string, BulkPreview["refusals"][number]>();
  for (const { leadStatus, erasedAt, enrollmentStatus, endedAt, count: size } of groups) {
    const fault = whyNotEnroll({
      sequence: { status: "ACTIVE" },
      lead: { status: leadStatus, erasedAt },
      existing: enrollmentStatus && { status: enrollmentStatus, endedAt },
      reentry,
      allowStatuses,
      by: again ? "person" : "trigger",
      now,
    });
    if (!fault) continue;
    const { code, detail: reason } = fault;
    refusals.set(reason, { code, reason, count: (refusals.get(reason)?.count ?? 0) + size });
  }
  const list = [...refusals.values()].toSorted((a, b) => b.count - a.count);
  const refused = list.reduce((sum, one) => sum + one.count, 0);
  return { count, isEstimate: false, wouldEnroll: count - refused, refusals: list };
}
