import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { englishStrings, type PanelStrings } from '../strings/english.js';

/**
 * Of a page from a run only its look is wanted: no script, no form, and no request to anybody, who would
 * learn from it who reads the page. Its images have to be in it.
 */
const PAGE_POLICY =
  `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; ` +
  `img-src data: blob:; media-src data: blob:; font-src data:">`;

/**
 * A page that a run made, in a frame that runs none of its scripts, asks nobody and leads nowhere. An
 * element, because the frame is sent its page once it is loaded; without a shadow root, so that the
 * styles around it apply. Part of `<sessions-panel>`.
 */
export class HtmlFrame extends LitElement {
  static override properties = {
    page: { attribute: false },
    label: { attribute: false },
    frameUrl: { attribute: false },
    strings: { attribute: false },
    hasLeft: { state: true },
  };

  /** The page, as HTML. */
  declare page: string;
  /** What the frame is called. */
  declare label: string | undefined;
  /**
   * Where the host serves `html-frame.html`. Without it the page inherits the host's policy, which may
   * refuse its styles.
   */
  declare frameUrl: string | undefined;
  declare strings: PanelStrings;
  /** @internal The frame shows something else than what was put into it. */
  declare hasLeft: boolean;

  #isLoaded = false;

  constructor() {
    super();
    this.page = '';
    this.label = undefined;
    this.frameUrl = undefined;
    this.strings = englishStrings;
    this.hasLeft = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // A frame loads again wherever it is put.
    this.#isLoaded = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('frameUrl')) {
      this.#isLoaded = false;
      this.hasLeft = false;
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('page') && this.#isLoaded) this.#send();
  }

  protected override render(): TemplateResult {
    const { strings, frameUrl } = this;
    if (this.hasLeft) return html`<p class="caption">${strings.contentUnavailable}</p>`;
    const title = this.label ?? strings.webPage;
    if (!frameUrl) {
      return html`<iframe
        sandbox=""
        referrerpolicy="no-referrer"
        loading="lazy"
        title=${title}
        .srcdoc=${PAGE_POLICY + this.page}
      ></iframe>`;
    }
    // Its own script may run there; without `allow-same-origin` it has no access to the host.
    return html`<iframe
      sandbox="allow-scripts"
      referrerpolicy="no-referrer"
      loading="lazy"
      title=${title}
      src=${frameUrl}
      @load=${this.#onLoad}
    ></iframe>`;
  }

  readonly #onLoad = (): void => {
    // Nothing in a page can lead its frame elsewhere. If something did, that would not be sent the page.
    if (this.#isLoaded) this.hasLeft = true;
    else this.#send();
    this.#isLoaded = true;
  };

  #send(): void {
    // The origin of a sandboxed frame has no name to send to.
    this.querySelector('iframe')?.contentWindow?.postMessage(this.page, '*');
  }
}
