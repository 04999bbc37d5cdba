import { html, nothing, type TemplateResult } from 'lit';
import type { ReplayProgress } from '../../controller/run-controller.js';
import type { ConnectionState } from '../../protocol/messages.js';
import type { SessionOperation } from '../../controller/session-history-controller.js';
import { isGone, retryText } from '../strings/connection-text.js';
import { formatBytes } from '../strings/time-format.js';
import { errorText } from '../strings/error-text.js';
import { operationFailure } from '../strings/session-text.js';
import type { PanelStrings } from '../strings/english.js';

/** Props of the notices. */
export interface SessionNoticesView {
  readonly connection: ConnectionState;
  readonly replay: ReplayProgress;
  /** True if the run has ended. */
  readonly hasEnded: boolean;
  readonly operation: SessionOperation | undefined;
  readonly nowMs: number;
  readonly strings: PanelStrings;
  readonly onRetry: () => void;
  readonly onRetryOperation: () => void;
  readonly onClose: () => void;
}

/** The notices between the header and the tabs: replay, connection, failed operation. */
export function renderNotices(view: SessionNoticesView): TemplateResult {
  return html`${renderReplay(view)} ${renderOperation(view)} ${renderConnection(view)}`;
}

function renderReplay({ replay, connection, strings }: SessionNoticesView): TemplateResult | typeof nothing {
  const { received, total } = replay;
  if (received >= total || connection.phase === 'failed') return nothing;
  return html`<div class="replay" part="replay">
    <progress max=${total} .value=${received} aria-label=${strings.replaying(received, total)}></progress>
    <span>${strings.replaying(received, total)}</span>
  </div>`;
}

function renderOperation(view: SessionNoticesView): TemplateResult | typeof nothing {
  const { operation, strings } = view;
  const failure = operation === undefined ? undefined : operationFailure(operation, strings);
  if (failure === undefined) return nothing;
  return html`<div class="note failed" role="alert">
    <p>${failure}</p>
    <button type="button" class="button" @click=${view.onRetryOperation}>${strings.tryAgain}</button>
  </div>`;
}

/** Says why nothing more comes, where the reason is known to lie in one event. */
function lossText({ error }: ConnectionState, strings: PanelStrings): string {
  const { index, bytes } = error?.code === 'event-stuck' ? error.members : {};
  if (typeof index !== 'number') return strings.sessionConnectionLost;
  return strings.eventStuck(index, typeof bytes === 'number' ? formatBytes(bytes, strings.locale) : '');
}

function renderConnection(view: SessionNoticesView): TemplateResult | typeof nothing {
  const { connection, strings, nowMs, hasEnded } = view;
  const andRun = (text: string) => (hasEnded ? text : `${text} ${strings.runContinues}`);
  const button = (label: string, onClick: () => void) =>
    html`<button type="button" class="button" @click=${onClick}>${label}</button>`;
  if (isGone(connection)) {
    return html`<div class="note" role="alert" part="note">
      <p><b>${strings.sessionGone}.</b> ${strings.sessionGoneText}</p>
      ${button(strings.closeSession, view.onClose)}
    </div>`;
  }
  switch (connection.phase) {
    case 'failed':
      return html`<div class="note failed" role="alert" part="note">
        <p>
          <b>${strings.sessionFailedToConnect}.</b>
          ${connection.error === undefined ? '' : errorText(connection.error, strings)}
        </p>
        ${button(strings.tryAgain, view.onRetry)}
      </div>`;
    case 'backoff':
      return html`<div class="note" part="note">
        <p>
          <span role="status">${andRun(lossText(connection, strings))}</span>
          ${retryText(connection.retryAtMs, nowMs, strings)}
        </p>
        ${button(strings.retryNow, view.onRetry)}
      </div>`;
    case 'offline':
      return html`<div class="note" role="status" part="note"><p>${andRun(strings.sessionOffline)}</p></div>`;
    case 'paused':
      return html`<div class="note" part="note">
        <p role="status">${andRun(strings.sessionPaused)}</p>
        ${button(strings.resume, view.onRetry)}
      </div>`;
    case 'authRefresh':
      return html`<div class="note" role="status" part="note"><p>${strings.signingIn}</p></div>`;
    case 'live':
      return connection.isByRequests === true
        ? html`<div class="note" role="status" part="note"><p>${strings.heldBack}</p></div>`
        : nothing;
    default:
      return nothing;
  }
}
