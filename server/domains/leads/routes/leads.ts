import { implement } from "@orpc/server";
import { allow, type Context } from "#platform/context.ts";
import { instantCursor, toPage } from "#platform/http/cursor.ts";
import { instantOrNull } from "#platform/http/instants.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { changeManyLeads } from "../commands/change-leads.ts";
import { createLead } from "../commands/create-lead.ts";
import { deleteLead } from "../commands/delete-lead.ts";
import { addTags, removeTag } from "../commands/tag-lead.ts";
import { updateLead } from "../commands/update-lead.ts";
import { upsertFields, type FieldsOutcome } from "../commands/upsert-fields.ts";
import { leadOperations, type Lead, type LeadDetail, type UpsertOutcome } from "../contract/leads.ts";
import { streamCsv } from "../csv/write.ts";
import { LeadNotFound, mergedInto } from "../problems.ts";
import { countLeads } from "../queries/count-leads.ts";
import { listFieldRows } from "../queries/custom-fields.ts";
import { countWithLead } from "../queries/delete-lead.ts";
import { exportHeader, exportPages } from "../queries/export-leads.ts";
import { listIdentities, listTimeline } from "../queries/lead-page.ts";
import { findLead, type LeadView } from "../queries/leads.ts";
import { listLeads } from "../queries/list-leads.ts";
import { findMergeOf } from "../queries/merges.ts";
import { cursorFor } from "../queries/page.ts";
import { countOpenProposals } from "../queries/proposals.ts";
import { findScores } from "../queries/scores.ts";
import { type ScoreLabel, usualOrder } from "../rules.ts";
import { csvHeaders } from "./show.ts";

const os = implement(leadOperations).$context<RequestContext>();

type Scored = { score: number; label: ScoreLabel } | undefined;

const showLead = ({ createdAt, updatedAt, erasedAt, ...lead }: LeadView, scored: Scored): Lead => ({
  ...lead,
  score: scored?.score ?? null,
  scoreLabel: scored?.label ?? null,
  erasedAt: instantOrNull(erasedAt),
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
});

async function whyNoLead(ctx: Context, leadId: string) {
  const merge = await findMergeOf(ctx, leadId);
  return merge ? mergedInto(merge.survivorId) : LeadNotFound();
}

async function showDetail(ctx: Context, leadId: string): Promise<LeadDetail> {
  const lead = await findLead(ctx, leadId);
  if (!lead) throw await whyNoLead(ctx, leadId);
  const identities = await listIdentities(ctx, leadId);
  return {
    ...showLead(lead, (await findScores(ctx, [leadId])).get(leadId)),
    identities: identities.map((identity) => ({ ...identity, createdAt: identity.createdAt.toISOString() })),
    openProposals: await countOpenProposals(ctx, leadId),
  };
}

function showOutcome(outcome: FieldsOutcome): UpsertOutcome {
  const nothing = { leadId: null, otherLeadId: null, changed: [], proposedWith: [], faults: outcome.faults };
  if (outcome.kind === "faulty") return { ...nothing, outcome: "faulty" };
  const { leadId } = outcome;
  if (outcome.kind === "conflict") return { ...nothing, outcome: "conflict", leadId, otherLeadId: outcome.otherLeadId };
  return {
    ...nothing,
    outcome: outcome.kind,
    leadId,
    changed: [...new Set(outcome.changes.map(({ field }) => field))],
    proposedWith: outcome.proposals.map((proposal) =>
      proposal.leadId === leadId ? proposal.otherLeadId : proposal.leadId,
    ),
  };
}

export const leadHandlers = {
  list: os.list.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "leads:read");
    const { limit, cursor, sort, order = usualOrder(sort), ...filter } = input;
    const found = await listLeads(ctx, filter, { sort, order, limit, after: cursorFor(sort, cursor) });
    const scores = await findScores(
      ctx,
      found.rows.map(({ id }) => id),
    );
    const page = toPage(
      found.rows,
      limit,
      ({ key, id }) => [key, id],
      ({ key: _key, ...lead }) => showLead(lead, scores.get(lead.id)),
      found.stoppedAt,
    );
    return { ...page, similar: found.similar, looked: found.looked };
  }),
  count: os.count.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "leads:read");
    return countLeads(ctx, input);
  }),
  export: os.export.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "leads:read");
    const fields = await listFieldRows(ctx);
    return { headers: csvHeaders("leads.csv"), body: streamCsv(exportHeader(fields), exportPages(ctx, input, fields)) };
  }),
  create: os.create.handler(async ({ context: { ctx }, input }) => {
    const { leadId, created } = await createLead(ctx, input);
    const body = await showDetail(ctx, leadId);
    return created ? { status: 201, body } : { status: 200, body };
  }),
  upsert: os.upsert.handler(async ({ context: { ctx }, input }) => {
    const { rows, policy, overwriteFields } = input;
    const outcomes = await upsertFields(ctx, rows, { policy, overwriteFields });
    return { data: outcomes.map(showOutcome) };
  }),
  change: os.change.handler(({ context: { ctx }, input }) => changeManyLeads(ctx, input)),
  get: os.get.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "leads:read");
    return showDetail(ctx, input.leadId);
  }),
  update: os.update.handler(async ({ context: { ctx }, input: { leadId, expectedUpdatedAt, ...patch } }) => {
    await updateLead(ctx, leadId, patch, expectedUpdatedAt);
    return showDetail(ctx, leadId);
  }),
  deletion: os.deletion.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "leads:delete");
    const counts = await countWithLead(ctx, input.leadId);
    if (!counts) throw LeadNotFound();
    return counts;
  }),
  delete: os.delete.handler(({ context: { ctx }, input }) => deleteLead(ctx, input.leadId)),
  timeline: os.timeline.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "leads:read");
    if (!(await findLead(ctx, input.leadId))) throw await whyNoLead(ctx, input.leadId);
    const types = input.type?.split(",").filter(Boolean);
    const after = instantCursor(input.cursor);
    const rows = await listTimeline(ctx, input.leadId, { limit: input.limit, after, types });
    return toPage(
      rows,
      input.limit,
      ({ at, id }) => [at.getTime(), id],
      ({ actorKind, actorId, at, ...row }) => ({
        ...row,
        at: at.toISOString(),
        actor: { kind: actorKind, id: actorId },
      }),
    );
  }),
  addTags: os.addTags.handler(async ({ context: { ctx }, input }) => {
    await addTags(ctx, input.leadId, input.names);
    return showDetail(ctx, input.leadId);
  }),
  removeTag: os.removeTag.handler(async ({ context: { ctx }, input }) => {
    await removeTag(ctx, input.leadId, input.tagId);
    return showDetail(ctx, input.leadId);
  }),
};
