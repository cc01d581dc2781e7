import { implement } from "@orpc/server";
import { allow, type Context } from "#platform/context.ts";
import { readCursor, toPage } from "#platform/http/cursor.ts";
import type { RequestContext } from "#platform/http/request-context.ts";
import { restoreVersion } from "../commands/restore-version.ts";
import {
  COMPARED,
  scriptVersionOperations,
  type VersionComparison,
  type VersionHeadView,
  type VersionView,
} from "../contract/script-versions.ts";
import { ScriptNotFound, ScriptVersionNotFound } from "../problems.ts";
import { findScript } from "../queries/script-rows.ts";
import {
  findVersion,
  findVersionsByNumber,
  listVersions,
  type VersionHead,
  type VersionRow,
} from "../queries/script-versions.ts";
import { diffWords } from "../word-diff.ts";
import { showDetail } from "./scripts.ts";

const os = implement(scriptVersionOperations).$context<RequestContext>();

const showHead = (row: VersionHead): VersionHeadView => ({
  id: row.id,
  scriptId: row.scriptId,
  number: row.number,
  name: row.name,
  restoredFrom: row.restoredFrom,
  by: { kind: row.actorKind, id: row.actorId, name: row.actorName },
  createdAt: row.createdAt.toISOString(),
});

const showVersion = (row: VersionRow): VersionView => {
  const { type, subject, preheader, content, format, vapiConfig } = row;
  return { ...showHead(row), type, subject, preheader, content, format, vapiConfig };
};

/** A part of a version as text that can be compared. */
const partOf = (row: VersionRow, part: (typeof COMPARED)[number]): string =>
  part === "voice" ? (row.vapiConfig ? voiceText(row.vapiConfig) : "") : (row[part] ?? "");

/** One setting a line, in the order of their names: the database does not keep the order in which they were written. */
const voiceText = (config: Record<string, unknown>) =>
  Object.entries(config)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("\n");

async function compareVersions(
  ctx: Context,
  { scriptId, from, to }: { scriptId: string; from: number; to: number },
): Promise<VersionComparison> {
  if (!(await findScript(ctx, scriptId))) throw ScriptNotFound();
  const found = await findVersionsByNumber(ctx, scriptId, [from, to]);
  const [before, after] = [found.get(from), found.get(to)];
  if (!before || !after) throw ScriptVersionNotFound();
  const changes = COMPARED.flatMap((part) => {
    const [old, now] = [partOf(before, part), partOf(after, part)];
    return old === now ? [] : [{ part, diff: diffWords(old, now) }];
  });
  return { from: showHead(before), to: showHead(after), changes };
}

export const scriptVersionRoutes = {
  list: os.list.handler(async ({ context: { ctx }, input: { scriptId, limit, cursor } }) => {
    allow(ctx, "outreach:read");
    if (!(await findScript(ctx, scriptId))) throw ScriptNotFound();
    const after = readCursor(cursor, (value) => Number.isInteger(value) && Number(value) > 0);
    const before = after ? Math.min(Number(after[0]), 1_000_000) : undefined;
    const rows = await listVersions(ctx, scriptId, { limit, before });
    return toPage(rows, limit, (row) => [row.number, row.id], showHead);
  }),
  compare: os.compare.handler(({ context: { ctx }, input }) => {
    allow(ctx, "outreach:read");
    return compareVersions(ctx, input);
  }),
  restore: os.restore.handler(async ({ context: { ctx }, input: { scriptId, versionNumber, expectedUpdatedAt } }) => {
    await restoreVersion(ctx, scriptId, versionNumber, expectedUpdatedAt);
    return showDetail(ctx, scriptId);
  }),
  get: os.get.handler(async ({ context: { ctx }, input }) => {
    allow(ctx, "outreach:read");
    const version = await findVersion(ctx, input.scriptVersionId);
    if (!version) throw ScriptVersionNotFound();
    return showVersion(version);
  }),
};
