import type { Context } from "#platform/context.ts";
import { storableJson } from "#platform/http/json.ts";
import { forEach } from "#platform/loops.ts";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import type { CustomField } from "../custom-fields.ts";
import { readFields } from "../lead-fields.ts";
import { listFieldRows } from "../queries/custom-fields.ts";
import { findIntakeSources, type IntakeSource } from "../queries/intake-sources.ts";
import type { DueSubmission } from "../queries/submissions.ts";
import { INTAKE_KINDS, type IntakeKind } from "../sets.ts";
import type { FieldFault, LeadRow } from "../upsert/lead-row.ts";
import { answersToFields } from "./answers-to-fields.ts";
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

/** What a workspace reads submissions by. */
type Reading = { workspaceCountry: string; customFields: readonly CustomField[] };

const UNREADABLE = "What is kept of it can no longer be read.";

/** Leads that are asked for at once, over all vendors. */
const FETCHES_AT_ONCE = 8;

/** Reads submissions into rows, in their order; asks the vendor for those of which only a notice has come. Not in a transaction. */
export async function prepareSubmissions(ctx: Context, due: readonly DueSubmission[]): Promise<Prepared[]> {
  if (ctx.db.isTransaction) throw new Error("No vendor is called inside a transaction");
  const { country: workspaceCountry } = await getWorkspaceSettings(ctx);
  const reading: Reading = { workspaceCountry, customFields: await listFieldRows(ctx) };
  const sources = await findIntakeSources(
    ctx,
    due.flatMap(({ sourceId }) => sourceId ?? []),
  );
  const prepared = new Map<string, Prepared>();
  await forEach(due, FETCHES_AT_ONCE, async (submission) => {
    const one = isKind(submission.provider)
      ? prepareForm(submission, submission.provider, sources.get(submission.sourceId ?? "") ?? null, reading)
      : await prepareAd(ctx, submission, reading);
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
  reading: Reading,
): Prepared {
  const parsed = formPayloadSchema.safeParse(submission.payload);
  if (!parsed.success) return { kind: "refused", submission, detail: UNREADABLE };
  const { given, hasConsented } = parsed.data;
  const answers = readForm(given, source?.settings ?? sourceSettingsSchema.parse({}), kind);
  const fields = answersToFields(answers, reading.customFields);
  const sourceLabel = submission.label ?? undefined;
  const read = readFields(fields, { source: "API", sourceLabel, ...reading });
  if (!read.ok) return { kind: "faulty", submission, faults: read.faults, payload: null };
  const { row, faults } = read;
  const consent = hasConsented && (source?.settings.consentText ?? null) !== null;
  return { kind: "ready", submission, row, faults, payload: null, source, consent };
}

async function prepareAd(ctx: Context, submission: DueSubmission, reading: Reading): Promise<Prepared> {
  const parsed = adPayloadSchema.safeParse(submission.payload);
  if (!parsed.success) return { kind: "refused", submission, detail: UNREADABLE };
  const { notice, lead } = parsed.data;
  const told = lead ?? (notice.answers === null ? undefined : { origin: notice.origin, answers: notice.answers });
  if (told) return readAd(submission, { notice, lead: told }, reading);

  const source = await ctx.providers.leadAds(ctx, submission.provider);
  if (!source) return { kind: "failed", submission, detail: "The vendor is not connected, or is switched off." };
  const fetched = await source.vendor.fetch(submission.externalId);
  if (fetched.kind !== "fetched") return { ...fetched, submission };
  return readAd(submission, { notice, lead: keptLead(storableJson(fetched)) }, reading);
}

function readAd(submission: DueSubmission, payload: Required<AdPayload>, reading: Reading): Prepared {
  const { notice, lead } = payload;
  const answers = readAnswers(submission.externalId, lead.answers, joinOrigins(notice.origin, lead.origin));
  const read = readFields(answersToFields(answers, reading.customFields), { source: "META", ...reading });
  return read.ok
    ? { kind: "ready", submission, row: read.row, faults: read.faults, payload, source: null, consent: false }
    : { kind: "faulty", submission, faults: read.faults, payload };
}
