import { SignalWatcher } from '@lit-labs/signals';
import { createSessions, type GraphRunService, type Sessions, type SessionsPanel } from 'graph-sessions';
import { css, html, LitElement, nothing } from 'lit';
import { controls } from './controls.js';

/** What differs between the pages of other engines. */
export interface BackendPageOptions {
  /** Name of the engine. */
  readonly title: string;
  /** Asks the server for the names of its graphs. */
  findGraphs(): Promise<readonly string[]>;
}

/** A page with the graphs of another engine's server, an input for their runs, and the panel. */
export class BackendPage extends SignalWatcher(LitElement) {
  static override properties = {
    graphIds: { state: true },
    graphId: { state: true },
    problem: { state: true },
  };
  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
        block-size: 100vh;
      }
      form {
        display: flex;
        flex-wrap: wrap;
        gap: 10px;
        align-items: center;
        padding: 10px 18px;
      }
      h1 {
        margin: 0;
        font-size: 16px;
      }
      select,
      input {
        padding: 6px 10px;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface);
        color: var(--text);
        font: inherit;
      }
      input {
        flex: 1;
        min-inline-size: 160px;
        font-family: ui-monospace, monospace;
      }
      p {
        flex-basis: 100%;
        margin: 0;
      }
    `,
  ];

  declare graphIds: readonly string[];
  declare graphId: string;
  /** What went wrong with the last start; empty when nothing did. */
  declare problem: string;
  readonly #sessions: Sessions;
  readonly #options: BackendPageOptions;

  constructor(service: GraphRunService, options: BackendPageOptions) {
    super();
    this.#sessions = createSessions(service);
    this.#options = options;
    this.graphIds = [];
    this.graphId = '';
    this.problem = '';
  }

  protected override firstUpdated(): void {
    void this.#load();
  }

  async #load(): Promise<void> {
    try {
      this.graphIds = [...new Set(await this.#options.findGraphs())].sort();
      this.#select(decodeURIComponent(location.hash.slice(1)) || (this.graphIds[0] ?? ''));
    } catch {
      this.problem = `The server of ${this.#options.title} cannot be reached.`;
    }
  }

  #select(graphId: string): void {
    this.graphId = graphId;
    location.hash = encodeURIComponent(graphId);
    this.#sessions.actions.monitor(graphId);
  }

  override render(): unknown {
    const { history, run, drafts, actions } = this.#sessions;
    return html`<form @submit=${this.#onSubmit}>
        <h1>${this.#options.title}</h1>
        <select aria-label="Graph" @change=${this.#onChange}>
          ${this.graphIds.map(
            (graphId) => html`<option ?selected=${graphId === this.graphId}>${graphId}</option>`,
          )}
        </select>
        <input name="input" aria-label="Input, as JSON" value="{}" spellcheck="false" />
        <button class="primary run">Run</button>
        ${this.problem === '' ? nothing : html`<p role="alert">${this.problem}</p>`}
      </form>
      <sessions-panel
        title-count
        .history=${history}
        .run=${run}
        .drafts=${drafts}
        .actions=${actions}
      ></sessions-panel>`;
  }

  readonly #onChange = ({ target }: Event): void => {
    if (target instanceof HTMLSelectElement) this.#select(target.value);
  };

  readonly #onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const field = this.renderRoot.querySelector('input');
    void this.#run(field?.value ?? '{}');
  };

  async #run(text: string): Promise<void> {
    try {
      const input: unknown = JSON.parse(text);
      if (typeof input !== 'object' || input === null || Array.isArray(input)) {
        throw new SyntaxError('The input is a JSON object.');
      }
      await this.#sessions.actions.start({ graphId: this.graphId, input: { ...input } });
      this.problem = '';
      this.renderRoot.querySelector<SessionsPanel>('sessions-panel')?.focus();
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }
}
