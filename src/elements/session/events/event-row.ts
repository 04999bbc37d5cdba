import { html, nothing, type TemplateResult } from 'lit';
import type { GraphRunEvent } from '../../../protocol/events.js';
import { duration, elapsedTime } from '../../strings/duration.js';
import type { PanelStrings } from '../../strings/english.js';
import { clockTimeWithMilliseconds, fullDate, timeLocale } from '../../strings/time-format.js';
import { icon, statusIcon } from '../../theme/icons.js';
import { eventClass, eventSummary, eventTypeOf } from './event-summary.js';

/** Time since the previous event that is worth a figure. */
const LEAST_PAUSE_MS = 1000;

/** Props of a row of the events. */
export interface EventRowView {
  readonly event: GraphRunEvent;
  /** Position in the log. */
  readonly position: number;
  /** Position in the list, from 0, and number of rows. */
  readonly row: number;
  readonly count: number;
  readonly isSelected: boolean;
  /** -1 before the moment that is shown, 0 for its event, 1 after it; undefined while the newest is shown. */
  readonly moment: number | undefined;
  /** Title of the event's node; empty without one. */
  readonly node: string;
  /** Start of the session, in milliseconds since 1970. */
  readonly startMs: number | undefined;
  /** Time of the previous event of the log. */
  readonly previousMs: number | undefined;
  /** True for times of day instead of times since the start. */
  readonly isClock: boolean;
  /** True if a line with the date stands above the row. */
  readonly hasDate: boolean;
  readonly strings: PanelStrings;
}

/** An event in one line; with times of day, the date stands above the first row of each day. */
export function renderEventRow(view: EventRowView): TemplateResult {
  const { event, position, strings } = view;
  const type = eventTypeOf(event);
  return html`${
      view.hasDate
        ? html`<div class="date" role="presentation">
            <span>${event.ts === undefined ? nothing : fullDate(event.ts, timeLocale(strings.locale))}</span>
          </div>`
        : nothing
    }
    <div
      class="event ${eventClass(event)}${momentClass(view)}"
      part="event"
      role="option"
      id="e${position}"
      data-position=${position}
      aria-selected=${view.isSelected}
      aria-current=${view.moment === 0 ? 'step' : nothing}
      aria-setsize=${view.count}
      aria-posinset=${view.row + 1}
    >
      <span class="index">${event.index}</span>
      <span class="after">${timeText(view)}</span>
      <span class="pause">${pauseText(view)}</span>
      <span class="type" title=${type}>${typeIcon(event)}<span class="type-text">${type}</span></span>
      <span class="node" dir="auto">${view.node}</span>
      <span class="what" dir="auto">${eventSummary(event)}</span>
    </div>`;
}

function momentClass({ moment }: EventRowView): string {
  if (moment === undefined || moment < 0) return '';
  return moment === 0 ? ' is-moment' : ' is-later';
}

function timeText({ event: { ts }, startMs, isClock, strings }: EventRowView): string {
  if (ts === undefined) return '';
  if (isClock) return clockTimeWithMilliseconds(ts, timeLocale(strings.locale));
  return startMs === undefined ? '' : elapsedTime(ts - startMs, strings);
}

function pauseText({ event: { ts }, previousMs, strings }: EventRowView): string {
  if (ts === undefined || previousMs === undefined || ts - previousMs < LEAST_PAUSE_MS) return '';
  return duration(ts - previousMs, strings);
}

/** Stands for the type where there is no space for its name. */
function typeIcon(event: GraphRunEvent): TemplateResult {
  switch (eventClass(event)) {
    case 'failed':
      return statusIcon('failed');
    case 'asks':
      return event.type === 'inputRequired' ? statusIcon('suspended') : icon('check');
    case 'agent':
      return event.type === 'thoughtEvent' ? icon('more') : icon('tool');
    case 'unknown':
      return statusIcon('unknown');
    default:
      return statusIcon(STEP_STATUS[event.type] ?? 'unknown');
  }
}

const STEP_STATUS: Readonly<Record<string, string>> = {
  graphStart: 'running',
  nodeStart: 'running',
  nodeRetry: 'running',
  nodeEnd: 'completed',
  graphComplete: 'completed',
  nodeSkipped: 'skipped',
  graphCancelled: 'cancelled',
};
