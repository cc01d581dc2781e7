import type { Context } from "#platform/context.ts";

/**
 * Where higher domains join in: told of leads who have just become customers, inside the transaction that records it, so that a conversion and
 * what it ends are one commit. The lead is locked.
 */
export type ConversionHook = {
  name: string;
  converted: (tx: Context, leadIds: readonly string[]) => Promise<void>;
};

const hooks: ConversionHook[] = [];

export function registerConversionHook(added: ConversionHook): void {
  if (hooks.some(({ name }) => name === added.name))
    throw new Error(`Conversion hook ${added.name} is registered twice`);
  hooks.push(added);
}

export async function tellConverted(tx: Context, leadIds: readonly string[]): Promise<void> {
  for (const hook of hooks) await hook.converted(tx, leadIds);
}
