import { html, nothing, type TemplateResult } from 'lit';
import type { SessionOperation } from '../../controller/session-history-controller.js';
import { isTerminalStatus, type SessionSummary } from '../../protocol/session-summary.js';
import { icon, statusIcon } from '../theme/icons.js';
import {
  graphLabel,
  operationFailure,
  operationText,
  sessionDetail,
  sessionProgress,
  sessionTitle,
  statusExplanation,
  statusWord,
  type SessionDetail,
} from '../strings/session-text.js';
import { canRerun } from '../base/rows/row-keys.js';
import { canCancel, canDelete, type RowCapabilities } from '../base/commands.js';
import { usageText } from '../strings/usage-text.js';
import type { FirstStrings } from '../strings/first-english.js';
import type { SearchExcerpt } from '../strings/search-excerpt.js';
import { absoluteTime, relativeTime, timeLocale } from '../strings/time-format.js';

/** Props of a row, and its position. */
export interface RowView {
  readonly session: SessionSummary;
  readonly operation: SessionOperation | undefined;
  /** Position in the list, from 0, and the number of rows. */
  readonly position: number;
  readonly count: number;
  /** Distance from the beginning of the list in pixels. */
  readonly top: number;
  /** Title of the day that begins with this row. */
  readonly heading: string | undefined;
  readonly capabilities: RowCapabilities;
  readonly isActive: boolean;
  /** True for the one row that Tab reaches. */
  readonly isTabStop: boolean;
  /** True while its menu is open. */
  readonly isMenuOpen: boolean;
  /** Whether a person has selected it; undefined: they have selected none. */
  readonly isSelected: boolean | undefined;
  /** Where the session matches the search, if its title does not show it. */
  readonly excerpt: SearchExcerpt | undefined;
  /** True when the row above shows the same time. */
  readonly isTimeRepeated: boolean;
  /** True when a person has begun to answer one of its questions. */
  readonly hasDraft: boolean;
  /** The title of the session that this one runs again; undefined when it is not a rerun, `''` when it is not in the list. */
  readonly originTitle: string | undefined;
  /** True when another run solved what this one failed at. */
  readonly isSolved: boolean;
  readonly nowMs: number;
}

/**
 * Renders a row; the density of the list makes two lines of it, or one. Clicks are identified by `data-action` on the buttons and `data-id` on the row, so that a
 * row needs no closures.
 */
export function renderRow(row: RowView, strings: FirstStrings): TemplateResult {
  const { session, isActive, heading } = row;
  const title = sessionTitle(session, strings);
  const end = sessionProgress(session, row.nowMs, strings);
  const word = statusWord(session.status, strings);
  const explanation = statusExplanation(session.status, strings);
  return html`<li
    class="item"
    data-id=${session.sessionId}
    aria-posinset=${row.position + 1}
    aria-setsize=${row.count}
    .style=${`transform:translateY(${row.top}px)`}
  >
    ${heading === undefined ? nothing : html`<h3 class="day" part="day">${heading}</h3>`}
    <div
      class="row ${isActive ? 'is-active' : ''} ${row.isSelected === true ? 'is-selected' : ''} ${row.operation?.error === undefined ? '' : 'is-tall'}"
      part="row ${isActive ? 'row-active' : ''}"
    >
      ${row.isSelected === undefined ? nothing : renderCheckbox(row.isSelected, row.isTabStop, title, strings)}
      <button
        type="button"
        class="main"
        data-action="connect"
        tabindex=${row.isTabStop ? 0 : -1}
        aria-current=${isActive ? 'true' : nothing}
      >
        <span class="status" part="row-status" title=${explanation === '' ? word : `${word}: ${explanation}`}>
          ${statusIcon(session.status)}<span class="visually-hidden"
            >${row.isSelected === true ? `${strings.selected}. ` : ''}${word}.
          </span>
        </span>
        <span class="title" part="row-title" dir="auto" title=${titleHint(session, title, strings)}
          >${title}</span
        >
        <span class="progress ${end.tone}" part="row-progress">${end.text}</span>
        ${renderSecondLine(row, strings)}
      </button>
      ${renderActions(row, title, strings)}
    </div>
  </li>`;
}

/** The title as a whole, and in a list of all graphs the id of the graph. */
function titleHint({ graphId }: SessionSummary, title: string, strings: FirstStrings): string {
  return graphId === undefined ? title : `${title}\n${strings.ofGraph(graphId)}`;
}

/** The box that selects a row with the pointer; a key does so on the row itself. */
function renderCheckbox(
  isSelected: boolean,
  isTabStop: boolean,
  title: string,
  strings: FirstStrings,
): TemplateResult {
  const label = strings.selectSession(title);
  return html`<button
    type="button"
    class="check"
    role="checkbox"
    data-action="select"
    tabindex=${isTabStop ? 0 : -1}
    aria-checked=${isSelected ? 'true' : 'false'}
    aria-label=${label}
    title=${label}
  >
    <span class="box">${isSelected ? icon('check') : nothing}</span>
  </button>`;
}

