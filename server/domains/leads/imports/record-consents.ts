import type { Context } from "#platform/context.ts";
import { emitMany } from "#platform/events.ts";
import { consentRecorded } from "../messages.ts";
import { type FileConsent, insertFileConsents } from "../queries/consents.ts";
import type { ImportFault } from "../queries/imports.ts";
import type { RowOutcome } from "../upsert/plan.ts";
import type { ReadRecord } from "./rows.ts";

/**
 * Writes down, for each person of a batch, the consent that whoever imports says the file is proof of. Of a person who stands in it twice, the
 * first line is the proof. Answers the rows whose people had taken it back: a file does not outweigh their no.
 */
export async function recordConsents(
  tx: Context,
  fileName: string,
  consent: FileConsent,
  rows: readonly ReadRecord[],
  outcomes: readonly RowOutcome[],
): Promise<ImportFault[]> {
  const lines = new Map<string, ReadRecord>();
  const rest = outcomes.values();
  for (const record of rows) {
    const outcome = record.row ? rest.next().value : undefined;
    if (outcome && outcome.kind !== "conflict" && !lines.has(outcome.leadId)) lines.set(outcome.leadId, record);
  }
  const leads = [...lines].map(([leadId, { line }]) => ({ leadId, proof: `${fileName}, line ${line}` }));
  const { given, withdrawn } = await insertFileConsents(tx, leads, consent);
  const { basis } = consent;
  await emitMany(
    tx,
    consentRecorded,
    given.map(({ id, leadId, channel }) => ({
      leadId,
      subjectId: id,
      payload: { consentId: id, kind: "GIVEN" as const, channel, basis },
    })),
  );
  return withdrawn.flatMap(({ leadId, channel }) => {
    const record = lines.get(leadId);
    const reason = `The person took this back for ${channel}: the file does not give it again.`;
    return record
      ? [{ line: record.line, cells: record.cells, column: "", value: consent.source, reason, isFatal: false }]
      : [];
  });
}
