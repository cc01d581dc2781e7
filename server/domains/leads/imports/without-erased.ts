import type { Context } from "#platform/context.ts";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import { normaliseEmail, normaliseLinkedIn, normalisePhone, type Normalised, type PhoneCountries } from "../address.ts";
import { type Address, findErasedSince } from "../queries/erased-addresses.ts";
import type { ImportRow } from "../queries/imports.ts";
import { lockAddresses } from "../queries/upsert-load.ts";
import { rowKeyOf, wantedBy } from "../upsert/known.ts";
import type { LeadRow } from "../upsert/lead-row.ts";
import { NUMBER_LEFT_OUT, rowWithoutNumbers, textWithoutNumbers } from "../upsert/without-numbers.ts";
import type { ReadRecord } from "./rows.ts";

const ERASED = "This person's data was erased after the file was uploaded.";

/**
 * The records of a batch; of people who were erased since the file was uploaded only the line and why it is left out, of whoever shares a number
 * with one of them all but the number. Locks the addresses of all,
 * so that an erasure under way is over first, or waits until the batch is written. Rows that cannot be taken are looked through too, because
 * their cells are kept.
 */
export async function withoutErased(
  tx: Context,
  job: Pick<ImportRow, "createdAt" | "options" | "headers">,
  records: readonly ReadRecord[],
): Promise<ReadRecord[]> {
  const { country } = await getWorkspaceSettings(tx);
  const countries = { importCountry: job.options.country, workspaceCountry: country };
  const addresses = records.map(
    ({ row, cells }) => row?.identities ?? cells.flatMap((cell) => addressesIn(cell, countries)),
  );
  const wanted = wantedBy(records.flatMap(({ row }) => row ?? []));
  await lockAddresses(tx, { ...wanted, addresses: [...wanted.addresses, ...addresses.flat()] });
  const given = addresses.map((own, place) => ({
    addresses: own,
    row: rowOf(records[place]?.row),
    givenAt: job.createdAt,
  }));
  const { people, numbers } = await findErasedSince(tx, given);
  return records.map((record, place) => {
    const shared = numbers.get(place);
    if (people.has(place) || (shared && !record.row)) return leftOut(record);
    return shared ? withoutNumbers(record, shared, job.headers) : record;
  });
}

function rowOf(row: LeadRow | undefined) {
  const key = row && rowKeyOf(row);
  return row && key !== undefined ? { source: row.source, key } : undefined;
}

function withoutNumbers(record: ReadRecord, numbers: readonly string[], headers: readonly string[]): ReadRecord {
  const cells = record.cells.map((cell) => textWithoutNumbers(cell, numbers));
  const column = headers[cells.findIndex((cell, place) => cell !== record.cells[place])] ?? "";
  const clean = (text: string) => textWithoutNumbers(text, numbers);
  return {
    ...record,
    cells,
    faults: [
      ...record.faults.map((fault) => ({ ...fault, value: clean(fault.value) })),
      { column, value: "", reason: NUMBER_LEFT_OUT },
    ],
    ...(record.row && { row: rowWithoutNumbers(record.row, numbers) }),
  };
}

const leftOut = ({ line, cells }: ReadRecord): ReadRecord => ({
  line,
  cells: cells.map(() => ""),
  faults: [{ column: "", value: "", reason: ERASED }],
});

/** What looks like an address within words. */
const LOOKS = /[^\s<>,;:"'()]+@[^\s<>,;:"'()]+|\S*linkedin\.com\/\S+|\+?[\d(][\d\s()./-]{5,}\d/giu;

/** The addresses in a cell: nobody knows of its column what it was meant for. */
function addressesIn(cell: string, countries: PhoneCountries): Address[] {
  const read = (kind: Address["kind"], result: Normalised) => (result.ok ? [{ kind, value: result.value }] : []);
  return [...cell.matchAll(LOOKS)].flatMap(([text]) => {
    if (/linkedin\.com/i.test(text)) return read("LINKEDIN", normaliseLinkedIn(text));
    return text.includes("@") ? read("EMAIL", normaliseEmail(text)) : read("PHONE", normalisePhone(text, countries));
  });
}
