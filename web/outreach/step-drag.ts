import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import {
  draggable,
  dropTargetForElements,
  monitorForElements,
} from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { attachClosestEdge, extractClosestEdge } from "@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge";
import { getReorderDestinationIndex } from "@atlaskit/pragmatic-drag-and-drop-hitbox/util/get-reorder-destination-index";

/** Where what is dragged would come to lie: above or below that item. */
export type DropPlace = { index: number; edge: "top" | "bottom" };

export type DragSigns = {
  /** What is dragged, and where it would come to lie now; null once it is let go. */
  onDrag: (state: { dragged: number; over: DropPlace | null } | null) => void;
  onDrop: (from: number, to: number) => void;
};

const KEY = "key of the item";

type Location = { current: { dropTargets: readonly { data: Record<string | symbol, unknown> }[] } };

/**
 * Lets the items of a list be dragged by their handles (`[data-handle]`), above or below each other. `keys` name the items in
 * their order. Loaded by itself: whoever moves steps with keys or arrows never needs it. Returns what undoes it.
 */
export function dragItems(list: HTMLElement, keys: readonly string[], { onDrag, onDrop }: DragSigns): () => void {
  const items = [...list.children].filter((child) => child instanceof HTMLElement);
  const isOurs = (data: Record<string | symbol, unknown>) => data["list"] === list;
  const dataOf = (index: number) => ({ list, [KEY]: keys[index] });
  const placeIn = (data: Record<string | symbol, unknown>) => keys.findIndex((key) => key === data[KEY]);
  const placeOf = ({ current }: Location): DropPlace | null => {
    const [target] = current.dropTargets;
    const edge = target && extractClosestEdge(target.data);
    return target && (edge === "top" || edge === "bottom") ? { index: placeIn(target.data), edge } : null;
  };
  return combine(
    ...items.flatMap((element, index) => {
      const dragHandle = element.querySelector("[data-handle]");
      if (!dragHandle) return [];
      return [
        draggable({ element, dragHandle, getInitialData: () => dataOf(index) }),
        dropTargetForElements({
          element,
          canDrop: ({ source }) => isOurs(source.data),
          getData: ({ input }) => attachClosestEdge(dataOf(index), { element, input, allowedEdges: ["top", "bottom"] }),
        }),
      ];
    }),
    monitorForElements({
      canMonitor: ({ source }) => isOurs(source.data),
      onDragStart: ({ source }) => onDrag({ dragged: placeIn(source.data), over: null }),
      onDropTargetChange: ({ source, location }) => onDrag({ dragged: placeIn(source.data), over: placeOf(location) }),
      onDrag: ({ source, location }) => onDrag({ dragged: placeIn(source.data), over: placeOf(location) }),
      onDrop: ({ source, location }) => {
        onDrag(null);
        const startIndex = placeIn(source.data);
        const over = placeOf(location);
        if (startIndex < 0 || !over) return;
        const to = getReorderDestinationIndex({
          startIndex,
          indexOfTarget: over.index,
          closestEdgeOfTarget: over.edge,
          axis: "vertical",
        });
        if (to !== startIndex) onDrop(startIndex, to);
      },
    }),
  );
}
