import { useState } from "react";
import type { Column } from "#web/ui/table/source.ts";

const PREFIX = "throughline.columns.";

/** Which columns this person sees in this table; remembered in the browser, since it is taste and not state. */
export function useColumnChoice<Row>(tableId: string, columns: readonly Column<Row>[]) {
  const [chosen, setChosen] = useState<Record<string, boolean>>(() => read(tableId));
  const visible = Object.fromEntries(columns.map((column) => [column.id, chosen[column.id] ?? !column.hidden]));
  const setVisible = (next: Record<string, boolean>) => {
    setChosen(next);
    write(tableId, next);
  };
  return { visible, setVisible };
}

function read(tableId: string): Record<string, boolean> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(PREFIX + tableId) ?? "{}");
    if (typeof stored !== "object" || stored === null) return {};
    return Object.fromEntries(Object.entries(stored).filter((entry) => typeof entry[1] === "boolean"));
  } catch {
    // Storage forbidden or written by something else: everybody's columns then.
    return {};
  }
}

function write(tableId: string, chosen: Record<string, boolean>) {
  try {
    localStorage.setItem(PREFIX + tableId, JSON.stringify(chosen));
  } catch {
    // Storage forbidden: the choice lasts as long as the page.
  }
}
