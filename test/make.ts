import type { Context } from "#platform/context.ts";

/** Makes what tests need, through the same commands that people use. Grows with each domain. */
export const makersFor = (_ctx: Context) => ({});
