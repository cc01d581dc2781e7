import { z } from "zod";
import { endpoint, expectation, instant } from "#platform/http/endpoint.ts";
import { ChangedElsewhere } from "#platform/problems.ts";
import { FIELD_KEY, MOST_FIELDS, MOST_OPTIONS } from "../custom-fields.ts";
import { FieldInUse, FieldKeyTaken, FieldNotFound } from "../problems.ts";
import { FIELD_TYPES } from "../sets.ts";

const tags = ["Custom fields"];
const id = z.string().max(60);
const customFieldId = z.object({ customFieldId: id });
const label = z.string().trim().min(1, "Give it a name").max(100);
const options = z.array(z.string().trim().min(1).max(100)).max(MOST_OPTIONS);

export const customFieldSchema = z.object({
  id,
  /** Names it in `custom` of a lead, in scripts as `{{ custom.key }}`, and in filters. It never changes. */
  key: z.string(),
  label: z.string(),
  type: z.enum(FIELD_TYPES),
  options: z.array(z.string()),
  position: z.int(),
  archivedAt: instant.nullable(),
  /** Of its name, type, options and archive: its place among the others is not its own. */
  updatedAt: instant,
});
export type CustomFieldView = z.infer<typeof customFieldSchema>;

export const customFieldOperations = {
  list: endpoint("leads:read")
    .route({ method: "GET", path: "/custom-fields", tags, summary: "List the workspace's own fields, in their order" })
    .input(
      z.object({
        /** Archived ones too, behind the others. */
        archived: z.union([z.boolean(), z.stringbool({ truthy: ["true"], falsy: ["false"] })]).default(false),
      }),
    )
    .output(z.object({ data: z.array(customFieldSchema) })),
  create: endpoint("leads:write", FieldKeyTaken)
    .route({ method: "POST", path: "/custom-fields", tags, summary: "Make a field", successStatus: 201 })
    .input(
      z.object({
        label,
        /** Made of the label unless told. */
        key: z.string().regex(FIELD_KEY, "Small letters, digits and low lines, a letter first").optional(),
        type: z.enum(FIELD_TYPES),
        options: options.default([]),
      }),
    )
    .output(customFieldSchema),
  change: endpoint("leads:write", FieldNotFound, FieldKeyTaken, FieldInUse, ChangedElsewhere)
    .route({
      method: "PATCH",
      path: "/custom-fields/{customFieldId}",
      tags,
      summary: "Rename a field, change its options, archive it",
      description:
        "The type changes only while no lead has a value. What leads have in an archived field stays with them, unseen, and comes back with it.",
    })
    .input(
      customFieldId.extend({
        label: label.optional(),
        type: z.enum(FIELD_TYPES).optional(),
        options: options.optional(),
        archived: z.boolean().optional(),
        /** Drops options that leads hold; the leads keep them until another is chosen. */
        dropInUse: z.boolean().optional(),
        ...expectation.shape,
      }),
    )
    .output(customFieldSchema),
  order: endpoint("leads:write")
    .route({ method: "PUT", path: "/custom-fields/order", tags, summary: "Put the fields in another order" })
    .input(z.object({ ids: z.array(id).max(MOST_FIELDS) }))
    .output(z.object({ data: z.array(customFieldSchema) })),
};
