import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { cleanPage } from './clean-page.js';
import { renderCode } from '../text-view.js';
import { trustedPage } from './trusted-page.js';
import { englishStrings, type PanelStrings } from '../../strings/english.js';

/**
 * Policy of a page from a run. Only its appearance is wanted: no script, no form, and no request, which
 * would reveal the reader to another server. Its images have to be embedded.
 */
const PAGE_POLICY =
  `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; ` +
  `img-src data: blob:; media-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'">`;

/**
 * A page from a run in a frame that runs none of its scripts, sends no requests and cannot navigate. An
 * element, because it posts the page to the frame once that has loaded; without a shadow root, so that the
 * styles around it apply. Part of `<sessions-panel>`.
 */
export class HtmlFrame extends LitElement {
  static override properties = {
    page: { attribute: false },
    label: { attribute: false },
    frameUrl: { attribute: false },
    isOnRequest: { attribute: false },
    strings: { attribute: false },
    isRequested: { state: true },
    refusal: { state: true },
  };

  /** The page, as HTML. */
  declare page: string;
  /** Accessible name of the frame; undefined for a general one. */
  declare label: string | undefined;
  /**
   * URL at which the host serves `html-frame.html`. Without it the page inherits the host's policy, which
   * may block its styles, and its links do nothing.
   */
  declare frameUrl: string | undefined;
  /** True for a picture that is drawn when a person asks for it. */
  declare isOnRequest: boolean;
  declare strings: PanelStrings;
  /** @internal True once a person has asked for the picture. */
  declare isRequested: boolean;
  /** @internal Why the page is not shown; undefined while it is. */
  declare refusal: 'left' | 'forbidden' | 'unsafe' | undefined;

  /** The frame that has loaded its page. */
  #loaded: EventTarget | undefined;
  /** The document of a frame without `frameUrl`. */
  #document: unknown;

  constructor() {
    super();
    this.page = '';
    this.label = undefined;
    this.frameUrl = undefined;
    this.isOnRequest = false;
    this.strings = englishStrings;
    this.isRequested = false;
    this.refusal = undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // A frame that is moved in the document loads again.
    this.#loaded = undefined;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('frameUrl') || (changed.has('page') && !this.frameUrl)) {
      this.refusal = undefined;
      this.#document = undefined;
    }
    const isAwaited = !this.isOnRequest || this.isRequested;
    const isMade = this.#document !== undefined || this.refusal !== undefined;
    if (isAwaited && !this.frameUrl && !isMade) this.#makeDocument();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('page') && this.frameUrl && this.#loaded !== undefined) this.#send();
  }

  protected override render(): TemplateResult {
    const { strings, frameUrl } = this;
    if (this.isOnRequest && !this.isRequested) return this.#renderRequest();
    if (this.refusal !== undefined) {
      const { pageLeft: left, pageForbidden: forbidden, pageUnsafe: unsafe } = strings;
      const reason = { left, forbidden, unsafe }[this.refusal];
      if (this.refusal === 'left' || this.isOnRequest) return html`<p class="caption">${reason}</p>`;
      // Nothing is lost: its source is shown instead.
      return renderCode(reason, this.page, strings);
    }
    const title = this.label ?? (this.isOnRequest ? strings.image : strings.webPage);
    if (!frameUrl) {
      // Another page gets another frame, so that each frame loads once.
      return html`<div class="page">
        ${keyed(
          this.#document,
          html`<iframe
            sandbox=""
            referrerpolicy="no-referrer"
            loading="lazy"
            title=${title}
            .srcdoc=${this.#document}
            @load=${this.#onLoad}
          ></iframe>`,
        )}
      </div>`;
    }
    // The script of `html-frame.html` may run; without `allow-same-origin` it has no access to the host.
    return html`<div class="page">
      <iframe
        sandbox="allow-scripts"
        referrerpolicy="no-referrer"
        loading="lazy"
        title=${title}
        src=${frameUrl}
        @load=${this.#onLoad}
      ></iframe>
    </div>`;
  }

  #renderRequest(): TemplateResult {
    return html`<button
      type="button"
      class="button"
      @click=${() => {
        this.isRequested = true;
      }}
    >
      ${this.strings.showPicture}
    </button>`;
  }

  #makeDocument(): void {
    try {
      const page = cleanPage(this.page);
      if (page === undefined) this.refusal = 'unsafe';
      else this.#document = trustedPage(PAGE_POLICY + page);
    } catch (error) {
      // The host enforces Trusted Types and does not allow the policy of `trustedPage`.
      if (!(error instanceof TypeError)) throw error;
      this.refusal = 'forbidden';
    }
  }

  readonly #onLoad = ({ currentTarget }: Event): void => {
    // Nothing in a page can navigate its frame. If something does, the new document must not get the page.
    if (currentTarget === this.#loaded) this.refusal = 'left';
    else if (this.frameUrl) this.#send();
    this.#loaded = currentTarget ?? undefined;
  };

  #send(): void {
    // A sandboxed frame has an opaque origin, which cannot be named as the target.
    this.querySelector('iframe')?.contentWindow?.postMessage(this.page, '*');
  }
}
