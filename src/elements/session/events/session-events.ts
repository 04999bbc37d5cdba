import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { positionOf } from '../../../controller/run/event-search.js';
import type { RunController } from '../../../controller/run/run-controller.js';
import { eventToWire, nodeIdOf, type GraphRunEvent } from '../../../protocol/events.js';
import { contentStyles } from '../../content/content.styles.js';
import { EventIndex, ALL_EVENTS, type EventFilter, type EventSource } from './event-index.js';
import { ClipboardCopy } from '../../base/clipboard-copy.js';
import { renderEventDetail } from './event-detail.js';
import { renderEventFilter } from './event-filter.js';
import { columnClasses, renderEventHeader, startOf } from './event-columns.js';
import { renderEventRow } from './event-row.js';
import { icon } from '../../theme/icons.js';
import { jsonText } from '../../content/json-text.js';
import { pressedKey } from '../../base/pressed-key.js';
import { layoutList, positionForKey, type ListLayout } from '../../base/rows/list-layout.js';
import { RunElement } from '../run-element.js';
import { shownEvents } from './shown-events.js';
import { isOpen } from '../watched-session.js';
import { DATE_EM, eventsStyles, ROW_EM } from './session-events.styles.js';
import { untracked } from '../../base/signal-element.js';
import { englishStrings, type PanelStrings } from '../../strings/english.js';
import { theme } from '../../theme/theme.js';
import { VirtualList } from '../../base/rows/virtual-list.js';
import { runningDuration } from '../../strings/duration.js';

/** Distance from the end, in rows, that still counts as the end. */
const SLACK_ROWS = 1.5;
/** Time spent on filtering before the browser gets its turn. */
const FILTER_MS = 8;
/** Maximum number of events that are printed: some forty pages. */
const PRINTED_EVENTS = 2000;

/**
 * The events of the watched session in their order: a virtual list of a log of any length, filtered, with
 * the JSON of the selected event. Follows the newest one until a person scrolls away. Part of
 * `<sessions-panel>`.
 *
 * Keyboard: arrows or j/k, Home, End, Page Up/Down select, Enter shows the run as it was after the event.
 *
 * @csspart events - The list.
 * @csspart event - One event.
 * @csspart event-detail - The JSON of the selected event.
 */
export class SessionEvents extends RunElement {
  static override styles = [...theme, contentStyles, eventsStyles];
  static override properties = {
    run: { attribute: false },
    strings: { attribute: false },
    linkTo: { attribute: false },
    onSeek: { attribute: false },
    filter: { state: true },
    selected: { state: true },
    isClock: { state: true },
  };

  declare strings: PanelStrings;
  /** Returns the host's link to an event; undefined where there is none. */
  declare linkTo: ((index: number) => string | undefined) | undefined;
  /** Called with the index of the event whose moment a person wants to see; without it, events are only selected. */
  declare onSeek: ((index: number) => void) | undefined;
  /** @internal The filter that a person has set. */
  declare filter: EventFilter;
  /** @internal Position in the log of the selected event. */
  declare selected: number | undefined;
  /** @internal True to show times of day. */
  declare isClock: boolean;

  readonly #index = new EventIndex();
  #layout: ListLayout = layoutList(0, [], { row: 1, heading: 0 });
  readonly #list = new VirtualList(this, { rowEm: ROW_EM, headingEm: DATE_EM });
  #isFollowing: boolean | undefined;
  #isReading = false;
  /** The moment that was shown last, as a position in the log, and the one that is to be scrolled to. */
  #moment: number | undefined;
  #isMomentDue = false;
  /** True until the event of `showEvent` is drawn: the events before it may not have been read yet. */
  #isRevealDue = false;
  #generation = -1;
  #sessionId: string | undefined;
  readonly #copy = new ClipboardCopy(this);

  constructor() {
    super();
    this.run = undefined;
    this.strings = englishStrings;
    this.linkTo = undefined;
    this.onSeek = undefined;
    this.filter = ALL_EVENTS;
    this.selected = undefined;
    this.isClock = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { run } = this;
    if (run === undefined) return;
    const events = this.#eventsOf(run);
    if (run.sessionId !== this.#sessionId) {
      // A filter is for the events of one session: in another one it may match nothing.
      this.#sessionId = run.sessionId;
      this.filter = ALL_EVENTS;
    }
    if (events.generation !== this.#generation) {
      this.#generation = events.generation;
      this.selected = undefined;
      this.#isFollowing = undefined;
    }
    if (changed.has('filter')) {
      this.#index.setFilter(this.filter);
      // Another list: show its end if the run is open, otherwise its beginning.
      this.#isFollowing = isOpen(run.latest);
      this.#list.scroller?.scrollTo({ top: 0 });
    }
    // An ended run is shown from its beginning; a running one is followed at its end.
    this.#isFollowing ??= isOpen(run.latest);
    this.#readMoment(run, events);
    this.#isReading = !this.#index.read(events, performance.now() + FILTER_MS);
    this.#layout = layoutList(this.#index.count, this.isClock ? this.#index.days : [], this.#list.heights);
  }

