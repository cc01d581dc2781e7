import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useState, useSyncExternalStore, type RefObject } from "react";

/** Rows drawn beyond each edge of the view, so that fast scrolling shows no gaps. */
const OVERSCAN = 10;

/** The rows to draw, first and last included, and the empty heights in px that stand for all the others. */
export type RowView = { first: number; last: number; before: number; after: number };

const NOTHING: RowView = { first: 0, last: -1, before: 0, after: 0 };

/**
 * TanStack Virtual as an external store: React is told when other rows come into view and not on every scrolled pixel,
 * and nothing is read from a mutable object while rendering.
 */
function createRowWindow(rowHeight: number) {
  const listeners = new Set<() => void>();
  let scroller: HTMLElement | null = null;
  let count = 0;
  let view = NOTHING;

  const refresh = () => {
    const items = virtual.getVirtualItems();
    const [head, tail] = [items[0], items.at(-1)];
    const next =
      head && tail
        ? { first: head.index, last: tail.index, before: head.start, after: virtual.getTotalSize() - tail.end }
        : NOTHING;
    if (next.first === view.first && next.last === view.last && next.after === view.after) return;
    view = next;
    for (const listener of listeners) listener();
  };
  const options = () => ({
    count,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    // The sticky head covers one row's height.
    scrollPaddingStart: rowHeight,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: refresh,
  });
  const virtual = new Virtualizer<HTMLElement, HTMLElement>(options());

  return {
    attach(element: HTMLElement | null) {
      scroller = element;
      const stop = virtual._didMount();
      virtual._willUpdate();
      refresh();
      return () => {
        scroller = null;
        stop();
      };
    },
    setCount(next: number) {
      count = next;
      virtual.setOptions(options());
      virtual._willUpdate();
      refresh();
    },
    scrollTo: (index: number) => virtual.scrollToIndex(index),
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    view: () => view,
  };
}

/** Which of `count` rows of equal height to draw inside the scrolling element, and a way to scroll to one. */
export function useRowWindow(scroller: RefObject<HTMLElement | null>, count: number, rowHeight: number) {
  const [store] = useState(() => createRowWindow(rowHeight));
  useLayoutEffect(() => store.attach(scroller.current), [store, scroller]);
  useLayoutEffect(() => store.setCount(count), [store, count]);
  return { view: useSyncExternalStore(store.subscribe, store.view), scrollTo: store.scrollTo };
}
