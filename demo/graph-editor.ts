import { SignalWatcher } from '@lit-labs/signals';
import {
  ALL_GRAPHS,
  createSessions,
  type GraphRunService,
  type Sessions,
  type SessionPlace,
  type SessionsPanel,
  type SessionStatus,
} from 'graph-sessions';
import { html, LitElement, nothing } from 'lit';
import { formatAddress, parseAddress } from './address.js';
import { controls } from './controls.js';
import type { NodeOpenEvent } from './graph-canvas.js';
import { EXAMPLES, exampleOf, type Example } from './examples.js';
import { editorStyles } from './graph-editor-styles.js';
import { icon } from './icons.js';
import { isString, recall, remember } from './remembered.js';
import { applyTheme, nextTheme, rememberedTheme, type Theme } from './theme.js';

/** How soon after the start of a run its first question gets the caret. */
const QUESTION_SOON_MS = 3000;

/** Names of the values that the tab remembers. */
const GRAPH = 'graph';
const LIST = 'list';
const sessionOf = (graphId: string) => `session.${graphId}`;

/** Status line of the editor for the session on the canvas. */
const STATUS_LABELS: Readonly<Record<string, string>> = {
  running: 'Running',
  suspended: 'Needs input',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

/** A small graph editor: a host of the sessions panel, as a product would build it. */
export class GraphEditor extends SignalWatcher(LitElement) {
  static override properties = {
    example: { state: true },
    isAll: { state: true },
    isStarting: { state: true },
    startError: { state: true },
    theme: { state: true },
  };
  static override styles = [controls, editorStyles];

  declare example: Example;
  /** True while the panel lists the sessions of all graphs. */
  declare isAll: boolean;
  declare isStarting: boolean;
  /** Error of the last run that could not be started. */
  declare startError: string | undefined;
  declare theme: Theme;

  /** The session that the Run button has started, until its first question was offered. */
  #started: { readonly sessionId: string; readonly ms: number } | undefined;
  readonly #sessions: Sessions;
  readonly #frameUrl: string;

  /**
   * @param service Where the graphs run.
   * @param frameUrl Address of the file for pages of a run.
   */
  constructor(service: GraphRunService, frameUrl: string) {
    super();
    this.#sessions = createSessions(service);
    this.#frameUrl = frameUrl;
    this.isStarting = false;
    this.theme = rememberedTheme();
    const { graphId, isAll } = parseAddress(location.hash);
    this.isAll = isAll || (location.hash === '' && recall('tab', LIST, isString) === 'all');
    this.example = exampleOf(graphId ?? recall('tab', GRAPH, isString));
    this.#watch(this.example);
  }

  override render(): unknown {
    const { history, run, drafts, actions } = this.#sessions;
    return html`
      <header>
        <span class="logo">${icon('logo')}</span>
        <h1>Graph editor</h1>
        <span class="grow"></span>
        <button
          class="plain all"
          aria-pressed=${this.isAll}
          title="List the sessions of all graphs together"
          @click=${() => this.#list(!this.isAll)}
        >
          All graphs
        </button>
        ${this.#renderThemeButton()}
      </header>
      ${this.#renderGallery()}
      <main>
        ${this.#renderToolbar()} ${this.#renderStartError()}
        <graph-canvas
          .graph=${this.example.graph}
          .run=${run}
          @node-open=${({ nodeId }: NodeOpenEvent) => this.#showNode(nodeId)}
        ></graph-canvas>
      </main>
      <sessions-drawer role="complementary" aria-label="Drawer">
        <sessions-panel
          title-count
          notifications
          frame-url=${this.#frameUrl}
          .history=${history}
          .run=${run}
          .drafts=${drafts}
          .actions=${actions}
          .linkTo=${this.#linkTo}
          @place-change=${this.#onPlaceChange}
        ></sessions-panel>
      </sessions-drawer>
    `;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.#onHashChange);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#onHashChange);
  }

  protected override firstUpdated(): void {
    if (location.hash !== '') this.#onHashChange();
  }

  /** Opens what the address names: in a new tab, and with the buttons “back” and “forward”. */
  readonly #onHashChange = (): void => {
    const { graphId, isAll, place } = parseAddress(location.hash);
    const panel = this.#panel;
    if (isAll !== this.isAll && location.hash !== '') this.#list(isAll);
    if (graphId !== undefined) this.#select(exampleOf(graphId));
    if (panel === null) return;
    panel.sessionId = place?.sessionId ?? '';
    panel.view = place?.view;
    panel.nodeId = place?.nodeId;
    panel.eventIndex = place?.eventIndex;
    panel.moment = place?.moment;
    if (place !== undefined) this.#openDrawer();
  };

  readonly #onPlaceChange = ({ place }: HTMLElementEventMap['place-change']): void => {
    // The canvas follows the session that was opened in the list of all graphs.
    if (place?.graphId !== undefined) this.#show(exampleOf(place.graphId));
    const hash = formatAddress(this.example.graphId, place, { isAll: this.isAll });
    // The session that a tab opens with is no step of the person.
    if (location.hash === '') history.replaceState(undefined, '', hash);
    else if (location.hash !== hash) history.pushState(undefined, '', hash);
  };

  readonly #linkTo = (place: SessionPlace): string => {
    const url = new URL(location.href);
    url.hash = formatAddress(place.graphId ?? this.example.graphId, place, { isAll: this.isAll });
    return url.href;
  };

  protected override updated(): void {
    // Both the panel and the editor can change the session that the panel shows.
    remember('tab', sessionOf(this.example.graphId), this.#sessions.history.activeSessionId);
    this.#offerQuestion();
  }

  /** Gives the caret to a question that a run asks at once, unless the person has left the Run button. */
  #offerQuestion(): void {
    const { run } = this.#sessions;
    const started = this.#started;
    if (started === undefined || run.sessionId !== started.sessionId || run.latest.interactions.length === 0)
      return;
    this.#started = undefined;
    const isSoon = performance.now() - started.ms < QUESTION_SOON_MS;
    if (!isSoon || this.shadowRoot?.activeElement?.matches('.run') !== true) return;
    this.#panel?.focusNextQuestion();
  }

  #renderThemeButton(): unknown {
    const label = `Theme: ${this.theme}`;
    return html`
      <button class="plain theme" aria-label=${label} title=${label} @click=${this.#onThemeClick}>
        ${icon(this.theme)}
      </button>
    `;
  }

  #renderGallery(): unknown {
    return html`
      <nav aria-label="Example graphs">
        <h2>Examples</h2>
        <ul>
          ${EXAMPLES.map(
            (example) => html`
              <li>
                <button
                  class="example"
                  aria-current=${example === this.example ? 'true' : nothing}
                  @click=${() => this.#select(example)}
                >
                  <span class="title">${example.title}</span>
                  <span class="description">${example.description}</span>
                </button>
              </li>
            `,
          )}
        </ul>
      </nav>
    `;
  }

  #renderToolbar(): unknown {
    const { title, description } = this.example;
    return html`
      <div class="toolbar">
        <select aria-label="Example graph" @change=${this.#onExampleChange}>
          ${EXAMPLES.map(
            (example) => html`
              <option value=${example.graphId} ?selected=${example === this.example}>${example.title}</option>
            `,
          )}
        </select>
        <div class="heading">
          <h2>${title} ${this.#renderStatus()}</h2>
          <p>${description}</p>
        </div>
        <button
          class="primary run"
          aria-disabled=${this.isStarting}
          title=${this.isStarting ? 'The run is being started' : `Run “${title}”`}
          @click=${this.#onRunClick}
        >
          ${icon('run')} ${this.isStarting ? 'Starting…' : 'Run'}
        </button>
      </div>
    `;
  }

  /** Status of the session whose states the nodes show. */
  #renderStatus(): unknown {
    const { status, position } = this.#sessions.run;
    if (status === undefined) return nothing;
    const label = statusLabel(status);
    return html`<span class="status" data-status=${status}
      >${position === undefined ? label : `${label} · as it was`}</span
    >`;
  }

  #renderStartError(): unknown {
    if (this.startError === undefined) return nothing;
    return html`
      <div class="error" role="alert">
        <p><strong>The run could not be started.</strong> ${this.startError}</p>
        <button class="plain" aria-label="Dismiss" @click=${() => (this.startError = undefined)}>
          ${icon('close')}
        </button>
      </div>
    `;
  }

  #select(example: Example): void {
    if (example === this.example) return;
    this.#show(example);
    // In the list of all graphs the session of another one may be open.
    if (this.isAll) this.#sessions.actions.disconnect();
    this.#watch(example);
  }

  #show(example: Example): void {
    this.example = example;
    this.startError = undefined;
    remember('tab', GRAPH, example.graphId);
  }

  /** Lists the sessions of all graphs, or of the one that is shown; the opened session stays open. */
  #list(isAll: boolean): void {
    const { run, actions } = this.#sessions;
    const { sessionId } = run;
    this.isAll = isAll;
    remember('tab', LIST, isAll ? 'all' : undefined);
    actions.monitor(isAll ? ALL_GRAPHS : this.example.graphId);
    if (sessionId !== undefined) actions.connect(sessionId);
  }

  /** Switches to the sessions of a graph, and opens the one that was last shown in this tab. */
  #watch({ graphId }: Example): void {
    const { actions } = this.#sessions;
    actions.monitor(this.isAll ? ALL_GRAPHS : graphId);
    const sessionId = recall('tab', sessionOf(graphId), isString);
    if (sessionId !== undefined) actions.connect(sessionId);
  }

  #onThemeClick(): void {
    this.theme = nextTheme(this.theme);
    applyTheme(this.theme);
  }

  #onExampleChange(event: Event): void {
    this.#select(exampleOf((event.target as HTMLSelectElement).value));
  }

  async #onRunClick(): Promise<void> {
    if (this.isStarting) return;
    const { graphId, graph } = this.example;
    this.isStarting = true;
    this.startError = undefined;
    try {
      const sessionId = await this.#sessions.actions.start({ graphId, graph });
      this.#started = { sessionId, ms: performance.now() };
    } catch (error) {
      this.startError = error instanceof Error ? error.message : String(error);
    } finally {
      this.isStarting = false;
    }
  }

  get #panel(): SessionsPanel | null {
    return this.renderRoot.querySelector('sessions-panel');
  }

  #showNode(nodeId: string): void {
    this.#openDrawer();
    const panel = this.#panel;
    if (panel === null || this.#sessions.run.getNode(nodeId)?.startedTs === undefined) return;
    panel.nodeId = '';
    panel.nodeId = nodeId;
  }

  #openDrawer(): void {
    const drawer = this.renderRoot.querySelector('sessions-drawer');
    if (drawer !== null) drawer.open = true;
  }
}

function statusLabel(status: SessionStatus): string {
  return STATUS_LABELS[status] ?? status;
}
