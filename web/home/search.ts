import { choice, searchOf, type Search } from "#web/search.ts";

/** Over how many days the chart looks back, as the URL writes it. */
export const PERIODS = ["7", "30", "90"] as const;
export type Period = (typeof PERIODS)[number];

export const homeSearch = searchOf({ days: choice(PERIODS) });
export type HomeSearch = Search<typeof homeSearch>;

export const periodOf = ({ days }: HomeSearch): Period => days ?? "30";
