import { isDeepStrictEqual } from "node:util";
import { isSupportedCountry } from "libphonenumber-js/min";
import { allow, type Context, inTransaction } from "#platform/context.ts";
import { emit } from "#platform/events.ts";
import { Invalid } from "#platform/problems.ts";
import { settingsChanged } from "../messages.ts";
import { getWorkspaceSettings, lockSettings, updateSettingsRow, type WorkspaceSettings } from "../queries/settings.ts";
import { refuseStale } from "../refuse-stale.ts";
import type { SettingsInput } from "../settings.ts";

type Change = { field: string; from: unknown; to: unknown };

function changesBetween(before: WorkspaceSettings, wanted: Partial<SettingsInput>): Change[] {
  const asked = Object.entries(wanted).filter(([, to]) => to !== undefined);
  const known = new Map<string, unknown>(Object.entries(before));
  return asked
    .map(([field, to]) => ({ field, from: known.get(field), to }))
    .filter(({ from, to }) => !isDeepStrictEqual(from, to));
}

/**
 * Changes the settings that are given and leaves the others. What did not change is not written and not told. `expected`: the `updatedAt`
 * that the change was made from. Throws Invalid, ChangedElsewhere.
 */
export async function updateSettings(
  ctx: Context,
  wanted: Partial<SettingsInput>,
  expected?: string,
): Promise<WorkspaceSettings> {
  allow(ctx, "workspace:write");
  if (wanted.country && !isSupportedCountry(wanted.country)) {
    throw Invalid(undefined, [
      {
        pointer: "/country",
        detail: "This country has no telephone numbers of its own: choose the one whose code its phones use.",
      },
    ]);
  }
  return inTransaction(ctx, async (tx) => {
    const before = await lockSettings(tx);
    const { updatedAt } = before;
    await refuseStale(tx, { expected, updatedAt, told: [settingsChanged], about: { subjectId: tx.workspace } });
    const changes = changesBetween(before, wanted);
    if (changes.length === 0) return before;
    await updateSettingsRow(tx, wanted);
    await emit(tx, settingsChanged, { changes }, { subjectId: tx.workspace });
    return getWorkspaceSettings(tx);
  });
}
