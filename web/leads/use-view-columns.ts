import { useState } from "react";
import type { SavedFilterView } from "#domains/leads/contract.ts";
import { useColumnChoice } from "#web/ui/table/use-column-choice.ts";
import type { Column } from "#web/ui/table/source.ts";

/** The columns of the open view until the person chooses others; without a view, those of the person. */
export function useViewColumns<Row>(columns: readonly Column<Row>[], view: SavedFilterView | undefined) {
  const own = useColumnChoice("leads", columns);
  const [chosen, setChosen] = useState<{ view: string; visible: Record<string, boolean> }>();
  const shownOf = (visible: Record<string, boolean>) => columns.flatMap(({ id }) => (visible[id] ? [id] : []));
  if (!view || view.columns.length === 0) return { choice: own, shown: shownOf(own.visible), isChanged: false };
  const kept = Object.fromEntries(columns.map(({ id }) => [id, view.columns.includes(id)]));
  const visible = chosen?.view === view.id ? chosen.visible : kept;
  const shown = shownOf(visible);
  return {
    choice: { visible, setVisible: (next: Record<string, boolean>) => setChosen({ view: view.id, visible: next }) },
    shown,
    isChanged: shown.join(" ") !== shownOf(kept).join(" "),
  };
}
