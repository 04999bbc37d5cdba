import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { englishStrings, type PanelStrings } from '../strings/english.js';

/**
 * Policy of a page from a run. Only its appearance is wanted: no script, no form, and no request, which
 * would reveal the reader to another server. Its images have to be embedded.
 */
const PAGE_POLICY =
  `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; ` +
  `img-src data: blob:; media-src data: blob:; font-src data:">`;

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
    strings: { attribute: false },
    hasLeft: { state: true },
  };

  /** The page, as HTML. */
  declare page: string;
  /** Accessible name of the frame; undefined for a general one. */
  declare label: string | undefined;
  /**
   * URL at which the host serves `html-frame.html`. Without it the page inherits the host's policy, which
   * may block its styles.
   */
  declare frameUrl: string | undefined;
  declare strings: PanelStrings;
  /** @internal True if the frame has navigated away. */
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
    // A frame that is moved in the document loads again.
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
    // The script of `html-frame.html` may run; without `allow-same-origin` it has no access to the host.
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
    // Nothing in a page can navigate its frame. If something does, the new document must not get the page.
    if (this.#isLoaded) this.hasLeft = true;
    else this.#send();
    this.#isLoaded = true;
  };

  #send(): void {
    // A sandboxed frame has an opaque origin, which cannot be named as the target.
    this.querySelector('iframe')?.contentWindow?.postMessage(this.page, '*');
  }
}