  protected override updated(changed: PropertyValues<this>): void {
    // In a task of its own, so that filtering 100,000 events never freezes the page.
    if (this.#isReading && this.isConnected) setTimeout(() => this.requestUpdate());
    const { scroller } = this.#list;
    if (scroller === undefined) return;
    // The detail may cover the place of the selected event.
    if (this.selected !== undefined && (changed.has('selected') || this.#isRevealDue)) {
      this.#isRevealDue = !this.#reveal(this.selected) && this.#isRevealDue;
    }
    if (this.#isMomentDue && this.#moment !== undefined)
      this.#isMomentDue = !this.#reveal(this.#moment) && this.#isReading;
    if (this.#isFollowing !== true) return;
    const end = scroller.scrollHeight - scroller.clientHeight;
    if (Math.abs(scroller.scrollTop - end) > 1) scroller.scrollTop = end;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { run, strings, filter } = this;
    if (run === undefined) return nothing;
    const total = run.events.length;
    return html`${renderEventFilter({
        filter,
        types: this.#index.types,
        nodes: this.#index.nodes,
        failures: this.#index.failures,
        nodeTitle: (nodeId) => this.#nodeTitle(nodeId),
        countText: this.#countText(total),
        strings,
        onChange: this.#onFilter,
      })}
      <div class="body">
        <div class=${`side${untracked(() => columnClasses(run, this.isClock))}`}>
          ${this.#renderList(run)} ${this.#renderJump(run)}
        </div>
        ${this.#renderDetail(run)}
      </div>`;
  }

  /** Scrolls to the event of another moment, and follows the newest no longer. */
  #readMoment(run: RunController, events: EventSource): void {
    const { position } = run;
    const moment = position === undefined ? undefined : positionOf(run.events, position) + events.dropped;
    if (moment === this.#moment) return;
    this.#moment = moment;
    this.#isMomentDue = moment !== undefined && moment !== this.selected;
    if (moment !== undefined) this.#isFollowing = false;
  }

  #countText(total: number): string {
    const { strings } = this;
    if (this.filter === ALL_EVENTS) return strings.eventCount(total);
    const text = strings.eventsOf(this.#index.count, total);
    return this.#isReading ? `${text} ${strings.searching}` : text;
  }

  #renderList(run: RunController): TemplateResult {
    const { strings } = this;
    const { count } = this.#index;
    if (count === 0 && !this.#isReading) {
      return this.filter === ALL_EVENTS
        ? html`<p class="quiet">${strings.noActivity}</p>`
        : html`<div class="quiet">
            <p>${strings.noEventMatches}</p>
            <button type="button" class="button" @click=${this.#onClear}>${strings.clearFilter}</button>
          </div>`;
    }
    const shown = this.#list.show(this.#layout, this.#isFollowing === true);
    const { start, end } = this.printing.isOn ? { start: 0, end: Math.min(count, PRINTED_EVENTS) } : shown;
    const startMs = untracked(() => startOf(run));
    const active = this.selected === undefined ? -1 : this.#index.rowOf(this.selected);
    const header = renderEventHeader({
      isClock: this.isClock,
      strings,
      onToggle: () => {
        this.isClock = !this.isClock;
      },
    });
    return html`${header}
      <div
        class="scroller"
        part="events"
        role="listbox"
        tabindex="0"
        aria-label=${strings.eventsLabel}
        aria-activedescendant=${active >= start && active < end ? `e${this.selected}` : nothing}
        @scroll=${this.#onScroll}
        @keydown=${this.#onKeyDown}
        @click=${this.#onClick}
      >
        <div class="rows" role="presentation" .style=${`block-size:${this.#layout.height}px`}>
          <div class="window" role="presentation" .style=${`inset-block-start:${this.#layout.top(start)}px`}>
            ${Array.from({ length: end - start }, (_, offset) => this.#renderRow(run, start + offset, startMs))}
          </div>
        </div>
      </div>
      ${
        this.printing.isOn && end < count
          ? html`<p class="quiet">${strings.eventsNotPrinted(count - end)}</p>`
          : nothing
      }`;
  }

  #renderRow(run: RunController, row: number, startMs: number | undefined): TemplateResult | typeof nothing {
    const position = this.#index.at(row);
    const event = position === undefined ? undefined : this.#eventAt(run, position);
    if (position === undefined || event === undefined) return nothing;
    const nodeId = nodeIdOf(event);
    return renderEventRow({
      event,
      position,
      row,
      count: this.#index.count,
      isSelected: position === this.selected,
      moment: this.#moment === undefined ? undefined : Math.sign(position - this.#moment),
      node: nodeId === undefined ? '' : this.#nodeTitle(nodeId),
      startMs,
      previousMs: untracked(() => run.events.at(position - run.events.dropped - 1)?.ts),
      isClock: this.isClock,
      hasDate: this.#layout.hasHeading(row),
      strings: this.strings,
    });
  }

  #renderJump(run: RunController): TemplateResult | typeof nothing {
    if (this.#isFollowing !== false || !isOpen(run.latest) || this.#index.count === 0) return nothing;
    // The band has the way back.
    if (this.#moment !== undefined) return nothing;
    const { strings } = this;
    const last = this.#index.at(Math.min(this.#index.count, this.#list.window.end) - 1);
    const seenTs = last === undefined ? undefined : this.#eventAt(run, last)?.ts;
    const newestTs = run.events.at(run.events.length - 1)?.ts;
    const behindMs = seenTs === undefined || newestTs === undefined ? 0 : newestTs - seenTs;
    return html`<button type="button" class="button pill floating jump" @click=${this.#jump}>
      ${icon('down')}
      ${behindMs >= 1000 ? strings.liveBehind(runningDuration(behindMs, strings)) : strings.jumpToLive}
    </button>`;
  }

  #renderDetail(run: RunController): TemplateResult | typeof nothing {
    const event = this.selected === undefined ? undefined : this.#eventAt(run, this.selected);
    if (event === undefined) return nothing;
    const nodeId = nodeIdOf(event);
    return renderEventDetail({
      event,
      node: nodeId === undefined ? undefined : this.#nodeTitle(nodeId),
      copied: this.#copy.state,
      link: this.linkTo?.(event.index),
      strings: this.strings,
      onCopy: () => void this.#copy.copy(jsonText(eventToWire(event))),
      onClose: () => {
        this.selected = undefined;
        this.#list.scroller?.focus();
      },
    });
  }

  #eventAt(run: RunController, position: number): GraphRunEvent | undefined {
    return this.#eventsOf(run).at(position - run.events.dropped);
  }

  /** The events without secrets. What was asked never changes, so it is read without tracking. */
  #eventsOf(run: RunController): EventSource {
    return shownEvents(run.events, (interactionId) =>
      untracked(() => run.latest.resolvedInteractions.get(interactionId)?.interaction),
    );
  }

  /** The title of a node, read without tracking the state of the node. */
  #nodeTitle(nodeId: string): string {
    return untracked(() => this.run?.latest.nodes.get(nodeId)?.title) ?? nodeId;
  }

  /** Selects an event by its index, whatever the filter, and scrolls to it. */
  showEvent(index: number): void {
    this.filter = ALL_EVENTS;
    this.#isRevealDue = true;
    this.#select(index);
  }

  /** Returns false for an event that is not in the list yet. */
  #reveal(position: number): boolean {
    const row = this.#index.rowOf(position);
    if (row >= 0) this.#list.reveal(row);
    return row >= 0;
  }

  readonly #onScroll = (): void => {
    const { scroller } = this.#list;
    if (scroller === undefined) return;
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    const isAtEnd = scrollHeight - scrollTop - clientHeight <= SLACK_ROWS * this.#list.heights.row;
    if (isAtEnd === this.#isFollowing && !this.#list.isOutOfDate()) return;
    this.#isFollowing = isAtEnd && this.run !== undefined && isOpen(this.run.latest);
    this.requestUpdate();
  };

  readonly #onFilter = (change: Partial<EventFilter>): void => {
    const next = { ...this.filter, ...change };
    const isEmpty = next.text === '' && next.type === '' && next.nodeId === '' && !next.isFailedOnly;
    this.filter = isEmpty ? ALL_EVENTS : next;
  };

  readonly #onClear = (): void => {
    this.filter = ALL_EVENTS;
    // The button goes away, and with it its focus.
    this.shadowRoot?.querySelector<HTMLElement>('.filter .text')?.focus();
  };

  readonly #jump = (): void => {
    this.#isFollowing = true;
    this.requestUpdate();
    this.#list.scroller?.focus();
  };

  readonly #onClick = (event: Event): void => {
    const option = event.target instanceof Element ? event.target.closest<HTMLElement>('.event') : null;
    const position = option?.dataset['position'];
    if (position === undefined) return;
    this.#select(Number(position));
    this.#seek(Number(position));
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { count } = this.#index;
    if (count === 0) return;
    const key = pressedKey(event);
    if (key === 'Escape' && this.selected !== undefined) {
      event.preventDefault();
      this.selected = undefined;
      return;
    }
    if (key === 'Enter' && this.selected !== undefined && this.onSeek !== undefined) {
      event.preventDefault();
      this.#seek(this.selected);
      return;
    }
    const row = this.selected === undefined ? -1 : this.#index.rowOf(this.selected);
    const wanted = positionForKey(key, row, count, this.#list.rowsPerPage);
    if (wanted === undefined) return;
    event.preventDefault();
    const target = Math.min(Math.max(0, wanted), count - 1);
    this.#select(this.#index.at(target));
  };

  #seek(position: number): void {
    const event = this.run === undefined ? undefined : this.#eventAt(this.run, position);
    if (event !== undefined) this.onSeek?.(event.index);
  }

  #select(position: number | undefined): void {
    this.selected = position;
    this.#copy.reset();
    // Selecting stops following: the list must not move while a person reads it.
    this.#isFollowing = false;
  }
}
