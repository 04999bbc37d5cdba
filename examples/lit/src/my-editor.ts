import { SignalWatcher } from '@lit-labs/signals';
import type { SessionConnectEvent } from 'graph-sessions';
import 'graph-sessions/define.js';
import { html, LitElement, nothing } from 'lit';
import { graphId, runGraph, sessions } from './sessions.js';

const { history, run, drafts, actions } = sessions;

/** The editor: it reads the sessions in `render`, and updates when they change. */
class MyEditor extends SignalWatcher(LitElement) {
  static override properties = { isPanelShown: { state: true }, opened: { state: true } };
  declare isPanelShown: boolean;
  declare opened: string;

  constructor() {
    super();
    this.isPanelShown = true;
    this.opened = '';
  }

  override render() {
    return html`
      <button @click=${runGraph}>Run</button>
      <button aria-expanded=${this.isPanelShown} @click=${this.#togglePanel}>
        Sessions (${history.needsInputCount})
      </button>
      <ul aria-label="Canvas">
        ${[...run.nodes.values()].map(({ title, status }) => html`<li>${title}: ${status}</li>`)}
      </ul>
      <p role="status">${this.opened && `Opened ${this.opened}`}</p>
      ${this.isPanelShown ? this.#renderPanel() : nothing}
    `;
  }

  #renderPanel() {
    return html`
      <div style="height: 480px">
        <sessions-panel
          .history=${history}
          .run=${run}
          .drafts=${drafts}
          .actions=${actions}
          graph-id=${graphId}
          @session-connect=${this.#onConnect}
        ></sessions-panel>
      </div>
    `;
  }

  #togglePanel() {
    this.isPanelShown = !this.isPanelShown;
  }

  #onConnect({ sessionId }: SessionConnectEvent) {
    this.opened = sessionId;
  }
}

customElements.define('my-editor', MyEditor);
