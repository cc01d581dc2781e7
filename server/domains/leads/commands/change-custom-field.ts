import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { Invalid } from "#platform/problems.ts";
import { refuseStale } from "#domains/accounts/index.ts";
import { type CustomField, whyNotOptions } from "../custom-fields.ts";
import { customFieldChanged } from "../messages.ts";
import { FieldInUse, FieldKeyTaken, FieldNotFound } from "../problems.ts";
import { countHolders, findField, listFieldRows, orderFields, updateField } from "../queries/custom-fields.ts";
import { fold } from "../search-text.ts";

export type CustomFieldPatch = Partial<Pick<CustomField, "label" | "type" | "options">> & {
  archived?: boolean;
  /** Drops options that leads hold; the leads keep them until somebody chooses another. */
  dropInUse?: boolean;
};

/** Above this many it is said "more than". */
const COUNTED = 10_000;
const inWords = (count: number) =>
  count > COUNTED ? `more than ${COUNTED} leads hold` : count === 1 ? "1 lead holds" : `${count} leads hold`;

/**
 * Renames a field, changes its options, archives it or takes it back. Its type changes only while no lead has a value; an option that leads
 * hold goes only with `dropInUse`. `expected`: the `updatedAt` that the change was made from. Throws FieldNotFound, FieldInUse, FieldKeyTaken,
 * ChangedElsewhere.
 */
export async function changeCustomField(
  ctx: Context,
  id: string,
  patch: CustomFieldPatch,
  expected?: string,
): Promise<void> {
  allow(ctx, "leads:write");
  await inTransaction(ctx, async (tx) => {
    const field = await findField(tx, id, { lock: true });
    if (!field) throw FieldNotFound();
    const { updatedAt } = field;
    await refuseStale(tx, { expected, updatedAt, told: [customFieldChanged], about: { subjectId: id } });
    const { label = field.label, type = field.type, options = field.options, archived, dropInUse = false } = patch;
    const why = whyNotOptions(type, options);
    if (why) throw Invalid(undefined, [{ pointer: "/options", detail: why }]);
    if (type !== field.type) await refuseTypeInUse(tx, field);
    else if (!dropInUse) await refuseOptionsInUse(tx, field, options);
    const isBack = archived === false || (archived === undefined && field.archivedAt === null);
    if (isBack) await refuseLabelTaken(tx, id, label);
    const archivedAt = archived === undefined ? field.archivedAt : archived ? (field.archivedAt ?? tx.now()) : null;
    await updateField(tx, id, { label, type, options, archivedAt });
    const what = archived === undefined ? "changed" : archived ? "archived" : "restored";
    await emit(tx, customFieldChanged, { customFieldId: id, key: field.key, what }, { subjectId: id });
  });
}

async function refuseTypeInUse(tx: Context, { key }: CustomField): Promise<void> {
  const count = await countHolders(tx, key, COUNTED + 1);
  if (count > 0)
    throw FieldInUse(`The type stays: ${inWords(count)} a value.`, [
      { pointer: "/type", detail: `${inWords(count)} a value: make another field instead.` },
    ]);
}

async function refuseOptionsInUse(tx: Context, { key, options }: CustomField, next: readonly string[]): Promise<void> {
  const kept = new Set(next.map((option) => option.toLowerCase()));
  const held: string[] = [];
  for (const option of options.filter((one) => !kept.has(one.toLowerCase()))) {
    const count = await countHolders(tx, key, COUNTED + 1, option);
    if (count > 0) held.push(`${inWords(count)} “${option}”`);
  }
  if (held.length > 0)
    throw FieldInUse(`${held.join(", ")}.`, [{ pointer: "/options", detail: `${held.join(", ")}.` }]);
}

async function refuseLabelTaken(tx: Context, id: string, label: string): Promise<void> {
  const alike = (await listFieldRows(tx)).find((one) => one.id !== id && fold(one.label) === fold(label));
  if (alike) throw FieldKeyTaken(undefined, [{ pointer: "/label", detail: "Another field has this name." }]);
}

/** Puts the fields in the order of the ids. */
export async function orderCustomFields(ctx: Context, ids: readonly string[]): Promise<void> {
  allow(ctx, "leads:write");
  await inTransaction(ctx, async (tx) => {
    await orderFields(tx, ids);
    const [first] = await listFieldRows(tx);
    if (first) await emit(tx, customFieldChanged, { customFieldId: first.id, key: first.key, what: "ordered" }, {});
  });
}
