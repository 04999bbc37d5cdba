import { html, nothing, type TemplateResult } from 'lit';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import { errorText } from '../strings/error-text.js';
import { statusWord } from '../strings/session-text.js';
import { isNoFilter } from '../../controller/session-filter.js';
import type { FirstStrings } from '../strings/first-english.js';

/** Props of the message of a list. */
export interface ListMessageView {
  readonly history: SessionHistoryController;
  readonly strings: FirstStrings;
  readonly hasRows: boolean;
  /** What is said about older sessions; see `renderOlder`. */
  readonly older: TemplateResult | typeof nothing;
  readonly onRetry: () => void;
  readonly onClear: () => void;
}

/** True when there is no session to open, or none can be loaded; false while they are loaded. */
export function isKnownEmpty({
  sessionIds,
  isLoaded,
  monitor: { phase },
}: SessionHistoryController): boolean {
  return sessionIds.length === 0 && (isLoaded || phase === 'failed' || phase === 'offline');
}

/** Renders the message above the rows, or in place of missing rows. It never replaces rows. */
export function renderListMessage(message: ListMessageView): TemplateResult | typeof nothing {
  const { history, strings } = message;
  const hasSessions = history.sessionIds.length > 0;
  const { phase, error, isByRequests } = history.monitor;
  if (phase === 'failed') {
    const reason = error === undefined ? '' : errorText(error, strings);
    const text = hasSessions ? strings.listStale(reason) : strings.listFailed(reason);
    return html`<div class="note failed" role="alert">
        <p>${text}</p>
        <button type="button" class="button" @click=${message.onRetry}>${strings.tryAgain}</button>
      </div>
      ${renderPlaceholder(message, hasSessions)}`;
  }
  if (phase === 'offline') {
    return html`<div class="note" role="status">
        <p>${hasSessions ? strings.offlineLong : strings.offlineEmpty}</p>
      </div>
      ${renderPlaceholder(message, hasSessions)}`;
  }
  if (phase === 'live' && isByRequests === true) {
    return html`<div class="note" role="status"><p>${strings.heldBack}</p></div>
      ${renderPlaceholder(message, hasSessions)}`;
  }
  return renderPlaceholder(message, hasSessions);
}

function noMatchText({ history, strings }: ListMessageView): string {
  const { status, text } = history.filter;
  const name = status === 'needs-input' ? strings.statusSuspended : statusWord(status, strings);
  if (text.trim() === '') return strings.noMatchTitle(name);
  return status === 'all' ? strings.noMatchText(text.trim()) : strings.noMatchBoth(text.trim(), name);
}

function renderPlaceholder(message: ListMessageView, hasSessions: boolean): TemplateResult | typeof nothing {
  const { history, strings, hasRows } = message;
  const { filter } = history;
  if (hasRows) return nothing;
  if (hasSessions) {
    if (isNoFilter(filter)) return nothing;
    return html`<div class="message" role="status">
      <p class="message-title">${noMatchText(message)}</p>
      <button type="button" class="button" @click=${message.onClear}>${strings.clearFilter}</button>
      ${message.older}
    </div>`;
  }
  if (history.isLoaded) {
    return html`<div class="message">
      <p class="message-title">${strings.emptyTitle}</p>
      ${strings.emptyLines.map((line) => html`<p>${line}</p>`)}
      <slot name="empty"></slot>
    </div>`;
  }
  const { phase } = history.monitor;
  if (phase === 'failed' || phase === 'offline' || phase === 'idle') return nothing;
  return html`<div class="loading" role="status">
    <span class="visually-hidden">${strings.loadingSessions}</span>
    ${[1, 2, 3, 4].map(() => html`<div class="skeleton" aria-hidden="true"><i></i><i></i></div>`)}
  </div>`;
}
