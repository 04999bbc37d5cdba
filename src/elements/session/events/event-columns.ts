import { html, type TemplateResult } from 'lit';
import type { RunController } from '../../../controller/run/run-controller.js';
import type { PanelStrings } from '../../strings/english.js';
import { icon } from '../../theme/icons.js';

/** From this length on, times since the start need more space. */
const LONG_MS = 60 * 60 * 1000;
/** Largest index that fits the usual column. */
const LARGE_INDEX = 9999;

/** The start of the session, in milliseconds since 1970: of its first event, which may have been dropped. */
export function startOf(run: RunController): number | undefined {
  const { createdAt } = run.latest.summary;
  return createdAt > 0 ? Math.round(createdAt * 1000) : run.events.at(0)?.ts;
}

/** Classes that make the columns as wide as the longest index and time need. */
export function columnClasses(run: RunController, isClock: boolean): string {
  const startMs = startOf(run);
  const last = run.events.at(run.events.length - 1);
  const isLong = startMs !== undefined && (last?.ts ?? startMs) - startMs >= LONG_MS;
  const time = isClock ? ' is-clock' : isLong ? ' is-long' : '';
  return `${time}${(last?.index ?? 0) > LARGE_INDEX ? ' is-many' : ''}`;
}

/** Props of the line with the names of the columns. */
export interface EventHeaderView {
  readonly isClock: boolean;
  readonly strings: PanelStrings;
  readonly onToggle: () => void;
}

/** The names of the columns; that of the times is a button that switches between their two kinds. */
export function renderEventHeader({ isClock, strings, onToggle }: EventHeaderView): TemplateResult {
  const label = isClock ? strings.showElapsedTimes : strings.showClockTimes;
  return html`<div class="columns">
    <span class="index" aria-hidden="true">#</span>
    <button type="button" class="toggle" title=${label} aria-label=${label} @click=${onToggle}>
      ${strings.eventTime}${icon('clock')}
    </button>
    <span class="pause" aria-hidden="true"></span>
    <span class="type" aria-hidden="true"><span class="type-text">${strings.eventTypeColumn}</span></span>
    <span class="node" aria-hidden="true">${strings.eventNode}</span>
    <span class="what" aria-hidden="true">${strings.eventWhat}</span>
  </div>`;
}
