import { allow, type Context } from "#platform/context.ts";
import { sha256 } from "#platform/ids.ts";
import { firstOf, type Given, hasConsented, isMachine, readForm } from "../intake/read-form.ts";
import { RESERVED } from "../intake/source-settings.ts";
import { getWorkspaceSettings } from "#domains/accounts/index.ts";
import { readFields } from "../lead-fields.ts";
import type { IntakeSource } from "../queries/intake-sources.ts";
import { insertSubmissions } from "../queries/submissions.ts";
import type { FieldFault } from "../upsert/lead-row.ts";
import { takeInThese } from "./take-in-submissions.ts";

export type Submitted = {
  given: Given;
  /** What tells a repeat, where the sender says it. */
  key: string | null;
  pageUrl: string | null;
  ip: string;
  /** Filled in faster than a person can. */
  isTooFast: boolean;
};

/** A repeat that says nothing of itself is told by its content, for this long. */
const REPEAT_MS = 600_000;

/**
 * Takes what a form or a program gave: it is kept first, then taken in at once; should that fail, a loop does it again. Whether the person was known
 * is not told to anybody outside. With `faults` nothing was kept: they leave nobody, or a person
 * at a form can mend them. A machine is thanked like anybody else, and its
 * words are kept apart.
 */
export async function submitForm(
  ctx: Context,
  source: IntakeSource,
  submitted: Submitted,
): Promise<{ faults: FieldFault[] }> {
  allow(ctx, "leads:write");
  const { given, ip } = submitted;
  const { country } = await getWorkspaceSettings(ctx);
  const isSpam = submitted.isTooFast || isMachine(given);
  const read = readFields(readForm(given, source.settings, source.kind), { source: "API", workspaceCountry: country });
  // A program hears of faults among its submissions; a person can mend them now.
  const isMendable = source.kind === "form" && read.faults.length > 0;
  if (!isSpam && (!read.ok || isMendable)) return { faults: read.faults };
  const ids = await insertSubmissions(ctx, [
    {
      provider: source.kind,
      externalId: `${source.id}:${keyOf(ctx, submitted)}`,
      sourceId: source.id,
      label: source.name,
      payload: { given, hasConsented: hasConsented(given) },
      pageUrl: submitted.pageUrl,
      ip,
      status: isSpam ? "SPAM" : "RECEIVED",
      detail: isSpam
        ? submitted.isTooFast
          ? "Filled in faster than a person can"
          : "The trap was filled in"
        : undefined,
    },
  ]);
  try {
    if (!isSpam) await takeInThese(ctx, ids);
  } catch (error) {
    ctx.log.error({ err: error, source: source.id }, "a submission is taken in later");
  }
  return { faults: [] };
}

function keyOf(ctx: Context, { given, key }: Submitted): string {
  const said = key ?? (firstOf(given, RESERVED.id) || null);
  if (said !== null) return `key:${sha256(said)}`;
  const told = Object.entries(given).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `same:${sha256(JSON.stringify(told))}:${Math.floor(ctx.now().getTime() / REPEAT_MS)}`;
}
