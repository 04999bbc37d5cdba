import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

const PATHS = {
  run: svg`<path d="M5 3.2v9.6L12.6 8z" fill="currentColor" />`,
  up: svg`<path d="M3.5 10L8 5.5l4.5 4.5" />`,
  down: svg`<path d="M3.5 6L8 10.5 12.5 6" />`,
  close: svg`<path d="M4 4l8 8M12 4l-8 8" />`,
  system: svg`<circle cx="8" cy="8" r="6" /><path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />`,
  light: svg`<circle cx="8" cy="8" r="3" /><path d="M8 1.2v1.6M8 13.2v1.6M1.2 8h1.6M13.2 8h1.6M3.2 3.2l1.1 1.1M11.7 11.7l1.1 1.1M12.8 3.2l-1.1 1.1M4.3 11.7l-1.1 1.1" />`,
  dark: svg`<path d="M13.4 9.8A5.9 5.9 0 0 1 6.2 2.6a5.9 5.9 0 1 0 7.2 7.2z" />`,
  logo: svg`<circle cx="3.4" cy="8" r="1.9" /><circle cx="12.6" cy="3.6" r="1.9" /><circle cx="12.6" cy="12.4" r="1.9" /><path d="M5.2 7.1l5.6-2.6M5.2 8.9l5.6 2.6" />`,
} as const satisfies Record<string, SVGTemplateResult>;

/** Names of the editor's icons. */
export type IconName = keyof typeof PATHS;

/** An icon in the current text colour. Decorative: its meaning must be given next to it or in a label. */
export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${PATHS[name]}</svg>`;
}
