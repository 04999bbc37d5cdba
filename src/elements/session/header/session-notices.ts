import { html, nothing, type TemplateResult } from 'lit';
import type { ReplayProgress } from '../../../controller/run/run-controller.js';
import type { Fidelity } from '../../../protocol/fidelity.js';
import type { SessionFileHeader } from '../../../protocol/session-file/session-file.js';
import type { ConnectionState } from '../../../protocol/stream/messages.js';
import type { SessionOperation } from '../../../controller/session-history-controller.js';
import { isGone, retryText } from '../../strings/connection-text.js';
import {
  clockTimeWithSeconds,
  formatBytes,
  isToday,
  shortDateTime,
  timeLocale,
} from '../../strings/time-format.js';
import { errorText } from '../../strings/error-text.js';
import { operationFailure } from '../../strings/session-text.js';
import type { PanelStrings } from '../../strings/english.js';

/** Props of the notices. */
export interface SessionNoticesView {
  readonly connection: ConnectionState;
  readonly replay: ReplayProgress;
  /** The first line of the session file that is shown. */
  readonly file: SessionFileHeader | undefined;
  readonly fidelity: Fidelity;
  /** True if the run has ended. */
  readonly hasEnded: boolean;
  readonly operation: SessionOperation | undefined;
  /** The graph of the session, if the list is of another one. */
  readonly otherGraphId: string | undefined;
  readonly nowMs: number;
  /** The time when the connection was lost, by the clock of `nowMs`; undefined if it is live, or never was. */
  readonly lostMs: number | undefined;
  /** True if the list waits for the same server, and shows the countdown and the button for both. */
  readonly isRetryShown: boolean;
  readonly strings: PanelStrings;
  readonly onRetry: () => void;
  readonly onRetryOperation: () => void;
  readonly onClose: () => void;
  /** Undefined where a person cannot delete sessions. */
  readonly onDelete: (() => void) | undefined;
}

/** The notices between the header and the tabs: replay, failed operation, and a connection that will not come back by itself. */
export function renderNotices(view: SessionNoticesView): TemplateResult {
  return html`${renderReplay(view)} ${renderFile(view)} ${renderOtherGraph(view)} ${renderFidelity(view)}
  ${renderOperation(view)} ${renderEnd(view)}`;
}

/**
 * The state of a connection that comes back by itself, over the row of tabs: so nothing moves when it comes and goes.
 * Nothing while all is well.
 */
export function renderConnectionStrip(view: SessionNoticesView): TemplateResult | typeof nothing {
  const note = renderConnection(view);
  return note === nothing ? nothing : html`<div class="strip">${note}</div>`;
}

function renderReplay({ replay, connection, strings }: SessionNoticesView): Rendered {
  const { received, total } = replay;
  if (received >= total || connection.phase === 'failed') return nothing;
  return html`<div class="replay" part="replay">
    <progress max=${total} .value=${received} aria-label=${strings.replaying(received, total)}></progress>
    <span>${strings.replaying(received, total)}</span>
  </div>`;
}

/** Says what the shown file lacks. */
function renderFile({ connection, file, strings }: SessionNoticesView): readonly TemplateResult[] {
  const texts = [
    ...(file === undefined || file.complete ? [] : [strings.fileLacksOldest]),
    ...problemTexts(connection, strings),
  ];
  return texts.map((text) => html`<div class="note" role="status" part="note"><p>${text}</p></div>`);
}

function problemTexts({ error }: ConnectionState, strings: PanelStrings): readonly string[] {
  if (error?.code !== 'incomplete-session-file') return [];
  const { kind, events, expected, line } = error.members;
  if (typeof events !== 'number') return [];
  return kind === 'damaged'
    ? [strings.fileDamaged(Number(line), events)]
    : [strings.fileCut(events, Number(expected))];
}

function renderOtherGraph({ otherGraphId, strings }: SessionNoticesView): Rendered {
  if (otherGraphId === undefined) return nothing;
  return html`<div class="note" role="status" part="note"><p>${strings.otherGraph(otherGraphId)}</p></div>`;
}

