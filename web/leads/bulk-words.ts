import type { BulkActionView } from "#domains/leads/contract.ts";
import type { BulkActionStatus } from "#domains/leads/sets.ts";
import { LEAD_STATUSES } from "#domains/leads/status.ts";
import { statusLook } from "#web/leads/words.ts";
import type { Tone } from "#web/ui/badge.tsx";

export const bulkActionLook: Record<BulkActionStatus, { label: string; tone: Tone }> = {
  QUEUED: { label: "Queued", tone: "neutral" },
  RUNNING: { label: "Running", tone: "info" },
  COMPLETED: { label: "Completed", tone: "positive" },
  CANCELLED: { label: "Stopped", tone: "warning" },
  FAILED: { label: "Failed", tone: "danger" },
};

/** Instead of one action, the list of the latest. */
export const ALL_BULK_ACTIONS = "all";

export const isUnderWay = ({ status }: Pick<BulkActionView, "status">) => status === "QUEUED" || status === "RUNNING";

const quoted = (names: unknown) => (Array.isArray(names) ? names.map((name) => `“${String(name)}”`).join(", ") : "");

/** What an action does, as the title of its line. */
export function bulkTitle({ kind, change }: Pick<BulkActionView, "kind" | "change">): string {
  const { addTags, removeTags, status, key, value } = change;
  switch (kind) {
    case "tags":
      return [quoted(addTags) && `Add tag ${quoted(addTags)}`, quoted(removeTags) && `Remove tag ${quoted(removeTags)}`]
        .filter(Boolean)
        .join(", ");
    case "status": {
      const known = LEAD_STATUSES.find((one) => one === status);
      return `Set status to ${known ? statusLook[known].label : "another"}`;
    }
    case "field":
      return value === null ? `Clear ${String(key)}` : `Set ${String(key)} to ${[value].flat().map(String).join(", ")}`;
    case "suppress":
      return "Close the addresses";
    case "delete":
      return "Delete leads";
    default:
      return "Undo";
  }
}
