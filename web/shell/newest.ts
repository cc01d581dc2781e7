import { useRef } from "react";

/**
 * The state that a change is made from, where a record is changed in place: the one that is shown, or a newer one that this page's own last
 * change has brought, so that undoing it meets nobody.
 */
export function useNewest<Row extends { id: string; updatedAt: string }>(shown: Row) {
  const own = useRef(shown);
  return {
    keep: (saved: Row) => void (own.current = saved),
    of: (row: Row): Row =>
      own.current.id === row.id && Date.parse(own.current.updatedAt) > Date.parse(row.updatedAt) ? own.current : row,
  };
}
