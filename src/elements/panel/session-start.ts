import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type { Sessions } from '../../actions/create-sessions.js';
import { ALL_GRAPHS } from '../../protocol/all-graphs.js';
import { errorText } from '../strings/error-text.js';
import type { FirstStrings } from '../strings/first-english.js';
import { SessionStartEvent } from './host-events.js';

/** The panel, as `SessionStart` needs it. */
export interface SessionStartHost extends ReactiveControllerHost, EventTarget {
  readonly canStart: boolean;
  readonly graphId: string | undefined;
  readonly strings: FirstStrings;
  readonly children: HTMLCollection;
  readonly shadowRoot: ShadowRoot | null;
}

/**
 * Starts sessions from the panel: at once, or with what the form of the host gives (`<form slot="start">`), which a
 * dialog shows.
 */
export class SessionStart {
  readonly #panel: SessionStartHost;
  readonly #getSessions: () => Partial<Sessions>;
  #isStarting = false;
  #isAsking = false;
  #failure = '';

  /** @param getSessions returns the current state and actions of the panel. */
  constructor(panel: SessionStartHost, getSessions: () => Partial<Sessions>) {
    this.#panel = panel;
    this.#getSessions = getSessions;
    panel.addEventListener('submit', this.#onSubmit);
  }

  /** Renders the button, for a slot if one is named; nothing where the host does not let a person start sessions. */
  renderButton(slot?: string): TemplateResult | typeof nothing {
    const { strings } = this.#panel;
    if (this.#graphId === undefined) return nothing;
    return html`<button
      type="button"
      class="button primary start"
      slot=${slot ?? nothing}
      part="start"
      aria-disabled=${this.#isStarting}
      @click=${this.#onClick}
    >
      ${this.#isStarting ? strings.starting : strings.startSession}
    </button>`;
  }

  /** Renders the dialog around the form of the host, and what went wrong. */
  renderDialog(): TemplateResult | typeof nothing {
    const { strings } = this.#panel;
    if (!this.#isAsking) {
      return this.#failure === ''
        ? nothing
        : html`<div class="note failed" role="alert">
            <p>${this.#failure}</p>
            <button type="button" class="button" @click=${this.#onDismiss}>${strings.close}</button>
          </div>`;
    }
    return html`<dialog
      part="dialog"
      aria-labelledby="start-title"
      @close=${this.#onClose}
      @keydown=${this.#onKey}
    >
      <h2 id="start-title">${strings.startTitle}</h2>
      <slot name="start"></slot>
      ${this.#failure === '' ? nothing : html`<p class="failed-text" role="alert">${this.#failure}</p>`}
      <div class="choices">
        <button type="button" class="button" @click=${() => this.#dialog?.close()}>${strings.close}</button>
        <button
          type="button"
          class="button primary"
          aria-disabled=${this.#isStarting}
          @click=${() => this.#form?.requestSubmit()}
        >
          ${this.#isStarting ? strings.starting : strings.startSession}
        </button>
      </div>
    </dialog>`;
  }

  get #graphId(): string | undefined {
    const { canStart, graphId } = this.#panel;
    const { history, actions } = this.#getSessions();
    const isPossible = canStart && actions !== undefined && actions.capabilities.readOnly !== true;
    const shown = isPossible ? (graphId ?? history?.graphId) : undefined;
    // Of all graphs a person chooses one, in the form of the host.
    return shown === ALL_GRAPHS && this.#graphField === null ? undefined : shown;
  }

  get #graphField(): Element | RadioNodeList | null {
    return this.#form?.elements.namedItem('graphId') ?? null;
  }

  get #form(): HTMLFormElement | undefined {
    return [...this.#panel.children].find(
      (child): child is HTMLFormElement => child instanceof HTMLFormElement && child.slot === 'start',
    );
  }

  get #dialog(): HTMLDialogElement | undefined {
    return this.#panel.shadowRoot?.querySelector('dialog') ?? undefined;
  }

  readonly #onClick = (): void => {
    if (this.#isStarting) return;
    this.#failure = '';
    if (this.#form === undefined) void this.#start(undefined);
    else this.#isAsking = true;
    this.#panel.requestUpdate();
  };

  readonly #onSubmit = (event: Event): void => {
    const form = this.#form;
    if (form === undefined || event.target !== form) return;
    // The page must not be left for the address of the form.
    event.preventDefault();
    if (!this.#isStarting) void this.#start(new FormData(form));
  };

  /** Browsers submit a form of several fields by Enter only if it has a button of its own. */
  readonly #onKey = (event: KeyboardEvent): void => {
    const isField = event.target instanceof HTMLInputElement && event.target.form === this.#form;
    if (event.key !== 'Enter' || event.isComposing || !isField) return;
    event.preventDefault();
    this.#form?.requestSubmit();
  };

  readonly #onClose = (): void => {
    this.#isAsking = false;
    this.#failure = '';
    this.#panel.requestUpdate();
  };

  readonly #onDismiss = (): void => {
    this.#failure = '';
    this.#panel.requestUpdate();
  };

  async #start(formData: FormData | undefined): Promise<void> {
    const graphId = this.#graphId;
    const panel = this.#panel;
    if (graphId === undefined) return;
    const chosen = graphId === ALL_GRAPHS ? formData?.get('graphId') : undefined;
    const request = { graphId: typeof chosen === 'string' ? chosen : graphId };
    const event = new SessionStartEvent(request, formData);
    const isOurs = panel.dispatchEvent(event);
    this.#isStarting = isOurs;
    this.#failure = '';
    panel.requestUpdate();
    try {
      if (isOurs) await this.#getSessions().actions?.start(event.request);
      this.#form?.reset();
      // Closing gives the focus back to the button.
      this.#dialog?.close();
    } catch (error) {
      this.#failure = panel.strings.startFailed(errorText(error, panel.strings));
    } finally {
      this.#isStarting = false;
      panel.requestUpdate();
    }
  }
}
