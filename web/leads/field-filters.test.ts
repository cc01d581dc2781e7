import { expect, test } from "vitest";
import type { CustomFieldView } from "#domains/leads/contract.ts";
import { fieldFilters, fieldValues, withConditions } from "#web/leads/field-filters.ts";
import { differsFrom, searchOfView } from "#web/leads/views.ts";

const field = (key: string, type: CustomFieldView["type"], options: string[] = []): CustomFieldView => ({
  id: `cfld_${key}`,
  key,
  label: key.toUpperCase(),
  type,
  options,
  position: 0,
  archivedAt: null,
  updatedAt: "2026-03-02T09:00:00.000Z",
});

test("conditions of the address stand as chips of their fields, and one on a field that is gone can be taken out", () => {
  const conditions = ["plan:is:Gold", "plan:is:Silver", "seats:above:5", "old:set"];
  expect(fieldValues(conditions)).toEqual({
    "custom.plan": ["is:Gold", "is:Silver"],
    "custom.seats": ["above:5"],
    "custom.old": ["set"],
  });
  const filters = fieldFilters([field("plan", "select", ["Gold", "Silver"]), field("seats", "number")], conditions);
  expect(filters.map(({ id, kind }) => `${id} ${kind}`)).toEqual([
    "custom.plan choice",
    "custom.seats condition",
    "custom.old condition",
  ]);
  expect(withConditions({ "custom.plan": ["is:Gold"], "custom.old": undefined }, conditions)).toEqual({
    custom: ["seats:above:5", "plan:is:Gold"],
  });
  expect(withConditions({ status: ["NEW"] }, conditions)).toEqual({ status: ["NEW"] });
  expect(withConditions({ "custom.seats": undefined }, ["seats:above:5"])).toEqual({ custom: undefined });
});

test("a saved filter opens as an address, and the list says when it shows something else", () => {
  const view = {
    id: "view_1",
    name: "Gold",
    filter: { custom: ["plan:is:Gold"], hasEmail: true, search: "ana", tagsNone: ["tag_1"] },
    columns: [],
    sort: "-createdAt" as const,
    shared: true,
    gone: [],
    createdBy: null,
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: "2026-01-01T00:00:00Z",
  };
  const search = searchOfView(view);
  expect(search).toEqual({
    custom: ["plan:is:Gold"],
    hasEmail: "true",
    q: "ana",
    tagsNone: ["tag_1"],
    sort: "-createdAt",
    view: "view_1",
  });
  expect(differsFrom(view, { ...search, row: "lead_1" })).toBe(false);
  expect(differsFrom(view, { ...search, status: ["NEW"] })).toBe(true);
});
