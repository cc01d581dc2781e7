import { CHANNELS } from "#domains/messaging/channels.ts";
import { SEQUENCE_STATUSES } from "#domains/outreach/states.ts";
import { choice, listParams, searchOf, text, type Search } from "#web/search.ts";

export const scriptsSearch = searchOf({ ...listParams, type: choice(CHANNELS) });
export type ScriptsSearch = Search<typeof scriptsSearch>;

/** `lead` is whom the preview is for. */
export const scriptSearch = searchOf({ lead: text });
export type ScriptSearch = Search<typeof scriptSearch>;

export const sequencesSearch = searchOf({ ...listParams, status: choice(SEQUENCE_STATUSES) });
export type SequencesSearch = Search<typeof sequencesSearch>;
