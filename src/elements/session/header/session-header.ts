import { html, nothing, type TemplateResult } from 'lit';
import type { SessionOperation } from '../../../controller/session-history-controller.js';
import type { NodeStatus } from '../../../protocol/session-state.js';
import type { SessionFileHeader } from '../../../protocol/session-file/session-file.js';
import { isTerminalStatus, type SessionSummary } from '../../../protocol/session-summary.js';
import type { ModelUsage } from '../../../protocol/usage.js';
import { renderUsage } from '../usage-view.js';
import { copyText, type CopyState } from '../../base/clipboard-copy.js';
import { icon, statusIcon } from '../../theme/icons.js';
import {
  graphName,
  nodeCounts,
  nodesDone,
  operationText,
  sessionTitle,
  statusExplanation,
  statusWord,
} from '../../strings/session-text.js';
import { canCancel, type PanelCommands, type RowCapabilities } from '../../base/commands.js';
import { renderMenuButton } from '../../base/menu/menu-button.js';
import { pressedKey } from '../../base/pressed-key.js';
import { ROW_KEYS } from '../../base/rows/row-keys.js';
import { rerunEntries } from '../../base/menu/rerun-entries.js';
import { HEADER_COMMANDS, sessionMenuEntries } from '../../base/menu/session-menu.js';
import type { PanelStrings } from '../../strings/english.js';
import { absoluteTime, isToday, clockTime, shortDateTime, timeLocale } from '../../strings/time-format.js';
import { duration, runningDuration } from '../../strings/duration.js';

/** Props of the header. */
export interface SessionHeaderView {
  /** With its `graphId` in a list of all graphs. */
  readonly session: SessionSummary;
  /** The status of each node, as far as events have arrived. */
  readonly nodeStatuses: readonly NodeStatus[];
  readonly operation: SessionOperation | undefined;
  /** The first line of the session file that is shown; undefined for a session of the service. */
  readonly file: SessionFileHeader | undefined;
  /** What its calls of models used, by model. */
  readonly usage: readonly ModelUsage[] | undefined;
  readonly nowMs: number;
  /** The time of this machine, to tell today from other days. */
  readonly todayMs: number;
  readonly strings: PanelStrings;
  /** Commands besides cancel and delete; none for a session that is not in the list. */
  readonly capabilities: RowCapabilities;
  /** True if the session no longer exists: the header then has no buttons. */
  readonly isGone: boolean;
  /** False while only the id is known. */
  readonly hasStatus: boolean;
  /** Outcome of copying the id; undefined if it was not copied. */
  readonly copied: CopyState;
  readonly isMenuOpen: boolean;
  /** True while the menu of “Run again” is open. */
  readonly isRerunOpen: boolean;
  /** True when the session has answers that another run could use again. */
  readonly hasAnswers: boolean;
  /** The session that this one runs again, and the one that solved it: its title where it is in the list. */
  readonly origin: LinkedSession | undefined;
  readonly solver: LinkedSession | undefined;
  readonly commands: PanelCommands | undefined;
  /** Whether the player of earlier moments is shown; undefined where there is none. */
  readonly isLookingBack: boolean | undefined;
  readonly onLookBack: () => void;
  readonly onCopy: () => void;
  readonly onMenuToggle: (isOpen: boolean) => void;
  readonly onRerunToggle: (isOpen: boolean) => void;
}

/** Another session that the header names. */
export interface LinkedSession {
  readonly sessionId: string;
  /** Undefined when the list does not have it. */
  readonly title: string | undefined;
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
  const { strings, commands } = view;
  return html`<header part="session-header" @keydown=${(event: KeyboardEvent) => onKey(event, view)}>
    <div class="line" @click=${ONCE}>
      <button
        type="button"
        class="icon-button back"
        aria-label=${strings.back}
        title=${strings.back}
        @click=${() => commands?.back()}
      >
        ${icon('back')}
      </button>
      ${renderTitle(view)} ${renderFileMark(view)} ${view.hasStatus ? renderStatus(view) : nothing}
      <span class="buttons" part="session-buttons">${renderButtons(view)}</span>
    </div>
    ${renderMeta(view)}
  </header>`;
}

