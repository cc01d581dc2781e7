import type { Status } from "#web/dev/sample.ts";
import type { Tone } from "#web/ui/badge.tsx";

/** Each status in words and tone: a domain keeps such a table beside its pages. */
export const statusLook: Record<Status, { label: string; tone: Tone }> = {
  NEW: { label: "New", tone: "neutral" },
  CONTACTED: { label: "Contacted", tone: "info" },
  IN_PROGRESS: { label: "In progress", tone: "accent" },
  CONVERTED: { label: "Converted", tone: "positive" },
  LOST: { label: "Lost", tone: "danger" },
};
