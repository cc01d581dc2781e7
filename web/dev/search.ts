import { choice, list, listParams, searchOf, type Search } from "#web/search.ts";

export const GALLERY_TABS = ["controls", "data", "feedback", "overlays"] as const;

export const gallerySearch = searchOf({ tab: choice(GALLERY_TABS) });

/** How the example's pretended server answers, so that each state of a list can be seen and tested. */
export const ANSWERS = ["slow", "empty", "broken", "forbidden", "half"] as const;

export const exampleSearch = searchOf({
  ...listParams,
  status: list,
  channel: list,
  company: list,
  answer: choice(ANSWERS),
});
export type ExampleSearch = Search<typeof exampleSearch>;
