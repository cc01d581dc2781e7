import { useEffect, useEffectEvent, type RefObject } from "react";
import { isPressable, isTyping } from "#web/ui/keyboard.ts";

export type TableKeys = {
  grid: RefObject<HTMLElement | null>;
  onMove: (to: number | "first" | "last") => void;
  onToggle: () => void;
  onOpen: (newTab: boolean) => void;
  onClear: () => void;
};

/**
 * j / k and the arrows move, x chooses, Enter opens, Escape drops the selection. Single letters work wherever nothing
 * else has the focus; of several tables on a page the focused one listens, else the first.
 */
export function useTableKeys({ grid, onMove, onToggle, onOpen, onClear }: TableKeys) {
  const press = useEffectEvent((event: KeyboardEvent) => {
    const element = grid.current;
    if (!element || isTyping(event) || event.altKey) return;
    const focused = document.activeElement;
    const inside = element.contains(focused);
    const idle = focused === null || focused === document.body;
    if (!inside && !(idle && document.querySelector("[data-table-grid]") === element)) return;
    const act = actOf(event, inside, { onMove, onToggle, onOpen, onClear });
    if (!act) return;
    event.preventDefault();
    act();
  });
  useEffect(() => {
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

function actOf(event: KeyboardEvent, inside: boolean, keys: Omit<TableKeys, "grid">): (() => void) | undefined {
  const command = event.metaKey || event.ctrlKey;
  if (event.key === "Enter") return isPressable(event.target) ? undefined : () => keys.onOpen(command);
  if (command || event.shiftKey) return undefined;
  if (event.key === "j" || (inside && event.key === "ArrowDown")) return () => keys.onMove(1);
  if (event.key === "k" || (inside && event.key === "ArrowUp")) return () => keys.onMove(-1);
  if (inside && event.key === "Home") return () => keys.onMove("first");
  if (inside && event.key === "End") return () => keys.onMove("last");
  if (event.key === "x") return keys.onToggle;
  if (event.key === "Escape") return keys.onClear;
  return undefined;
}
