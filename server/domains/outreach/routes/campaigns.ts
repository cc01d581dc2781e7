import { implement } from "@orpc/server";
import { allow, type Context } from "#platform/context.ts";
import { instantCursor, toPage } from "#platform/http/cursor.ts";
import { instantOrNull } from "#platform/http/instants.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { searchLeadIds } from "#domains/leads/index.ts";
import { assignLeads, removeLeads } from "../commands/assign-leads.ts";
import { startAssigningMatching } from "../commands/auto-assign.ts";
import { createCampaign } from "../commands/create-campaign.ts";
import { deleteCampaign } from "../commands/delete-campaign.ts";
import { activateCampaign, completeCampaign, pauseCampaign } from "../commands/move-campaign.ts";
import { updateCampaign } from "../commands/update-campaign.ts";
import {
  campaignOperations,
  type CampaignDetail,
  type CampaignLeadView,
  type CampaignView,
} from "../contract/campaigns.ts";
import { goneInCampaigns } from "../engine/gone-parts.ts";
import { CampaignNotFound } from "../problems.ts";
import { countCampaignTouches, listCampaignSequences } from "../queries/campaign-progress.ts";
import {
  type CampaignLeadRow,
  type CampaignRow,
  countCampaignLeads,
  findCampaign,
  listCampaignLeadRows,
  listCampaignRows,
} from "../queries/campaign-rows.ts";
import { gatherRefusals } from "../refusals.ts";
import { showFilter } from "./show-filter.ts";

const os = implement(campaignOperations).$context<RequestContext>();

type Counts = Awaited<ReturnType<typeof countCampaignLeads>>;

type Gone = Awaited<ReturnType<typeof goneInCampaigns>>;

const showCampaign = (ctx: Context, row: CampaignRow, counts: Counts, gone: Gone): CampaignView => ({
  ...row,
  warnings: [gone.get(row.id)].flatMap((told) => told ?? []),
  startDate: instantOrNull(row.startDate),
  endDate: instantOrNull(row.endDate),
  autoAssign: row.autoAssign && { filter: showFilter(ctx, row.autoAssign.filter) },
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
  leads: Object.fromEntries(
    counts.filter(({ campaignId }) => campaignId === row.id).map(({ status, count }) => [status, count]),
  ),
});

async function showOne(ctx: Context, campaignId: string): Promise<CampaignDetail> {
  const row = await findCampaign(ctx, campaignId);
  if (!row) throw CampaignNotFound();
  return {
    ...showCampaign(ctx, row, await countCampaignLeads(ctx, [campaignId]), await goneInCampaigns(ctx, [row])),
    sequences: await listCampaignSequences(ctx, campaignId),
    touches: await countCampaignTouches(ctx, campaignId),
  };
}

const showLead = ({ id: _id, ...row }: CampaignLeadRow): CampaignLeadView => ({
  ...row,
  assignedAt: row.assignedAt.toISOString(),
  completedAt: instantOrNull(row.completedAt),
});

export const campaignRoutes = {
  list: os.list.handler(async ({ context: { ctx }, input: { limit, cursor, ...filter } }) => {
    allow(ctx, "outreach:read");
    const rows = await listCampaignRows(ctx, { ...filter, limit, after: instantCursor(cursor) });
    const counts = await countCampaignLeads(
      ctx,
      rows.map(({ id }) => id),
    );
    const gone = await goneInCampaigns(ctx, rows);
    return toPage(
      rows,
      limit,
      (row) => [row.createdAt.getTime(), row.id],
      (row) => showCampaign(ctx, row, counts, gone),
    );
  }),
  create: os.create.handler(async ({ context: { ctx }, input }) => showOne(ctx, await createCampaign(ctx, input))),
  get: os.get.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "outreach:read");
    return showOne(ctx, input.campaignId);
  }),
  update: os.update.handler(async ({ context: { ctx }, input: { campaignId, expectedUpdatedAt, ...patch } }) => {
    await updateCampaign(ctx, campaignId, patch, expectedUpdatedAt);
    return showOne(ctx, campaignId);
  }),
  delete: os.delete.handler(({ context: { ctx }, input }) => deleteCampaign(ctx, input.campaignId)),
  activate: os.activate.handler(async ({ context: { ctx }, input: { campaignId } }) => {
    await activateCampaign(ctx, campaignId);
    return showOne(ctx, campaignId);
  }),
  pause: os.pause.handler(async ({ context: { ctx }, input: { campaignId } }) => {
    await pauseCampaign(ctx, campaignId);
    return showOne(ctx, campaignId);
  }),
  complete: os.complete.handler(async ({ context: { ctx }, input: { campaignId } }) => {
    await completeCampaign(ctx, campaignId);
    return showOne(ctx, campaignId);
  }),
  leads: os.leads.handler(async ({ context: { ctx }, input: { campaignId, limit, cursor, status, search } }) => {
    allow(ctx, "outreach:read");
    allow(ctx, "leads:read");
    if (!(await findCampaign(ctx, campaignId))) throw CampaignNotFound();
    const leadIds = search?.trim() ? await searchLeadIds(ctx, search) : undefined;
    const rows = await listCampaignLeadRows(ctx, campaignId, { status, leadIds, limit, after: instantCursor(cursor) });
    return toPage(rows, limit, (row) => [row.assignedAt.getTime(), row.id], showLead);
  }),
  assign: os.assign.handler(async ({ context: { ctx }, input: { campaignId, leadIds } }) => {
    const { added, refused, isFull } = await assignLeads(ctx, campaignId, leadIds);
    return { assigned: added.length, leadIds: added, refusals: gatherRefusals([], refused), isFull };
  }),
  assignMatching: os.assignMatching.handler(({ context: { ctx }, input }) =>
    startAssigningMatching(ctx, input.campaignId),
  ),
  remove: os.remove.handler(async ({ context: { ctx }, input: { campaignId, leadIds } }) => ({
    removed: (await removeLeads(ctx, campaignId, leadIds)).length,
  })),
};
