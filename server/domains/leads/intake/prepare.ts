import type { Context } from "#platform/context.ts";
import { storableJson } from "#platform/http/json.ts";
import { forEach } from "#platform/loops.ts";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import { readFields } from "../lead-fields.ts";
import type { DueSubmission } from "../queries/submissions.ts";
import type { FieldFault, LeadRow } from "../upsert/lead-row.ts";
import { joinOrigins, readAnswers } from "./read-answers.ts";
import { adPayloadSchema, keptLead, type AdPayload } from "./read-submission.ts";

/** A submission whose person is known: what upsert takes, and what is kept with it. */
export type Ready = {
  kind: "ready";
  submission: DueSubmission;
  row: LeadRow;
  faults: FieldFault[];
  /** What was fetched meanwhile; null where nothing was. */
  payload: unknown;
};

export type Prepared =
  | Ready
  /** Nobody can be made of it. */
  | { kind: "faulty"; submission: DueSubmission; faults: FieldFault[]; payload: unknown }
  /** It may be had later. */
  | { kind: "failed"; submission: DueSubmission; detail: string; retryAfterSeconds?: number }
  /** It cannot be had. */
  | { kind: "refused"; submission: DueSubmission; detail: string };

/** Leads that are asked for at once, over all vendors. */
const FETCHES_AT_ONCE = 8;

/** Reads submissions into rows, in their order; asks the vendor for those of which only a notice has come. Not in a transaction. */
export async function prepareSubmissions(ctx: Context, due: readonly DueSubmission[]): Promise<Prepared[]> {
  if (ctx.db.isTransaction) throw new Error("No vendor is called inside a transaction");
  const { country } = await getWorkspaceSettings(ctx);
  const prepared = new Map<string, Prepared>();
  await forEach(due, FETCHES_AT_ONCE, async (submission) => {
    prepared.set(submission.id, await prepareAd(ctx, submission, country));
  });
  return due.flatMap(({ id }) => prepared.get(id) ?? []);
}

async function prepareAd(ctx: Context, submission: DueSubmission, workspaceCountry: string): Promise<Prepared> {
  const parsed = adPayloadSchema.safeParse(submission.payload);
  if (!parsed.success) return { kind: "refused", submission, detail: "What is kept of it can no longer be read." };
  const { notice, lead } = parsed.data;
  const told = lead ?? (notice.answers === null ? undefined : { origin: notice.origin, answers: notice.answers });
  if (told) return readAd(submission, { notice, lead: told }, workspaceCountry);

  const source = await ctx.providers.leadAds(ctx, submission.provider);
  if (!source) return { kind: "failed", submission, detail: "The vendor is not connected, or is switched off." };
  const fetched = await source.vendor.fetch(submission.externalId);
  if (fetched.kind !== "fetched") return { ...fetched, submission };
  return readAd(submission, { notice, lead: keptLead(storableJson(fetched)) }, workspaceCountry);
}

function readAd(submission: DueSubmission, payload: Required<AdPayload>, workspaceCountry: string): Prepared {
  const { notice, lead } = payload;
  const fields = readAnswers(submission.externalId, lead.answers, joinOrigins(notice.origin, lead.origin));
  const read = readFields(fields, { source: "META", workspaceCountry });
  return read.ok
    ? { kind: "ready", submission, row: read.row, faults: read.faults, payload }
    : { kind: "faulty", submission, faults: read.faults, payload };
}
