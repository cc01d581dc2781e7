import { z } from "zod";
import { endpoint, expectation, instant } from "#platform/http/endpoint.ts";
import { ChangedElsewhere } from "#platform/problems.ts";
import { FilterNameTaken, SavedFilterNotFound } from "../problems.ts";
import { leadFilterSchema, VIEW_SORTS } from "../rules.ts";

const tags = ["Saved filters"];
const id = z.string().max(60);
const savedFilterId = z.object({ savedFilterId: id });
const name = z.string().trim().min(1, "Give it a name").max(80);
const look = {
  /** As the list of leads takes it. */
  filter: leadFilterSchema,
  /** Columns that are shown, by their ids; the usual ones where it is empty. */
  columns: z.array(z.string().max(80)).max(100),
  /** `name`, `-createdAt`. */
  sort: z.enum(VIEW_SORTS).nullable(),
  /** Everybody's, or only its maker's. */
  shared: z.boolean(),
};

export const savedFilterSchema = z.object({
  id,
  name: z.string(),
  ...look,
  /** What it refers to that is not there any more, in sentences: these parts find nobody. */
  gone: z.array(z.string()),
  createdBy: id.nullable(),
  createdAt: instant,
  updatedAt: instant,
});
export type SavedFilterView = z.infer<typeof savedFilterSchema>;

export const savedFilterOperations = {
  list: endpoint("leads:read")
    .route({ method: "GET", path: "/saved-filters", tags, summary: "List saved filters of leads by name" })
    .output(z.object({ data: z.array(savedFilterSchema) })),
  get: endpoint("leads:read", SavedFilterNotFound)
    .route({ method: "GET", path: "/saved-filters/{savedFilterId}", tags, summary: "Show a saved filter" })
    .input(savedFilterId)
    .output(savedFilterSchema),
  create: endpoint("leads:write", FilterNameTaken)
    .route({ method: "POST", path: "/saved-filters", tags, summary: "Save a filter under a name", successStatus: 201 })
    .input(
      z.object({
        name,
        filter: look.filter,
        columns: look.columns.default([]),
        sort: look.sort.default(null),
        shared: look.shared.default(true),
      }),
    )
    .output(savedFilterSchema),
  change: endpoint("leads:write", SavedFilterNotFound, FilterNameTaken, ChangedElsewhere)
    .route({
      method: "PATCH",
      path: "/saved-filters/{savedFilterId}",
      tags,
      summary: "Change or rename a saved filter",
    })
    .input(
      savedFilterId.extend({
        name: name.optional(),
        filter: look.filter.optional(),
        columns: look.columns.optional(),
        sort: look.sort.optional(),
        shared: look.shared.optional(),
        ...expectation.shape,
      }),
    )
    .output(savedFilterSchema),
  delete: endpoint("leads:write", SavedFilterNotFound)
    .route({
      method: "DELETE",
      path: "/saved-filters/{savedFilterId}",
      tags,
      summary: "Delete a saved filter; its leads stay",
      successStatus: 204,
    })
    .input(savedFilterId),
};
