import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { Invalid } from "#platform/problems.ts";
import { type CustomField, MOST_FIELDS, whyNotOptions } from "../custom-fields.ts";
import { customFieldChanged } from "../messages.ts";
import { FieldKeyTaken } from "../problems.ts";
import { insertField, listFieldRows } from "../queries/custom-fields.ts";
import { fold } from "../search-text.ts";

/** A key for scripts and files made of a label: `Renews on` is `renews_on`. */
export function keyOf(label: string): string {
  const slug = fold(label)
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 50);
  return /^[a-z]/.test(slug) ? slug : `field_${slug}`.replace(/_$/, "");
}

/** Makes a field and returns its id. Throws FieldKeyTaken. */
export async function createCustomField(
  ctx: Context,
  field: Pick<CustomField, "label" | "type" | "options"> & { key?: string },
): Promise<string> {
  allow(ctx, "leads:write");
  const why = whyNotOptions(field.type, field.options);
  if (why) throw Invalid(undefined, [{ pointer: "/options", detail: why }]);
  return inTransaction(ctx, async (tx) => {
    const known = await listFieldRows(tx, { archived: true });
    if (known.length >= MOST_FIELDS)
      throw Invalid(undefined, [{ pointer: "", detail: `A workspace has at most ${MOST_FIELDS} fields.` }]);
    const alike = known.find(({ label, archivedAt }) => archivedAt === null && fold(label) === fold(field.label));
    if (alike) throw FieldKeyTaken(undefined, [{ pointer: "/label", detail: "Another field has this name." }]);
    const key = field.key ?? keyOf(field.label);
    const customFieldId = await insertField(tx, { ...field, key });
    if (customFieldId === undefined)
      throw FieldKeyTaken(`The key is ${key}.`, [
        { pointer: field.key === undefined ? "/label" : "/key", detail: "Another field has it, archived perhaps." },
      ]);
    await emit(tx, customFieldChanged, { customFieldId, key, what: "created" }, { subjectId: customFieldId });
    return customFieldId;
  });
}
