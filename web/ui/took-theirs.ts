/** What a save answers when the person chose to keep what somebody else had written instead: there is nothing to be undone or announced. */
export const TOOK_THEIRS = Symbol("took theirs");
