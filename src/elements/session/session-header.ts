import { html, nothing, type TemplateResult } from 'lit';
import type { SessionOperation } from '../../controller/session-history-controller.js';
import type { NodeStatus } from '../../protocol/session-state.js';
import { isTerminalStatus, type SessionSummary } from '../../protocol/session-summary.js';
import { copyText, type CopyState } from '../base/clipboard-copy.js';
import { icon, statusIcon } from '../theme/icons.js';
import {
  nodeCounts,
  nodesDone,
  operationText,
  sessionTitle,
  statusExplanation,
  statusWord,
} from '../strings/session-text.js';
import type { RowCapabilities } from '../base/commands.js';
import type { PanelStrings } from '../strings/english.js';
import { absoluteTime, isToday, clockTime, shortDateTime, timeLocale } from '../strings/time-format.js';
import { duration, runningDuration } from '../strings/duration.js';

/** Props of the header. */
export interface SessionHeaderView {
  readonly session: SessionSummary;
  /** The status of each node, as far as events have arrived. */
  readonly nodeStatuses: readonly NodeStatus[];
  readonly operation: SessionOperation | undefined;
  readonly nowMs: number;
  readonly strings: PanelStrings;
  /** Commands besides cancel and delete; none for a session that is not in the list. */
  readonly capabilities: RowCapabilities;
  /** True if the session no longer exists: the header then has no buttons. */
  readonly isGone: boolean;
  /** False while only the id is known. */
  readonly hasStatus: boolean;
  /** Outcome of copying the id; undefined if it was not copied. */
  readonly copied: CopyState;
  readonly onBack: () => void;
  readonly onCopy: () => void;
  readonly onDisconnect: () => void;
  readonly onCancel: () => void;
  readonly onDelete: () => void;
  readonly onRerun: () => void;
  readonly onRename: () => void;
  readonly onPin: () => void;
}

/**
 * Ignores the second click of a double click, which may hit another button or a session that has just
 * started.
 */
const ONCE = {
  capture: true,
  handleEvent(event: MouseEvent) {
    if (event.detail > 1) event.stopPropagation();
  },
};

/** Title, status, times and buttons of the watched session. */
export function renderHeader(view: SessionHeaderView): TemplateResult {
  const { session, strings } = view;
  const title = sessionTitle(session, strings);
  const isKnown = statusExplanation(session.status, strings) !== '';
  return html`<header part="session-header">
    <div class="line">
      <button
        type="button"
        class="icon-button back"
        aria-label=${strings.back}
        title=${strings.back}
        @click=${view.onBack}
      >
        ${icon('back')}
      </button>
      <h3 part="session-title" dir="auto" tabindex="-1" title=${title}>${title}</h3>
      ${
        view.hasStatus
          ? html`<span
              class="badge ${isKnown ? session.status : 'other'}"
              part="session-status"
              title=${statusExplanation(session.status, strings)}
              >${statusWord(session.status, strings)}</span
            >`
          : nothing
      }
      <span class="buttons" part="session-buttons" @click=${ONCE}>${renderButtons(view)}</span>
    </div>
    ${renderMeta(view)}
  </header>`;
}

function renderButtons({
  session,
  operation,
  strings,
  capabilities,
  ...on
}: SessionHeaderView): TemplateResult | typeof nothing {
  if (on.isGone) return nothing;
  const text = operation === undefined ? undefined : operationText(operation, strings);
  if (text !== undefined) {
    return html`<span class="busy" role="status">${statusIcon('running')} ${text}</span>`;
  }
  const isEnded = isTerminalStatus(session.status);
  const iconButton = (label: string, name: 'pencil' | 'pin' | 'trash', onClick: () => void) =>
    html`<button type="button" class="icon-button" aria-label=${label} title=${label} @click=${onClick}>
      ${icon(name)}
    </button>`;
  const pinLabel = session.pinned === true ? strings.unpinSession : strings.pinSession;
  return html`<button
      type="button"
      class="button disconnect"
      title=${strings.disconnectHint}
      @click=${on.onDisconnect}
    >
      ${strings.disconnect}
    </button>
    ${
      isEnded
        ? nothing
        : html`<button type="button" class="button" @click=${on.onCancel}>${strings.cancelRun}</button>`
    }
    ${
      isEnded && capabilities.rerun === true
        ? html`<button type="button" class="button" @click=${on.onRerun}>${strings.rerun}</button>`
        : nothing
    }
    <span class="icons">
      ${capabilities.rename === true ? iconButton(strings.renameSession, 'pencil', on.onRename) : nothing}
      ${capabilities.pin === true ? iconButton(pinLabel, 'pin', on.onPin) : nothing}
      ${iconButton(strings.deleteSession, 'trash', on.onDelete)}
    </span>`;
}

function renderMeta({
  session,
  nodeStatuses,
  nowMs,
  strings,
  copied,
  onCopy,
}: SessionHeaderView): TemplateResult {
  const { createdAt, endedAt, nodesTotal, sessionId, status } = session;
  const locale = timeLocale(strings.locale);
  const createdMs = createdAt * 1000;
  const timeTaken =
    endedAt === undefined
      ? runningDuration(nowMs - createdMs, strings)
      : duration((endedAt - createdAt) * 1000, strings);
  const hasDuration = createdAt > 0 && (endedAt !== undefined || !isTerminalStatus(status));
  const started = isToday(createdMs, nowMs) ? clockTime(createdMs, locale) : shortDateTime(createdMs, locale);
  return html`<div class="meta" part="session-meta">
    ${
      createdAt <= 0
        ? nothing
        : html`<time datetime=${new Date(createdMs).toISOString()} title=${absoluteTime(createdMs, locale)}
            >${strings.startedAt(started)}</time
          >`
    }
    ${
      nodesTotal === undefined || nodesTotal === 0
        ? nothing
        : html`<span title=${nodeCounts(nodeStatuses, strings)}
            >${strings.nodesDoneLong(nodesDone(session), nodesTotal)}</span
          >`
    }
    ${hasDuration ? html`<span class="duration">${timeTaken}</span>` : nothing}
    <span class="id">
      <code title=${sessionId}>${shortId(sessionId)}</code>
      <button
        type="button"
        class="icon-button copy"
        aria-label=${strings.copyId}
        title=${strings.copyId}
        @click=${onCopy}
      >
        ${icon(copied === 'copied' ? 'check' : 'copy')}
      </button>
      <span role="status" class=${copied === 'failed' ? 'failed-text' : 'visually-hidden'}
        >${copyText(copied, strings)}</span
      >
    </span>
  </div>`;
}

/** The beginning of an id, enough to distinguish sessions by eye. */
function shortId(sessionId: string): string {
  return sessionId.length <= 12 ? sessionId : sessionId.slice(0, 8);
}
