import { useEffect, useEffectEvent, useState, type RefObject } from "react";
import type { DropPlace } from "#web/outreach/step-drag.ts";

export type Dragging = { dragged: number; over: DropPlace | null };

/**
 * Lets the children of a list be dragged once the code for it has come. `keys` are those of the children, in order: when they change, they are
 * taken up anew. Null while nothing is dragged.
 */
export function useStepDrag(
  list: RefObject<HTMLElement | null>,
  keys: readonly string[],
  enabled: boolean,
  onMove: (from: number, to: number) => void,
): Dragging | null {
  const [dragging, setDragging] = useState<Dragging | null>(null);
  const move = useEffectEvent(onMove);
  const order = keys.join(" ");
  useEffect(() => {
    const element = list.current;
    if (!enabled || !element) return undefined;
    let undo: (() => void) | undefined;
    let isOver = false;
    void import("#web/outreach/step-drag.ts").then(({ dragItems }) => {
      if (!isOver)
        undo = dragItems(element, order.split(" "), { onDrag: setDragging, onDrop: (from, to) => move(from, to) });
    });
    return () => {
      isOver = true;
      undo?.();
      setDragging(null);
    };
  }, [list, enabled, order]);
  return dragging;
}