function renderSecondLine(
  { session, operation, excerpt, isTimeRepeated, hasDraft, originTitle, isSolved, nowMs }: RowView,
  strings: FirstStrings,
): TemplateResult {
  const detail: SessionDetail = operationDetail(operation, strings) ?? sessionDetail(session, nowMs, strings);
  const { text, tone, more } = detail;
  const locale = timeLocale(strings.locale);
  const createdMs = session.createdAt * 1000;
  const updated = absoluteTime(session.updatedAt * 1000, locale);
  const { startedBy } = session;
  const by = startedBy === undefined ? '' : ` ${strings.byPerson(startedBy)}`;
  const hint = `${strings.startedAt(absoluteTime(createdMs, locale))}${by}\n${strings.updatedAt(updated)}`;
  const usage = operation === undefined ? usageText(session.usage, strings) : '';
  const isSearched = operation === undefined && excerpt !== undefined;
  const graph = operation === undefined ? graphLabel(session) : '';
  return html`<span class="detail ${tone}" part="row-detail" title=${text}
      >${graph === '' ? nothing : html`<span class="graph" dir="auto" title=${strings.ofGraph(graph)}>${graph}</span> `}<span
        class="text"
        dir="auto"
        >${isSearched ? html`${excerpt.before}<mark>${excerpt.match}</mark>${excerpt.after}` : text}</span
      >${renderOrigin(originTitle, isSolved, strings)}${more === undefined ? nothing : html` <span class="more">${more}</span>`}${
        usage === '' ? nothing : html` <span class="usage">${usage}</span>`
      }${
        startedBy === undefined || operation !== undefined
          ? nothing
          : html` <span class="person" dir="auto">${strings.startedByPerson(startedBy)}</span>`
      }${renderTurn(session.group, strings)}${
        session.imported === true ? html` <span class="more">${strings.importedMark}</span>` : nothing
      }${hasDraft ? html` <span class="draft">${icon('pencil')}${strings.hasDraft}</span>` : nothing}</span
    >
    ${
      session.createdAt <= 0
        ? nothing
        : html`<time
            class=${isTimeRepeated ? 'is-repeated' : ''}
            part="row-time"
            datetime=${new Date(createdMs).toISOString()}
            title=${hint}
            >${relativeTime(createdMs, nowMs, strings)}</time
          >`
    }`;
}

/** Says which turn of a conversation the session is. */
function renderTurn(group: SessionSummary['group'], strings: FirstStrings): TemplateResult | typeof nothing {
  if (group === undefined || group.size < 2) return nothing;
  const { position, size } = group;
  return html` <span class="turn" title=${strings.turnLong(position, size)}
    ><span aria-hidden="true">${strings.turn(position, size)}</span
    ><span class="visually-hidden">${strings.turnLong(position, size)}</span></span
  >`;
}

/** Says that the session runs another one again, or was solved by one. */
function renderOrigin(
  originTitle: string | undefined,
  isSolved: boolean,
  strings: FirstStrings,
): TemplateResult | typeof nothing {
  if (isSolved)
    return html` <span class="origin is-whole" title=${strings.solvedLater}
      >${icon('check')}${strings.solved}</span
    >`;
  if (originTitle === undefined) return nothing;
  const text = strings.againOf(originTitle === '' ? strings.unknownRun : originTitle);
  return html` <span class="origin" title=${text}>${icon('again')}<span class="text">${text}</span></span>`;
}

function operationDetail(
  operation: SessionOperation | undefined,
  strings: FirstStrings,
): SessionDetail | undefined {
  if (operation === undefined) return undefined;
  const text = operationText(operation, strings);
  if (text !== undefined) return { text, tone: 'plain' };
  const failure = operationFailure(operation, strings);
  return failure === undefined ? undefined : { text: failure, tone: 'failed' };
}

function renderActions(row: RowView, title: string, strings: FirstStrings): TemplateResult | typeof nothing {
  const { session, operation, capabilities } = row;
  const isEnded = isTerminalStatus(session.status);
  if (operation !== undefined && operation.error === undefined) return nothing;
  const tabIndex = row.isTabStop ? 0 : -1;
  const button = (action: string, label: string, drawing: TemplateResult) =>
    html`<button
      type="button"
      class="icon-button"
      part="row-action"
      data-action=${action}
      tabindex=${tabIndex}
      aria-label=${label}
      title=${label}
      aria-haspopup=${action === 'more' ? 'menu' : nothing}
      aria-expanded=${action === 'more' ? (row.isMenuOpen ? 'true' : 'false') : nothing}
    >
      ${drawing}
    </button>`;
  return html`<span
    class="actions ${operation === undefined && !row.isMenuOpen ? '' : 'is-shown'}"
    part="row-actions"
  >
    ${operation === undefined ? nothing : button('retry', strings.tryAgain, icon('retry'))}
    ${canRerun({ session, capabilities }) ? button('rerun', strings.rerunOf(title), icon('again')) : nothing}
    ${isEnded || !canCancel(capabilities) ? nothing : button('cancel', strings.cancelRunOf(title), icon('stop'))}
    ${canDelete(capabilities) ? button('delete', strings.deleteSessionOf(title), icon('trash')) : nothing}
    ${button('more', strings.moreOf(title), icon('more'))}
  </span>`;
}
