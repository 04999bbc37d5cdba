import { type SVGTemplateResult, nothing, svg } from 'lit';
import type { NodeSpan } from '../../../controller/node-spans.js';
import { clockTimeWithSeconds, clockTime, timeLocale } from '../../strings/time-format.js';
import { duration, roundDuration } from '../../strings/duration.js';
import type { PanelStrings } from '../../strings/english.js';
import type { NodeRun } from '../../../controller/run-controller.js';
import type { TimelineBar, TimelineGap, TimelineTick, TimelineLayout } from './timeline-layout.js';

/** The axis of a longer session shows the time of day instead of the time since its start. */
const LONG_MS = 60 * 60 * 1000;

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

/** The bar of a span, with its duration as its tooltip. */
export function renderBar(
  { span, x, width }: TimelineBar,
  node: NodeRun,
  isRtl: boolean,
  nowMs: number,
  strings: PanelStrings,
): SVGTemplateResult {
  const length = duration((span.endTs ?? nowMs) - span.startTs, strings);
  const state = barState(span);
  const text =
    span.kind === 'wait'
      ? strings.timelineWaited(length)
      : node.attempt > 1
        ? `${strings.attempt(span.attempt)}: ${length}`
        : length;
  const fill = state === 'wait' ? 'url(#hatch)' : nothing;
  return svg`<rect class="bar ${state}" x=${left(x, width, isRtl)} y="6" width=${percent(width)} height="12" rx="3" fill=${fill}><title>${text}</title></rect>`;
}

/** A shortened stretch. */
export function renderGap({ x, width }: TimelineGap, isRtl: boolean): SVGTemplateResult {
  return svg`<rect class="gap" x=${left(x, width, isRtl)} y="0" width=${percent(width)} height="100%" />`;
}

/** The axis: its marks with their times, the shortened stretches, and the pattern of waiting bars. */
export function renderAxis(
  layout: TimelineLayout,
  labelWidth: number,
  isRtl: boolean,
  strings: PanelStrings,
): SVGTemplateResult {
  const atX = (x: number) => percent(isRtl ? 100 - x : x);
  const anchorOf = (x: number) => {
    if (x < labelWidth / 2) return isRtl ? 'end' : 'start';
    return 'middle';
  };
  const locale = timeLocale(strings.locale);
  const isLong = layout.endMs - layout.startMs > LONG_MS;
  const stepMs = Math.min(
    ...layout.ticks.map(({ afterMs }, tick) => afterMs - (layout.ticks[tick - 1]?.afterMs ?? -LONG_MS)),
  );
  const textOf = ({ afterMs, ms }: TimelineTick) => {
    if (!isLong) return afterMs === 0 ? '0' : duration(afterMs, strings);
    return stepMs < 60000 ? clockTimeWithSeconds(ms, locale) : clockTime(ms, locale);
  };
  return svg`
    <defs>
      <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="hatch-ground" width="6" height="6" />
        <rect class="hatch-line" width="2" height="6" />
      </pattern>
    </defs>
    ${layout.gaps.map((gap) => renderGap(gap, isRtl))}
    ${gapLabels(layout.gaps, labelWidth).map(
      ({ x, gap }) =>
        svg`<text class="gap-text" x=${atX(x)} y="15" text-anchor="middle">${strings.idleFor(roundDuration(gap.endMs - gap.startMs, strings))}</text>`,
    )}
    ${layout.ticks.map(
      (tick) => svg`<text x=${atX(tick.x)} y="15" text-anchor=${anchorOf(tick.x)}>${textOf(tick)}</text>
      <line x1=${atX(tick.x)} x2=${atX(tick.x)} y1="20" y2="24" />`,
    )}`;
}

/** The labels of the shortened stretches, kept within the width and free of overlaps. */
function gapLabels(
  gaps: readonly TimelineGap[],
  labelWidth: number,
): readonly { readonly gap: TimelineGap; readonly x: number }[] {
  const labels: { gap: TimelineGap; x: number }[] = [];
  for (const gap of gaps) {
    const x = Math.min(Math.max(gap.x + gap.width / 2, labelWidth / 2), 100 - labelWidth / 2);
    if (x - (labels.at(-1)?.x ?? Number.NEGATIVE_INFINITY) >= labelWidth) labels.push({ gap, x });
  }
  return labels;
}
