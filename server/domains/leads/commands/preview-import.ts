import { allow, type Context } from "#platform/context.ts";
import { newId } from "#platform/ids.ts";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import { openUpload } from "../imports/describe.ts";
import { hasUpload, uploadPath } from "../imports/files.ts";
import { readRecord, type ReadRecord, type RowReader } from "../imports/rows.ts";
import { ImportFileGone, ImportNotFound, ImportNotInState } from "../problems.ts";
import { listFieldRows } from "../queries/custom-fields.ts";
import { findImport } from "../queries/imports.ts";
import { loadKnownLeads, loadRowKeys } from "../queries/upsert-load.ts";
import { mayImport } from "../rules.ts";
import type { FieldChange } from "../upsert/draft.ts";
import { wantedBy, type KnownLead } from "../upsert/known.ts";
import { planUpsert, type RowOutcome } from "../upsert/plan.ts";

const PREVIEW_ROWS = 20;

export type PreviewRow = {
  line: number;
  cells: string[];
  faults: ReadRecord["faults"];
  outcome: "create" | "update" | "unchanged" | "conflict" | "faulty";
  /** The lead that is updated or stays; null when the row makes one. */
  lead: { id: string; name: string } | null;
  /** The earlier row of the file whose new lead this row is about. */
  sameAsLine: number | null;
  otherLeadId: string | null;
  changes: FieldChange[];
};

/** What the first 20 rows would do, worked out by the rules of the import itself; nothing is written. */
export async function previewImport(ctx: Context, dataDir: string, importId: string): Promise<PreviewRow[]> {
  allow(ctx, "leads:import");
  const job = await findImport(ctx, importId);
  if (!job) throw ImportNotFound();
  if (!mayImport(job.status, "preview")) throw ImportNotInState(`The import is ${job.status}.`);
  const path = uploadPath(dataDir, job.fileKey);
  if (!(await hasUpload(path))) throw ImportFileGone();

  const settings = await getWorkspaceSettings(ctx);
  const records = await firstRecords(path, {
    mapping: job.mapping,
    options: job.options,
    fileName: job.fileName,
    workspaceCountry: settings.country,
    customFields: await listFieldRows(ctx),
  });
  const rows = records.flatMap(({ row }) => (row ? [row] : []));
  const wanted = wantedBy(rows);
  const known = await loadKnownLeads(ctx, wanted, "look");
  const plan = planUpsert(rows, known, await loadRowKeys(ctx, wanted.rows), {
    policy: job.options.policy,
    overwriteFields: job.options.overwriteFields,
    now: ctx.now(),
    workspaceZone: settings.timeZone,
    makeId: () => newId("lead"),
  });
  return describe(records, plan.outcomes, known);
}

async function firstRecords(path: string, reader: RowReader): Promise<ReadRecord[]> {
  const file = await openUpload(path);
  const records: ReadRecord[] = [];
  try {
    for await (const record of file.records) {
      if (record.kind === "stopped") break;
      records.push(readRecord(record, reader));
      if (records.length >= PREVIEW_ROWS) break;
    }
  } finally {
    await file.records.return(undefined);
  }
  return records;
}

const KINDS = { created: "create", updated: "update", unchanged: "unchanged", conflict: "conflict" } as const;

function describe(
  records: readonly ReadRecord[],
  outcomes: readonly RowOutcome[],
  known: readonly KnownLead[],
): PreviewRow[] {
  const rest = outcomes.values();
  const madeOn = new Map<string, number>();
  return records.map(({ line, cells, faults, row }): PreviewRow => {
    const outcome = row ? rest.next().value : undefined;
    if (!outcome)
      return { line, cells, faults, outcome: "faulty", lead: null, sameAsLine: null, otherLeadId: null, changes: [] };
    const sameAsLine = madeOn.get(outcome.leadId) ?? null;
    if (outcome.kind === "created") madeOn.set(outcome.leadId, line);
    return {
      line,
      cells,
      faults,
      outcome: KINDS[outcome.kind],
      lead: nameOf(known.find(({ id }) => id === outcome.leadId)),
      sameAsLine,
      otherLeadId: outcome.kind === "conflict" ? outcome.otherLeadId : null,
      changes: outcome.kind === "conflict" ? [] : outcome.changes,
    };
  });
}

function nameOf(lead: KnownLead | undefined): PreviewRow["lead"] {
  if (!lead) return null;
  const name = `${lead.firstName} ${lead.lastName}`.trim();
  return { id: lead.id, name: name || (lead.addresses[0]?.value ?? "") };
}
