import { html, nothing, type TemplateResult } from 'lit';
import { eventToWire, type GraphRunEvent } from '../../../protocol/events.js';
import { copyText, type CopyState } from '../../base/clipboard-copy.js';
import { eventTypeOf } from './event-summary.js';
import { icon } from '../../theme/icons.js';
import type { PanelStrings } from '../../strings/english.js';
import { absoluteTime, timeLocale } from '../../strings/time-format.js';

/** Props of the detail of an event. */
export interface EventDetailView {
  readonly event: GraphRunEvent;
  /** Title of the event's node. */
  readonly node: string | undefined;
  readonly copied: CopyState;
  /** The host's link to the event; undefined where it gives none. */
  readonly link: string | undefined;
  readonly strings: PanelStrings;
  readonly onCopy: () => void;
  readonly onClose: () => void;
}

/** An event as JSON, with buttons to copy and to close it. */
export function renderEventDetail(view: EventDetailView): TemplateResult {
  const { event, node, copied, link, strings } = view;
  const type = eventTypeOf(event);
  return html`<section class="detail" part="event-detail" aria-label=${strings.eventDetail(event.index)}>
    <div class="detail-head">
      <span class="detail-title"
        ><b>#${event.index}</b> <code dir="auto">${type}</code>${
          node === undefined ? nothing : html` <span dir="auto">${node}</span>`
        }</span
      >
      <span role="status" class=${copied === 'failed' ? 'failed-text' : 'visually-hidden'}
        >${copyText(copied, strings)}</span
      >
      <button
        type="button"
        class="icon-button"
        aria-label=${strings.copyEvent}
        title=${strings.copyEvent}
        @click=${view.onCopy}
      >
        ${icon(copied === 'copied' ? 'check' : 'copy')}
      </button>
      ${
        link === undefined
          ? nothing
          : html`<sessions-panel-copy
              .label=${strings.copyLink}
              .symbol=${'link'}
              .text=${() => link}
              .strings=${strings}
            ></sessions-panel-copy>`
      }
      <button
        type="button"
        class="icon-button"
        aria-label=${strings.closeEvent}
        title=${strings.closeEvent}
        @click=${view.onClose}
      >
        ${icon('close')}
      </button>
    </div>
    ${
      event.ts === undefined
        ? nothing
        : html`<p class="quiet">${absoluteTime(event.ts, timeLocale(strings.locale))}</p>`
    }
    ${event.synthetic === true ? html`<p class="quiet">${strings.syntheticEvent}</p>` : nothing}
    <sessions-panel-json
      class="json"
      .value=${eventToWire(event)}
      .label=${strings.eventDetail(event.index)}
      .hasCopy=${false}
      .strings=${strings}
    ></sessions-panel-json>
  </section>`;
}