/** Renders the title, as a button that renames where the service can do that. */
function renderTitle({
  session,
  strings,
  capabilities,
  isGone,
  commands,
}: SessionHeaderView): TemplateResult {
  const title = sessionTitle(session, strings);
  return html`<h3 part="session-title" dir="auto" tabindex="-1" title=${title}>
    ${
      capabilities.rename !== true || isGone
        ? title
        : html`<button
            type="button"
            class="rename"
            title=${`${title}\n${strings.renameSession}`}
            aria-description=${strings.renameSession}
            aria-keyshortcuts="F2"
            @click=${() => commands?.rename(session.sessionId)}
          >
            ${title}
          </button>`
    }
  </h3>`;
}

/** Marks a session that is shown from a file. */
function renderFileMark({ file, strings }: SessionHeaderView): TemplateResult | typeof nothing {
  if (file === undefined) return nothing;
  const saved =
    file.exportedAt <= 0 ? '' : strings.fileSaved(absoluteTime(file.exportedAt, timeLocale(strings.locale)));
  const hint = [saved, file.redacted ? strings.fileRedacted : ''].filter((line) => line !== '').join('\n');
  return html`<span class="badge other file-badge" title=${hint}
    >${strings.fileMark}<span class="visually-hidden">. ${hint}</span></span
  >`;
}

/** Renders the status; its tooltip includes what a short panel leaves out. */
function renderStatus({ session, strings }: SessionHeaderView): TemplateResult {
  const { status, createdAt, sessionId } = session;
  const explanation = statusExplanation(status, strings);
  const started =
    createdAt <= 0 ? '' : strings.startedAt(absoluteTime(createdAt * 1000, timeLocale(strings.locale)));
  const hint = [explanation, started, strings.sessionId(sessionId)].filter((line) => line !== '').join('\n');
  return html`<span class="badge ${explanation === '' ? 'other' : status}" part="session-status" title=${hint}
    >${statusWord(status, strings)}</span
  >`;
}

/** Renders the button that fits the status, the menu, and at the very end the button that closes the session. */
function renderButtons(view: SessionHeaderView): TemplateResult | typeof nothing {
  const { session, operation, strings, capabilities, commands, isMenuOpen } = view;
  if (view.isGone) return nothing;
  const isEnded = isTerminalStatus(session.status) || view.file !== undefined;
  const closeHint = isEnded ? strings.closeSession : strings.closeSessionHint;
  return html`${renderMainButton(view)} ${renderLookBack(view)}
    <span class="menu"
      >${renderMenuButton({
        label: strings.sessionMenu,
        isOpen: isMenuOpen,
        entries: sessionMenuEntries({ session, operation, capabilities, commands, strings, place: 'header' }),
        onToggle: view.onMenuToggle,
      })}</span
    >
    <button
      type="button"
      class="icon-button"
      aria-label=${strings.closeSession}
      title=${closeHint}
      @click=${() => commands?.disconnect()}
    >
      ${icon('close')}
    </button>`;
}

function renderLookBack({
  isLookingBack,
  strings,
  onLookBack,
}: SessionHeaderView): TemplateResult | typeof nothing {
  if (isLookingBack === undefined) return nothing;
  return html`<button
    type="button"
    class="icon-button look-back"
    aria-label=${strings.lookBack}
    title=${strings.lookBack}
    aria-keyshortcuts="t"
    aria-pressed=${isLookingBack}
    @click=${onLookBack}
  >
    ${icon('clock')}
  </button>`;
}

