import type { LucideIcon } from "lucide-react";
import type { RowCount } from "#web/ui/format.ts";

/** What a bulk act applies to: rows one by one, or everything that the present filters match. */
export type Selection = { kind: "rows"; ids: readonly string[] } | { kind: "all"; count: RowCount | undefined };

/** An act on many rows. `label` says exactly what will happen to how many: `(leads) => `Add tag to ${leads}``. */
export type BulkAction = {
  label: (howMany: string) => string;
  icon?: LucideIcon;
  danger?: boolean;
  disabledReason?: string | null;
  /** The operation takes single rows only; hidden while "all" is chosen. */
  rowsOnly?: boolean;
  /** Ask first where it cannot be undone. `clear` empties the selection once the act is done. */
  onRun: (selection: Selection, clear: () => void) => void;
};
