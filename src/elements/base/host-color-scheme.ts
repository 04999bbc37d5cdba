import type { ReactiveController } from 'lit';

const KIND_ATTRIBUTE = 'data-vscode-theme-kind';

const SCHEMES: ReadonlyMap<string | null | undefined, 'light' | 'dark'> = new Map([
  ['vscode-light', 'light'],
  ['vscode-high-contrast-light', 'light'],
  ['vscode-dark', 'dark'],
  ['vscode-high-contrast', 'dark'],
]);

/**
 * Sets the attribute `data-host-color-scheme` of an element to the scheme of the VS Code theme around it, `light` or `dark`,
 * as long as the element is connected; outside of VS Code there is no attribute. The styles of the theme read it. To be
 * added to the element with `addController`.
 *
 * VS Code tells a webview its theme by variables and by an attribute of `body`, and sets no `color-scheme`: native
 * controls and `light-dark()` would be light in a dark theme. It changes the attribute when a person chooses another theme.
 */
export class HostColorScheme implements ReactiveController {
  readonly #host: HTMLElement;
  /** Created when the element is connected: there is none on a server, which renders the element as well. */
  #observer: MutationObserver | undefined;

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  hostConnected(): void {
    this.#observer ??= new MutationObserver(() => this.#read());
    this.#observer.observe(document.body, { attributeFilter: [KIND_ATTRIBUTE] });
    this.#read();
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
  }

  #read(): void {
    const scheme = SCHEMES.get(document.body.getAttribute(KIND_ATTRIBUTE));
    if (scheme === undefined) delete this.#host.dataset['hostColorScheme'];
    else this.#host.dataset['hostColorScheme'] = scheme;
  }
}