/** Renders the button that cancels an open run or runs an ended one again, or the operation that is under way. */
function renderMainButton(view: SessionHeaderView): TemplateResult | typeof nothing {
  const { session, operation, strings, capabilities, commands, nodeStatuses } = view;
  const text = operation === undefined ? undefined : operationText(operation, strings);
  if (text !== undefined) {
    return html`<span class="busy" role="status">${statusIcon('running')} ${text}</span>`;
  }
  const { sessionId, status } = session;
  if (!isTerminalStatus(status)) {
    if (!canCancel(capabilities)) return nothing;
    return html`<button type="button" class="button" @click=${() => commands?.cancel(sessionId)}>
      ${strings.cancelRun}
    </button>`;
  }
  if (capabilities.rerun !== true) return nothing;
  const onChoose = () => commands?.rerun(sessionId);
  const choices = rerunEntries({
    session,
    capabilities,
    commands,
    strings,
    nodeStatuses,
    hasAnswers: view.hasAnswers,
  });
  if (choices.length === 0) {
    return html`<button type="button" class="button" @click=${onChoose}>${strings.rerun}</button>`;
  }
  return html`<span class="menu with-text"
    >${renderMenuButton({
      label: strings.rerun,
      hasText: true,
      isOpen: view.isRerunOpen,
      entries: [{ text: strings.rerunAll, icon: 'again', onChoose }, ...choices],
      onToggle: view.onRerunToggle,
    })}</span
  >`;
}

function onKey(event: KeyboardEvent, view: SessionHeaderView): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || view.isGone) return;
  const key = pressedKey(event);
  const command = HEADER_COMMANDS.find(
    (each) => ROW_KEYS[each].keys.includes(key) && ROW_KEYS[each].isOffered(view),
  );
  if (command === undefined) return;
  event.preventDefault();
  view.commands?.[command]?.(view.session.sessionId);
}

function renderMeta({
  session,
  nodeStatuses,
  usage,
  nowMs,
  todayMs,
  strings,
  copied,
  onCopy,
  origin,
  solver,
  commands,
}: SessionHeaderView): TemplateResult {
  const { createdAt, endedAt, nodesTotal, sessionId, status } = session;
  const locale = timeLocale(strings.locale);
  const createdMs = createdAt * 1000;
  const timeTaken =
    endedAt === undefined
      ? runningDuration(nowMs - createdMs, strings)
      : duration((endedAt - createdAt) * 1000, strings);
  const hasDuration = createdAt > 0 && (endedAt !== undefined || !isTerminalStatus(status));
  const started = isToday(createdMs, todayMs)
    ? clockTime(createdMs, locale)
    : shortDateTime(createdMs, locale);
  return html`<div class="meta" part="session-meta">
    ${session.graphId === undefined ? nothing : html`<span class="graph" dir="auto" title=${session.graphId}>${strings.ofGraph(graphName(session))}</span>`}
    ${
      createdAt <= 0
        ? nothing
        : html`<time datetime=${new Date(createdMs).toISOString()} title=${absoluteTime(createdMs, locale)}
              >${strings.startedAt(started)}</time
            >${session.startedBy === undefined ? nothing : html` <span dir="auto">${strings.byPerson(session.startedBy)}</span>`}`
    }
    ${
      nodesTotal === undefined || nodesTotal === 0
        ? nothing
        : html`<span title=${nodeCounts(nodeStatuses, strings)}
            >${strings.nodesDoneLong(nodesDone(session), nodesTotal)}</span
          >`
    }
    ${hasDuration ? html`<span class="duration">${timeTaken}</span>` : nothing} ${renderUsage(usage, strings)}
    ${renderLinked(origin, strings.againOf, strings, commands)}
    ${status === 'failed' ? renderLinked(solver, strings.solvedBy, strings, commands) : nothing}
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

/** Names another session, as a button that opens it where the list has it. */
function renderLinked(
  linked: LinkedSession | undefined,
  phrase: (title: string) => string,
  strings: PanelStrings,
  commands: PanelCommands | undefined,
): TemplateResult | typeof nothing {
  if (linked === undefined) return nothing;
  const { sessionId, title } = linked;
  if (title === undefined) return html`<span class="linked">${phrase(strings.unknownRun)}</span>`;
  return html`<button
    type="button"
    class="linked"
    title=${strings.openOrigin(title)}
    @click=${() => commands?.connect(sessionId)}
  >
    ${phrase(title)}
  </button>`;
}

/** The beginning of an id, enough to distinguish sessions by eye. */
function shortId(sessionId: string): string {
  return sessionId.length <= 12 ? sessionId : sessionId.slice(0, 8);
}
