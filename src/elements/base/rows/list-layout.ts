/** Geometry of a virtual list: its rows may have a heading above, and some may be higher than the others. */

/** Heights in pixels. */
export interface RowHeights {
  readonly row: number;
  /** Added to a row that begins a day. */
  readonly heading: number;
  /** Added to a tall row; 0 by default. */
  readonly tall?: number;
}

/** Positions of the rows of a list. */
export interface ListLayout {
  readonly count: number;
  /** Height of the whole list in pixels. */
  readonly height: number;
  /** Distance of a row from the beginning of the list, its heading included. */
  top(position: number): number;
  /** True when a heading stands above the row. */
  hasHeading(position: number): boolean;
  /** The group of a row: from its heading, or the beginning of the list, up to the next heading. */
  groupAt(position: number): ListWindow;
  /** The row at a distance from the beginning; the last one beyond the end, -1 in an empty list. */
  at(offset: number): number;
}

/** Rows to render: from `start` up to, not including, `end`. */
export interface ListWindow {
  readonly start: number;
  readonly end: number;
}

/** The most rows that are rendered, however high the window is. */
export const MAX_ROWS = 60;

/**
 * Lays out `count` rows; `headings` are the positions of the rows with a heading, `tall` those of the tall rows, both in
 * ascending order. Memory and time grow with these, not with the rows.
 */
export function layoutList(
  count: number,
  headings: readonly number[],
  heights: RowHeights,
  tall: readonly number[] = [],
): ListLayout {
  const { row, heading, tall: extra = 0 } = heights;
  const headingsUpTo = (position: number) => countUpTo(headings, position);
  const top = (position: number) =>
    position * row + headingsUpTo(position - 1) * heading + countUpTo(tall, position - 1) * extra;
  return {
    count,
    height: top(count),
    top,
    hasHeading: (position) => headingsUpTo(position) > headingsUpTo(position - 1),
    groupAt(position) {
      const next = headingsUpTo(position);
      return { start: headings[next - 1] ?? 0, end: headings[next] ?? count };
    },
    at(offset) {
      let low = 0;
      let high = count;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (top(middle) <= offset) low = middle + 1;
        else high = middle;
      }
      return count === 0 ? -1 : Math.max(0, low - 1);
    },
  };
}

/** Returns how many of the positions, in ascending order, are at most `limit`. */
function countUpTo(positions: readonly number[], limit: number): number {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((positions[middle] ?? Number.POSITIVE_INFINITY) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The rows to render for a scroll position, with some beyond both edges so that scrolling shows no gap. */
export function windowOf(
  layout: ListLayout,
  scrollTop: number,
  viewHeight: number,
  overscan = 6,
): ListWindow {
  if (layout.count === 0) return { start: 0, end: 0 };
  const first = layout.at(Math.max(0, scrollTop));
  const last = layout.at(Math.max(0, scrollTop) + Math.max(0, viewHeight));
  const start = Math.max(0, first - overscan);
  return { start, end: Math.min(layout.count, last + 1 + overscan, start + MAX_ROWS) };
}

/**
 * The scroll position nearest to the present one at which a row is wholly visible. `coveredHeight`: height of a heading
 * that stays on top of the rows of its group.
 */
export function scrollTopFor(
  layout: ListLayout,
  position: number,
  scrollTop: number,
  viewHeight: number,
  coveredHeight = 0,
): number {
  const top = layout.top(position) - (layout.hasHeading(position) ? 0 : coveredHeight);
  const bottom = position + 1 < layout.count ? layout.top(position + 1) : layout.height;
  if (top < scrollTop) return top;
  return bottom > scrollTop + viewHeight ? bottom - viewHeight : scrollTop;
}

/** The row that a key leads to; undefined for a key that does not move. It may lie beyond the ends. */
export function positionForKey(
  key: string,
  position: number,
  count: number,
  rowsPerPage: number,
): number | undefined {
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return position + 1;
    case 'ArrowUp':
    case 'k':
      return position - 1;
    case 'PageDown':
      return position + rowsPerPage;
    case 'PageUp':
      return position - rowsPerPage;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
