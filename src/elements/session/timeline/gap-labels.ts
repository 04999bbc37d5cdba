import type { TimelineGap } from './timeline-layout.js';

/** The label of a shortened stretch: `x` is its middle in percent of the track, `line` counts from the top. */
export interface GapLabel {
  readonly gap: TimelineGap;
  readonly text: string;
  readonly x: number;
  readonly line: number;
}

/** Width of a letter in pixels, about, and space between two labels. */
const LETTER_PX = 6.2;
const SPACE_PX = 8;

/**
 * Places the labels of all shortened stretches: over their stretch, within the track, in as many lines as are needed so
 * that none covers another.
 *
 * @param textsOf the texts of a length in milliseconds, the longest first; one that fits the stretch is preferred
 */
export function gapLabels(
  gaps: readonly TimelineGap[],
  trackPx: number,
  textsOf: (ms: number) => readonly string[],
): readonly GapLabel[] {
  const widthOf = (text: string) => Math.min(100, ((text.length * LETTER_PX + SPACE_PX) / trackPx) * 100);
  const ends: number[] = [];
  return gaps.map((gap) => {
    const texts = textsOf(gap.endMs - gap.startMs);
    const text = texts.find((candidate) => widthOf(candidate) <= gap.width) ?? texts.at(-1) ?? '';
    const width = widthOf(text);
    const x = Math.min(Math.max(gap.x + gap.width / 2, width / 2), 100 - width / 2);
    const free = ends.findIndex((end) => end <= x - width / 2);
    const line = free < 0 ? ends.length : free;
    ends[line] = x + width / 2;
    return { gap, text, x, line };
  });
}