function renderFidelity({ fidelity, strings }: SessionNoticesView): Rendered {
  if (fidelity.pieces === 'all') return nothing;
  return html`<p class="fidelity" role="note" part="note" title=${strings.piecesGone}>
    ${strings.piecesGone}
  </p>`;
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

type Rendered = TemplateResult | typeof nothing;

function renderButton(label: string, onClick: () => void): TemplateResult {
  return html`<button type="button" class="button" @click=${onClick}>${label}</button>`;
}

/** Says that the session is gone, or could not be opened. */
function renderEnd({ connection, strings, onClose, onRetry }: SessionNoticesView): Rendered {
  if (connection.phase !== 'failed') return nothing;
  if (isGone(connection)) {
    return html`<div class="note" role="alert" part="note">
      <p><b>${strings.sessionGone}.</b> ${strings.sessionGoneText}</p>
      ${renderButton(strings.closeSession, onClose)}
    </div>`;
  }
  return html`<div class="note failed" role="alert" part="note">
    <p>
      <b>${strings.sessionFailedToConnect}.</b>
      ${connection.error === undefined ? '' : errorText(connection.error, strings)}
    </p>
    ${renderButton(strings.tryAgain, onRetry)}
  </div>`;
}

function renderConnection(view: SessionNoticesView): Rendered {
  const { connection, strings, nowMs, lostMs, hasEnded, isRetryShown } = view;
  const facts = [
    ...(hasEnded ? [] : [strings.runContinues]),
    ...(lostMs === undefined ? [] : [strings.shownUntil(untilText(lostMs, nowMs, strings))]),
  ];
  const isWith = (text: string) => [text, ...facts].join(' ');
  switch (connection.phase) {
    case 'backoff': {
      const text = isWith(lossText(connection, strings));
      if (isRetryShown)
        return html`<div class="note" role="status" part="note"><p title=${text}>${text}</p></div>`;
      return html`<div class="note" part="note">
        <p title=${text}>
          <span role="status">${text}</span> ${retryText(connection.retryAtMs, nowMs, strings)}
        </p>
        ${renderButton(strings.retryNow, view.onRetry)}
      </div>`;
    }
    case 'offline': {
      const text = isWith(strings.sessionOffline);
      return html`<div class="note" role="status" part="note"><p title=${text}>${text}</p></div>`;
    }
    case 'paused': {
      const text = isWith(strings.sessionPaused);
      return html`<div class="note" part="note">
        <p role="status" title=${text}>${text}</p>
        ${renderButton(strings.resume, view.onRetry)}
      </div>`;
    }
    case 'authRefresh':
      return html`<div class="note" role="status" part="note"><p>${strings.signingIn}</p></div>`;
    case 'live':
      if (connection.silentSinceMs !== undefined && !hasEnded)
        return renderSilence(view, connection.silentSinceMs);
      return connection.isByRequests === true
        ? html`<div class="note" role="status" part="note">
            <p title=${strings.heldBack}>${strings.heldBack}</p>
          </div>`
        : nothing;
    default:
      return nothing;
  }
}

/** Says since when a run is silent; that it is dead is not known. */
function renderSilence({ strings, nowMs, onDelete }: SessionNoticesView, sinceMs: number): TemplateResult {
  const text = strings.noSignSince(untilText(sinceMs, nowMs, strings));
  return html`<div class="note" part="note">
    <p role="status" title=${text}>${text}</p>
    ${onDelete === undefined ? nothing : renderButton(strings.deleteSession, onDelete)}
  </div>`;
}

/** “4:23:07 PM”, with the day unless that is today. */
function untilText(ms: number, nowMs: number, { locale }: PanelStrings): string {
  const time = timeLocale(locale);
  return isToday(ms, nowMs) ? clockTimeWithSeconds(ms, time) : shortDateTime(ms, time);
}
