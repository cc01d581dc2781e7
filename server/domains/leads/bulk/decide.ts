import type { CustomValues } from "../custom-fields.ts";
import { SCOPES_OF, type SuppressionScope } from "../rules.ts";
import { fold } from "../search-text.ts";
import type { IdentityKind } from "../sets.ts";
import type { LeadStatus } from "../status.ts";
import type { Before, BulkDoing, LeadVerdict } from "./change.ts";

/** A lead as a bulk action looks at it. */
export type BulkLead = {
  id: string;
  status: LeadStatus;
  erasedAt: Date | null;
  custom: CustomValues;
  tags: readonly { name: string }[];
  addresses: readonly { kind: IdentityKind; value: string; isClosed: boolean }[];
};

const ERASED = "This person's data was erased.";
const GONE = "The lead was deleted.";
const CHANGED_SINCE = "It was changed since by somebody else.";

const same = (one: unknown, other: unknown) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/** What a bulk action does to one lead, and what the lead had before. Pure: the preview shows it, the job does it. */
export function decide(doing: BulkDoing, lead: BulkLead): LeadVerdict {
  const leadId = lead.id;
  const unchanged = { leadId, kind: "unchanged" as const };
  if (doing.kind !== "delete" && lead.erasedAt) return { leadId, kind: "refused", reason: ERASED };
  const changed = (
    before: Before,
    change: Omit<Extract<LeadVerdict, { kind: "changed" }>["change"], "leadId"> = {},
  ) => ({
    leadId,
    kind: "changed" as const,
    before,
    change: { leadId, ...change },
  });
  switch (doing.kind) {
    case "delete":
      return changed({});
    case "status":
      return doing.status === lead.status ? unchanged : changed({ status: lead.status }, { status: doing.status });
    case "field": {
      const before = lead.custom[doing.key] ?? null;
      if (same(before, doing.value)) return unchanged;
      return changed({ value: before }, { field: { key: doing.key, value: doing.value } });
    }
    case "tags": {
      const own = new Set(lead.tags.map(({ name }) => fold(name)));
      const add = doing.addTags.filter((name) => !own.has(fold(name)));
      const kept = new Set(doing.addTags.map(fold));
      const remove = doing.removeTags.filter((name) => own.has(fold(name)) && !kept.has(fold(name)));
      return add.length + remove.length === 0 ? unchanged : changed({ added: add, removed: remove }, { add, remove });
    }
    default: {
      const reached = lead.addresses.filter(({ kind }) => SCOPES_OF[kind].includes(doing.scope));
      if (reached.length === 0) return { leadId, kind: "refused", reason: noAddress(doing.scope) };
      return reached.every(({ isClosed }) => isClosed) ? unchanged : changed({});
    }
  }
}

const noAddress = (scope: SuppressionScope) =>
  scope === "ALL" ? "There is no address that could be closed." : `There is no address for this channel (${scope}).`;

/** What taking a bulk action back does to one lead: what it was, where nobody has changed it since. */
export function decideBack(doing: BulkDoing, before: Before, leadId: string, lead: BulkLead | undefined): LeadVerdict {
  const refused = (reason: string) => ({ leadId, kind: "refused" as const, reason });
  if (!lead) return refused(GONE);
  if (lead.erasedAt) return refused(ERASED);
  const changed = (change: Omit<Extract<LeadVerdict, { kind: "changed" }>["change"], "leadId">) => ({
    leadId,
    kind: "changed" as const,
    before: {},
    change: { leadId, ...change },
  });
  if (doing.kind === "status") {
    if (before.status === undefined || lead.status !== doing.status) return refused(CHANGED_SINCE);
    return changed({ status: before.status });
  }
  if (doing.kind === "field") {
    if (before.value === undefined || !same(lead.custom[doing.key], doing.value)) return refused(CHANGED_SINCE);
    return changed({ field: { key: doing.key, value: before.value } });
  }
  const own = new Set(lead.tags.map(({ name }) => fold(name)));
  const remove = (before.added ?? []).filter((name) => own.has(fold(name)));
  const add = (before.removed ?? []).filter((name) => !own.has(fold(name)));
  return add.length + remove.length === 0 ? refused(CHANGED_SINCE) : changed({ add, remove });
}
