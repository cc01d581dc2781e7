import { type Context, mayAct } from "#platform/context.ts";
import { type LeadFilter, leadFilterSchema } from "#domains/leads/index.ts";

/** A filter of leads as it is kept with campaigns and bulk work; null for whoever may not see leads, for it may name one: a search for a person. */
export const showFilter = (ctx: Context, filter: unknown): LeadFilter | null =>
  mayAct(ctx, "leads:read") ? leadFilterSchema.parse(filter) : null;
