import type { Context } from "#platform/context.ts";
import { storableJson } from "#platform/http/json.ts";
import { forEach } from "#platform/loops.ts";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import { readFields } from "../lead-fields.ts";
import { findIntakeSources, type IntakeSource } from "../queries/intake-sources.ts";
import type { DueSubmission } from "../queries/submissions.ts";
import { INTAKE_KINDS, type IntakeKind } from "../sets.ts";
import type { FieldFault, LeadRow } from "../upsert/lead-row.ts";
import { joinOrigins, readAnswers } from "./read-answers.ts";
import { formPayloadSchema, readForm } from "./read-form.ts";
import { adPayloadSchema, keptLead, type AdPayload } from "./read-submission.ts";
import { sourceSettingsSchema } from "./source-settings.ts";

/** A submission whose person is known: what upsert takes, and what is kept with it. */
export type Ready = {
  kind: "ready";
  submission: DueSubmission;
  row: LeadRow;
  faults: FieldFault[];
  /** What was fetched meanwhile; null where nothing was. */
  payload: unknown;
  /** The form or program that gave it; null for an advertisement, and where it was deleted meanwhile. */
  source: IntakeSource | null;
  /** The person ticked the box of the form. */
  consent: boolean;
};

export type Prepared =
  | Ready
  /** Nobody can be made of it. */
  | { kind: "faulty"; submission: DueSubmission; faults: FieldFault[]; payload: unknown }
  /** It may be had later. */
  | { kind: "failed"; submission: DueSubmission; detail: string; retryAfterSeconds?: number }
  /** It cannot be had. */
  | { kind: "refused"; submission: DueSubmission; detail: string };

const UNREADABLE = "What is kept of it can no longer be read.";

/** Leads that are asked for at once, over all vendors. */
const FETCHES_AT_ONCE = 8;

/** Reads submissions into rows, in their order; asks the vendor for those of which only a notice has come. Not in a transaction. */
export async function prepareSubmissions(ctx: Context, due: readonly DueSubmission[]): Promise<Prepared[]> {
  if (ctx.db.isTransaction) throw new Error("No vendor is called inside a transaction");
  const { country } = await getWorkspaceSettings(ctx);
  const sources = await findIntakeSources(
    ctx,
    due.flatMap(({ sourceId }) => sourceId ?? []),
  );
  const prepared = new Map<string, Prepared>();
  await forEach(due, FETCHES_AT_ONCE, async (submission) => {
    const one = isKind(submission.provider)
      ? prepareForm(submission, submission.provider, sources.get(submission.sourceId ?? "") ?? null, country)
      : await prepareAd(ctx, submission, country);
    prepared.set(submission.id, one);
  });
  return due.flatMap(({ id }) => prepared.get(id) ?? []);
}

const isKind = (provider: string): provider is IntakeKind => INTAKE_KINDS.some((kind) => kind === provider);

/** A form's words by the settings of its source as they stand now, or the usual ones where it is gone. */
function prepareForm(
  submission: DueSubmission,
  kind: IntakeKind,
  source: IntakeSource | null,
  workspaceCountry: string,
): Prepared {
  const parsed = formPayloadSchema.safeParse(submission.payload);
  if (!parsed.success) return { kind: "refused", submission, detail: UNREADABLE };
  const { given, hasConsented } = parsed.data;
  const fields = readForm(given, source?.settings ?? sourceSettingsSchema.parse({}), kind);
  const sourceLabel = submission.label ?? undefined;
  const read = readFields(fields, { source: "API", sourceLabel, workspaceCountry });
  if (!read.ok) return { kind: "faulty", submission, faults: read.faults, payload: null };
  const { row, faults } = read;
  const consent = hasConsented && (source?.settings.consentText ?? null) !== null;
  return { kind: "ready", submission, row, faults, payload: null, source, consent };
}

async function prepareAd(ctx: Context, submission: DueSubmission, workspaceCountry: string): Promise<Prepared> {
  const parsed = adPayloadSchema.safeParse(submission.payload);
  if (!parsed.success) return { kind: "refused", submission, detail: UNREADABLE };
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
    ? { kind: "ready", submission, row: read.row, faults: read.faults, payload, source: null, consent: false }
    : { kind: "faulty", submission, faults: read.faults, payload };
}
