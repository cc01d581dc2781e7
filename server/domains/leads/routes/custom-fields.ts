import { implement } from "@orpc/server";
import { allow, type Context } from "#platform/context.ts";
import { instantOrNull } from "#platform/http/instants.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { changeCustomField, orderCustomFields } from "../commands/change-custom-field.ts";
import { createCustomField } from "../commands/create-custom-field.ts";
import { customFieldOperations, type CustomFieldView } from "../contract/custom-fields.ts";
import { FieldNotFound } from "../problems.ts";
import { type CustomFieldRow, findField, listFieldRows } from "../queries/custom-fields.ts";

const os = implement(customFieldOperations).$context<RequestContext>();

const show = ({ archivedAt, updatedAt, ...field }: CustomFieldRow): CustomFieldView => ({
  ...field,
  archivedAt: instantOrNull(archivedAt),
  updatedAt: updatedAt.toISOString(),
});

async function showOne(ctx: Context, id: string): Promise<CustomFieldView> {
  const field = await findField(ctx, id);
  if (!field) throw FieldNotFound();
  return show(field);
}

export const customFieldHandlers = {
  list: os.list.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "leads:read");
    return { data: (await listFieldRows(ctx, input)).map(show) };
  }),
  create: os.create.handler(async ({ context: { ctx }, input }) => showOne(ctx, await createCustomField(ctx, input))),
  change: os.change.handler(async ({ context: { ctx }, input: { customFieldId, expectedUpdatedAt, ...patch } }) => {
    await changeCustomField(ctx, customFieldId, patch, expectedUpdatedAt);
    return showOne(ctx, customFieldId);
  }),
  order: os.order.handler(async ({ context: { ctx }, input }) => {
    await orderCustomFields(ctx, input.ids);
    return { data: (await listFieldRows(ctx)).map(show) };
  }),
};
