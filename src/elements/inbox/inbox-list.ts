import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import {
  isDone,
  shownEntries,
  waitingSince,
  type InboxEntry,
  type InboxQueue,
} from '../../controller/inbox/inbox-queue.js';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import type { SessionSummary } from '../../protocol/session-summary.js';
import { waitingTime } from '../strings/waiting-time.js';
import type { PanelStrings } from '../strings/english.js';
import { rowQuestion, sessionTitle } from '../strings/session-text.js';
import { icon, statusIcon } from '../theme/icons.js';

/** Rows that are drawn before the current one, and in all: drawing thousands would block the page. */
const ROWS_BEFORE = 20;
const MAX_ROWS = 60;

/** Props of the queue as a list. */
export interface InboxListView {
  readonly queue: InboxQueue;
  readonly history: SessionHistoryController;
  readonly nowMs: number;
  readonly strings: PanelStrings;
  readonly onGo: (key: number) => void;
}

/** Renders the queue at the place of the list: what is done, where the person is, and what comes. */
export function renderInboxList({ queue, history, nowMs, strings, onGo }: InboxListView): TemplateResult {
  const entries = shownEntries(queue);
  const position = entries.findIndex(({ key }) => key === queue.currentKey);
  const first = Math.max(0, Math.min(position - ROWS_BEFORE, entries.length - MAX_ROWS));
  const rows = entries.slice(first, first + MAX_ROWS);
  const after = entries.length - first - rows.length;
  return html`<nav class="queue" aria-label=${strings.inboxQueue}>
    ${first === 0 ? nothing : html`<p class="more-rows">${strings.moreBefore(first)}</p>`}
    <ol role="list">
      ${repeat(
        rows,
        ({ key }) => key,
        (entry) =>
          html`<li>
            ${renderRow(entry, history.getSession(entry.sessionId), queue.currentKey === entry.key, nowMs, strings, onGo)}
          </li>`,
      )}
    </ol>
    ${after === 0 ? nothing : html`<p class="more-rows">${strings.moreAfter(after)}</p>`}
  </nav>`;
}

function renderRow(
  entry: InboxEntry,
  session: SessionSummary | undefined,
  isCurrent: boolean,
  nowMs: number,
  strings: PanelStrings,
  onGo: (key: number) => void,
): TemplateResult {
  const title = session === undefined ? strings.untitled : sessionTitle(session, strings);
  const isClosed = isDone(entry);
  const detail = isClosed
    ? strings.inboxAnswered
    : entry.state === 'skipped'
      ? strings.inboxSkipped
      : session?.question === undefined
        ? ''
        : strings.asks(rowQuestion(session.question, strings));
  return html`<button
    type="button"
    class="row ${entry.state}"
    aria-current=${isCurrent ? 'step' : nothing}
    aria-disabled=${isClosed ? 'true' : nothing}
    @click=${() => onGo(entry.key)}
  >
    ${isClosed ? icon('check') : statusIcon('suspended')}
    <span
      class="row-title"
      dir="auto"
      title=${session?.graphId === undefined ? title : `${title}\n${strings.ofGraph(session.graphId)}`}
      >${title}</span
    >
    ${
      session === undefined || isClosed || waitingSince(session) <= 0
        ? nothing
        : html`<span class="row-time">${waitingTime(nowMs - waitingSince(session) * 1000, strings)}</span>`
    }
    <span class="row-detail" dir="auto">${detail}</span>
  </button>`;
}
