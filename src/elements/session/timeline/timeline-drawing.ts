import { type SVGTemplateResult, nothing, svg } from 'lit';
import type { NodeSpan } from '../../../controller/run/node-spans.js';
import { clockTime, clockTimeWithSeconds, shortDateTime, timeLocale } from '../../strings/time-format.js';
import { aboutDuration, duration, roundDuration, runningDuration } from '../../strings/duration.js';
import type { PanelStrings } from '../../strings/english.js';
import { gapLabels } from './gap-labels.js';
import type { TimelineBar } from './timeline-bars.js';
import type { TimelineGap, TimelineLayout } from './timeline-layout.js';
import type { TimelineTick, TimelineTicks } from './timeline-ticks.js';

/** Height of a line of labels above the marks of the axis, in pixels. */
const LABEL_LINE_PX = 15;
/** Height of the marks and their texts. */
const MARKS_PX = 24;
/** Width below which two lines of a cut would hide what they cut. */
const NARROW_GAP_PX = 20;

/** Appearance of a bar. */
export type BarState = 'running' | 'work' | 'wait' | 'failed' | 'cancelled';

/** The appearance of a span's bar. */
export function barState({ kind, outcome, endTs }: NodeSpan): BarState {
  if (kind === 'wait') return 'wait';
  if (outcome === 'failed' || outcome === 'retried') return 'failed';
  if (outcome === 'cancelled') return 'cancelled';
  return endTs === undefined ? 'running' : 'work';
}

function percent(x: number): string {
  return `${x.toFixed(3)}%`;
}

/** The left edge of a bar: SVG is not mirrored in right-to-left pages. */
function left(x: number, width: number, isRtl: boolean): string {
  return percent(isRtl ? 100 - x - width : x);
}

/** The bar of a span, with its duration as its tooltip; `attempts` is the number of attempts of its node. */
export function renderBar(
  { span, x, width }: TimelineBar,
  attempts: number,
  isRtl: boolean,
  nowMs: number,
  strings: PanelStrings,
  isAbout = false,
): SVGTemplateResult {
  const exact =
    span.endTs === undefined
      ? runningDuration(nowMs - span.startTs, strings)
      : duration(span.endTs - span.startTs, strings);
  const length = isAbout ? aboutDuration(exact) : exact;
  const state = barState(span);
  const text =
    span.kind === 'wait'
      ? strings.timelineWaited(length)
      : attempts > 1
        ? `${strings.attempt(span.attempt)}: ${length}`
        : length;
  const fill = state === 'wait' ? 'url(#hatch)' : nothing;
  return svg`<rect class="bar ${state}" x=${left(x, width, isRtl)} y="6" width=${percent(width)} height="12" rx="3" fill=${fill}><title>${text}</title></rect>`;
}

/** The ground of a shortened stretch. */
export function renderGap({ x, width }: TimelineGap, isRtl: boolean): SVGTemplateResult {
  return svg`<rect class="gap" x=${left(x, width, isRtl)} y="0" width=${percent(width)} height="100%" />`;
}

/** The cut through a row at a shortened stretch: two slanted lines with nothing between, or one where it is narrow. */
export function renderCut({ x, width }: TimelineGap, trackPx: number, isRtl: boolean): SVGTemplateResult {
  const middle = x + width / 2;
  const isNarrow = (width / 100) * trackPx < NARROW_GAP_PX;
  return svg`<svg class="gap-cut" x=${percent(isRtl ? 100 - middle : middle)} overflow="visible">
    ${isNarrow ? nothing : svg`<path class="cut-ground" d="M-5 28 L-1 0 L5 0 L1 28 Z" />`}
    <path class="cut-line" d=${isNarrow ? 'M-1.5 28 L1.5 0' : 'M-5 28 L-1 0 M1 28 L5 0'} />
  </svg>`;
}

/** The pattern of waiting bars; one in each shadow root that draws them. */
export function renderHatch(): SVGTemplateResult {
  return svg`<defs>
    <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect class="hatch-ground" width="6" height="6" />
      <rect class="hatch-line" width="2" height="6" />
    </pattern>
  </defs>`;
}

/** The track of a node that has not started. */
export function renderEmptyTrack(): SVGTemplateResult {
  return svg`<line class="to-come" x1="0" x2="100%" y1="14" y2="14" />`;
}

/** Places the labels of the shortened stretches, and of those that would be. */
export function labelsOf(
  { gaps, unfolded }: TimelineLayout,
  trackPx: number,
  strings: PanelStrings,
): ReturnType<typeof gapLabels> {
  const all = [...gaps, ...unfolded].sort((a, b) => a.startMs - b.startMs);
  return gapLabels(all, trackPx, (ms) => [duration(ms, strings), roundDuration(ms, strings)]);
}

/** Height of the axis, in pixels. */
export function axisPx(layout: TimelineLayout, trackPx: number, strings: PanelStrings): number {
  const lines = labelsOf(layout, trackPx, strings).reduce((most, { line }) => Math.max(most, line + 1), 0);
  return lines * LABEL_LINE_PX + MARKS_PX;
}

/** The axis: its marks, the labels of all shortened stretches in lines above them, and the pattern of waiting bars. */
export function renderAxis(
  layout: TimelineLayout,
  trackPx: number,
  isRtl: boolean,
  strings: PanelStrings,
): SVGTemplateResult {
  const atX = (x: number) => percent(isRtl ? 100 - x : x);
  const mirrored = { start: 'end', middle: 'middle', end: 'start' } as const;
  const labels = labelsOf(layout, trackPx, strings);
  const top = axisPx(layout, trackPx, strings) - MARKS_PX;
  return svg`<svg class="scale" height=${top + MARKS_PX}>
    ${renderHatch()}
    ${layout.gaps.map((gap) => renderGap(gap, isRtl))}
    ${labels.map(
      ({ x, text, line }) =>
        svg`<text class="gap-text" x=${atX(x)} y=${line * LABEL_LINE_PX + 13} text-anchor="middle">${text}</text>`,
    )}
    ${layout.ticks.marks.map(
      (
        mark,
      ) => svg`<text x=${atX(mark.x)} y=${top + 15} text-anchor=${isRtl ? mirrored[mark.anchor] : mark.anchor}>${tickText(mark, layout.ticks, strings)}</text>
      <line x1=${atX(mark.x)} x2=${atX(mark.x)} y1=${top + 20} y2=${top + 24} />`,
    )}
  </svg>`;
}

function tickText(
  { afterMs, ms, isDated }: TimelineTick,
  { stepMs, isClock }: TimelineTicks,
  strings: PanelStrings,
): string {
  if (isClock) {
    const locale = timeLocale(strings.locale);
    if (isDated) return shortDateTime(ms, locale);
    return stepMs < 60000 ? clockTimeWithSeconds(ms, locale) : clockTime(ms, locale);
  }
  if (afterMs === 0) return '0';
  return stepMs < 1000 ? duration(afterMs, strings) : runningDuration(afterMs, strings);
}
