import type { Column } from "#web/ui/table/source.ts";

const CHECKBOX = "2.5rem";

/** On a phone the sticky first column leaves more than half of the width to the others. */
const FIRST_AT_MOST = "46vw";

/** The CSS grid that head and rows share, and the least width below which the table scrolls sideways. */
export function tracksOf<Row>(
  columns: readonly Column<Row>[],
  selectable: boolean,
): { tracks: string; minWidth: string } {
  const widths = columns.map((column, index) => {
    const width = `${column.width ?? 160}px`;
    return index === 0 ? `min(${width}, ${FIRST_AT_MOST})` : width;
  });
  const tracks = columns.map((column, index) => {
    const grow = column.grow ?? 1;
    return grow > 0 ? `minmax(${widths[index]}, ${grow}fr)` : widths[index];
  });
  if (!selectable) return { tracks: tracks.join(" "), minWidth: `calc(${widths.join(" + ")})` };
  return { tracks: [CHECKBOX, ...tracks].join(" "), minWidth: `calc(${[CHECKBOX, ...widths].join(" + ")})` };
}
