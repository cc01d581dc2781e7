import type { Context } from "#platform/context.ts";
import type { EventDefinition } from "#platform/events.ts";
import { ChangedElsewhere, type Changed } from "#platform/problems.ts";
import { findKeyName } from "./queries/api-keys.ts";
import { findLastEvent, type LastEvent } from "./queries/last-event.ts";
import { listMemberNames } from "./queries/members.ts";

export type Expectation = {
  /** The `updatedAt` that the caller read, as the request says it; undefined: the caller does not mind. */
  expected: string | undefined;
  /** As it is now, read under the row's lock: it holds until the commit. */
  updatedAt: Date;
  /** What the row's changes are told by, to say whose the last one was. */
  told: readonly Pick<EventDefinition<unknown>, "type">[];
  /** What those events are about: the row itself, or a lead. */
  about: { subjectId: string } | { leadId: string };
};

/** So far `updatedAt` may be ahead of the clock, after as many changes within one millisecond. */
const BURST_MS = 100;

/**
 * Refuses a change that was made from another state of the row than it has, and says who changed it and when. To be called under the
 * row's lock, before anything is written: of any number of changes made from one state one is carried out. Throws ChangedElsewhere.
 */
export async function refuseStale(tx: Context, { expected, updatedAt, told, about }: Expectation): Promise<void> {
  if (expected === undefined || Date.parse(expected) === updatedAt.getTime()) return;
  const last = await findLastEvent(
    tx,
    told.map(({ type }) => type),
    about,
  );
  // What was told before the caller read is not the change that they have not seen: nobody is named for it.
  const isNews = last !== undefined && last.at.getTime() >= Date.parse(expected) - BURST_MS;
  throw ChangedElsewhere(await changedBy(tx, isNews ? last : undefined, updatedAt));
}

/** Whoever told the last change of these kinds, as they are called now. */
export async function whoChangedLast(
  tx: Context,
  { told, about }: Pick<Expectation, "told" | "about">,
): Promise<string> {
  const types = told.map(({ type }) => type);
  const last = await findLastEvent(tx, types, about);
  return (last && (await nameOf(tx, last.actorKind, last.actorId))) ?? "Somebody";
}

async function changedBy(tx: Context, last: LastEvent | undefined, updatedAt: Date): Promise<Changed> {
  if (!last) return { at: updatedAt, by: null, fields: [] };
  const { actorKind: kind, actorId: id, payload } = last;
  return { at: last.at, by: { kind, id, name: await nameOf(tx, kind, id) }, fields: fieldsOf(payload) };
}

/** Null for whoever has left, a key that was revoked, and our own work. */
async function nameOf(tx: Context, kind: string, id: string | null): Promise<string | null> {
  if (id === null) return null;
  if (kind === "user") return (await listMemberNames(tx, [id])).get(id) ?? null;
  return kind === "api_key" ? ((await findKeyName(tx, id)) ?? null) : null;
}

/** Events name what changed in one of two ways, or not at all. */
function fieldsOf({ changed, changes }: Record<string, unknown>): string[] {
  if (Array.isArray(changed)) return changed.filter((field) => typeof field === "string");
  if (!Array.isArray(changes)) return [];
  return changes.flatMap((change: unknown) =>
    typeof change === "object" && change !== null && "field" in change && typeof change.field === "string"
      ? [change.field]
      : [],
  );
}
