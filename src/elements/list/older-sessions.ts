import { html, nothing, type TemplateResult } from 'lit';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import { errorText } from '../strings/error-text.js';
import type { FirstStrings } from '../strings/first-english.js';

/** Props of the end of a list. */
export interface OlderSessionsView {
  readonly history: SessionHistoryController;
  /** Whether the service can list older sessions. */
  readonly canShow: boolean;
  readonly strings: FirstStrings;
  readonly onShow: () => void;
}

/**
 * Renders the end of a list that does not have all sessions: a button for the next older ones. It stays when there are
 * none left, because it may have the focus.
 */
export function renderOlder({
  history,
  canShow,
  strings,
  onShow,
}: OlderSessionsView): TemplateResult | typeof nothing {
  const { isTruncated, older } = history;
  if (!isTruncated) return nothing;
  if (!canShow || older === undefined) return html`<p class="older">${strings.olderNotListed}</p>`;
  const { phase, error } = older;
  const label = {
    ready: strings.showOlder,
    loading: strings.loadingOlder,
    failed: strings.tryAgain,
    complete: strings.noOlder,
  }[phase];
  const isIdle = phase === 'loading' || phase === 'complete';
  return html`<div class="older">
    ${error === undefined ? nothing : html`<p class="failed" role="alert">${strings.olderFailed(errorText(error, strings))}</p>`}
    <button type="button" class="button" aria-disabled=${isIdle ? 'true' : nothing} @click=${onShow}>
      ${label}
    </button>
  </div>`;
}
