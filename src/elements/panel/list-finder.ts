import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type { Sessions } from '../../actions/create-sessions.js';
import {
  ALL_SESSIONS,
  isNoFilter,
  parseFilter,
  type SessionFilter,
} from '../../controller/session-filter.js';
import type { SessionHistoryController } from '../../controller/session-history-controller.js';
import { parseOrder } from '../../controller/session-order.js';
import type { SinceFilter } from '../../controller/since-filter.js';
import { untracked } from '../base/signal-element.js';
import type { PanelMemory } from '../base/view-memory.js';
import { filterChips, renderFilter, renderSearch } from '../list/filter-bar.js';
import { renderTimeMenu } from '../list/time-menu.js';
import type { FirstStrings } from '../strings/first-english.js';

/** Key under which the panel remembers the order of the list. */
const ORDER = 'list-order';

/** The panel, as its finder needs it. */
export interface FinderHost extends Pick<ReactiveControllerHost, 'requestUpdate'> {
  readonly strings: FirstStrings;
  readonly memory: PanelMemory;
}

/** What the finder asks of the panel. */
export interface FinderActions {
  readonly sessions: () => Partial<Sessions>;
  /** Announces the text that is current when nothing has changed for a while. */
  readonly announce: (text: () => string) => void;
  /** Opens the dialog that asks for a date. */
  readonly askDate: () => void;
  /** Moves the focus from the search to the rows. */
  readonly leaveSearch: () => void;
}

/** Search, status, time and order of the list: draws them, and remembers the last ones of each graph. */
export class ListFinder {
  readonly #host: FinderHost;
  readonly #actions: FinderActions;
  #isTimeMenuOpen = false;
  #recalledGraph: string | undefined;

  constructor(host: FinderHost, actions: FinderActions) {
    this.#host = host;
    this.#actions = actions;
  }

  /** Restores the filter of the graph whose list is shown, once for each, and the order. Call it outside of an update. */
  recall(): void {
    const { history, actions } = this.#actions.sessions();
    const graphId = untracked(() => history?.graphId);
    if (graphId === undefined || graphId === this.#recalledGraph) return;
    this.#recalledGraph = graphId;
    const { memory } = this.#host;
    const filter = parseFilter(memory.read(filterKey(graphId)));
    if (filter !== undefined) actions?.setFilter(filter);
    const order = parseOrder(memory.read(ORDER));
    if (order !== undefined) actions?.setOrder?.(order);
  }

  /** Shows the sessions that a filter lets through, and announces how many those are. */
  setFilter(filter: SessionFilter): void {
    const { history, actions } = this.#actions.sessions();
    actions?.setFilter(filter);
    if (history?.graphId !== undefined) {
      this.#host.memory.write(filterKey(history.graphId), JSON.stringify(filter));
    }
    this.#actions.announce(() => this.#host.strings.matchCount(history?.matchingIds.length ?? 0));
  }

  /** Shows the sessions since a time; undefined: of all times. */
  setSince(since: SinceFilter | undefined): void {
    const { since: _, ...filter } = this.#actions.sessions().history?.filter ?? ALL_SESSIONS;
    const next = since === undefined ? filter : { ...filter, since };
    this.setFilter(isNoFilter(next) ? ALL_SESSIONS : next);
  }

  /** Renders the search field, the chips and the menu; all hidden where there is nothing to find. */
  render(history: SessionHistoryController): TemplateResult {
    const { strings } = this.#host;
    const { sessionIds, foundCounts, filter } = history;
    const chips = filterChips(foundCounts, filter.status, strings);
    const hasList = sessionIds.length > 0 || filter !== ALL_SESSIONS;
    return html`<div class="finder" ?hidden=${!hasList}>
      ${
        hasList
          ? renderSearch({
              text: filter.text,
              strings,
              onInput: (text) => this.setFilter({ ...history.filter, text }),
              onLeave: this.#actions.leaveSearch,
            })
          : nothing
      }${renderFilter(chips, filter.status, strings, (status) =>
        this.setFilter({ ...history.filter, status }),
      )}${hasList ? this.#renderTimeMenu(history) : nothing}
    </div>`;
  }

  #renderTimeMenu({ order, filter }: SessionHistoryController): TemplateResult {
    const { strings, memory } = this.#host;
    return html`<span class="time-menu"
      >${renderTimeMenu({
        since: filter.since,
        order,
        isOpen: this.#isTimeMenuOpen,
        strings,
        onSince: (since) => this.setSince(since),
        onDate: this.#actions.askDate,
        onOrder: (chosen) => {
          this.#actions.sessions().actions?.setOrder?.(chosen);
          memory.write(ORDER, chosen);
        },
        onToggle: (isOpen) => {
          this.#isTimeMenuOpen = isOpen;
          this.#host.requestUpdate();
        },
      })}</span
    >`;
  }
}

/** Key under which the panel remembers the filter of a graph. */
function filterKey(graphId: string): string {
  return `list.${graphId}`;
}
