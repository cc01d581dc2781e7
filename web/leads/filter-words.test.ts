import { expect, test } from "vitest";
import { leadFilterSchema, type LeadFilter } from "#domains/leads/rules.ts";
import { filterInWords } from "./filter-words.ts";

const names = {
  tags: [
    { id: "tag_1", name: "fair" },
    { id: "tag_2", name: "priority" },
  ],
  fields: [
    { key: "plan", label: "Plan", type: "select" },
    { key: "member", label: "Member", type: "boolean" },
  ],
  now: new Date("2026-03-02T12:00:00Z"),
  zone: "UTC",
} as const;
const words = (filter: LeadFilter) => filterInWords(filter, names);

const SAMPLES: { [Key in keyof Required<LeadFilter>]: [NonNullable<LeadFilter[Key]>, string] } = {
  status: [["NEW", "LOST"], "leads who are New or Lost"],
  source: [["META"], "leads from Meta lead ads"],
  country: [["DE", "AT"], "leads in DE or AT"],
  tagsAny: [["tag_1", "tag_2"], "leads tagged “fair” or “priority”"],
  tagsAll: [["tag_1", "tag_2"], "leads tagged “fair” and “priority”"],
  tagsNone: [["tag_3"], "leads not tagged “a tag that is gone”"],
  custom: [
    ["plan:is:Gold", "plan:is:Silver", "member:is:true", "gone:set"],
    "leads whose Plan is Gold or Silver and whose Member is yes and whose gone is known",
  ],
  scoreLabel: [["HOT", "WARM"], "leads whose score is Hot or Warm"],
  hasEmail: [false, "leads without an e-mail address"],
  hasPhone: [true, "leads with a phone number"],
  suppressed: [false, "leads without a suppressed address"],
  createdFrom: ["2026-02-01T00:00:00Z", "leads added from 1 Feb on"],
  createdBefore: ["2026-03-01T00:00:00Z", "leads added before 1 Mar"],
  search: ["roof", "leads found by “roof”"],
};

test("every restriction that a filter can hold is told: only a filter of nothing is every lead", () => {
  expect(Object.keys(SAMPLES).toSorted()).toEqual(Object.keys(leadFilterSchema.shape).toSorted());
  for (const [key, [value, said]] of Object.entries(SAMPLES)) {
    expect(words(leadFilterSchema.parse({ [key]: value })), key).toBe(said);
  }
  expect(words({})).toBe("every lead");
  expect(words({ status: [] })).toBe("every lead");
});

test("several restrictions stand beside each other", () => {
  expect(words({ source: ["META"], scoreLabel: ["HOT"], hasEmail: true })).toBe(
    "leads from Meta lead ads, whose score is Hot, with an e-mail address",
  );
});
