import { svg, html, type SVGTemplateResult, type TemplateResult } from 'lit';

/** Shapes on a grid of 16, in the colour of the text around them. */
const STATUS_SHAPES: Readonly<Record<string, SVGTemplateResult>> = {
  running: svg`<circle cx="8" cy="8" r="6" stroke-width="2" opacity=".3" /><path
    class="sweep" d="M8 2a6 6 0 0 1 6 6" stroke-width="2" />`,
  suspended: svg`<circle cx="8" cy="8" r="7" fill="currentColor" stroke="none" /><path
    class="cut" d="M8 4.3v4.4M8 11.5v.1" stroke-width="1.9" />`,
  completed: svg`<circle cx="8" cy="8" r="6.2" /><path d="m5.2 8.3 2 2 3.7-4.3" />`,
  failed: svg`<path d="M8 2.1 14.2 13H1.8z" /><path d="M8 6.4v2.9M8 11.1v.1" />`,
  cancelled: svg`<circle cx="8" cy="8" r="6.2" /><path d="M5.2 10.8l5.6-5.6" />`,
  waiting: svg`<circle cx="8" cy="8" r="5.6" stroke-dasharray="2.2 2.2" stroke-width="1.3" />`,
  skipped: svg`<circle cx="8" cy="8" r="6.2" /><path d="M5.2 8h5.6" />`,
};

const UNKNOWN_SHAPE = svg`<circle cx="8" cy="8" r="6.2" /><path d="M8 8v.1" stroke-width="2.4" />`;

const SHAPES = {
  back: svg`<path d="M10 3.5 5.5 8l4.5 4.5" />`,
  chevron: svg`<path d="M6 4l4 4-4 4" />`,
  close: svg`<path d="m4 4 8 8m0-8-8 8" />`,
  stop: svg`<circle cx="8" cy="8" r="6.2" /><rect
    x="5.7" y="5.7" width="4.6" height="4.6" rx="0.9" fill="currentColor" stroke="none" />`,
  trash: svg`<path d="M3 4.5h10M6.5 4V2.8h3V4M4.3 4.5l.6 8.7h6.2l.6-8.7M6.7 7v3.7M9.3 7v3.7" />`,
  copy: svg`<rect x="5.5" y="5.5" width="7.5" height="7.5" rx="1.6" /><path
    d="M10.5 3.2H4.6c-.8 0-1.4.6-1.4 1.4v5.9" />`,
  link: svg`<path d="M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2-2a2.6 2.6 0 0 0-3.7-3.7l-.9.9M9.2 6.8a2.6 2.6 0 0 0-3.7 0l-2 2a2.6 2.6 0 0 0 3.7 3.7l.9-.9" />`,
  none: svg``,
  check: svg`<path d="m3.5 8.5 3 3 6-7" />`,
  retry: svg`<path d="M12.8 8.5a4.9 4.9 0 1 1-1.2-3.8M12.6 2.4v2.8H9.8" />`,
  download: svg`<path d="M8 2.5v7.2M4.8 6.8 8 10l3.2-3.2M3 13.2h10" />`,
  file: svg`<path d="M9 2.2H4.6c-.6 0-1 .4-1 1v9.6c0 .6.4 1 1 1h6.8c.6 0 1-.4 1-1V5.6zM9 2.2v3.4h3.4" />`,
  bell: svg`<path d="M3.2 11.5h9.6L11.5 9.6V6.8a3.5 3.5 0 0 0-7 0v2.8zM6.7 13.6h2.6" />`,
  'bell-off': svg`<path d="M3.2 11.5h9.6L11.5 9.6V6.8a3.5 3.5 0 0 0-7 0v2.8zM6.7 13.6h2.6M2.5 2.5l11 11" />`,
  up: svg`<path d="M8 13V3.5M4 7.2l4-4 4 4" />`,
  down: svg`<path d="M8 3v9.5M4 8.8l4 4 4-4" />`,
  attach: svg`<path d="m12.9 7.4-4.8 4.8a3 3 0 0 1-4.3-4.3l4.9-4.8a2 2 0 0 1 2.8 2.8l-4.8 4.8a1 1 0 0 1-1.4-1.4l4.3-4.3" />`,
  code: svg`<path d="M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5" />`,
  wrap: svg`<path d="M2.5 3.5h11M2.5 8h8.6a2.3 2.3 0 0 1 0 4.6H8.4M10 10.8l-1.8 1.8 1.8 1.8M2.5 12.5h3" />`,
  search: svg`<circle cx="7" cy="7" r="4.2" /><path d="m10.2 10.2 3.3 3.3" />`,
  sliders: svg`<path d="M2 5h5.6M12.4 5H14M2 11h1.6M8.4 11H14" /><circle cx="10" cy="5" r="2" /><circle cx="6" cy="11" r="2" />`,
  more: svg`<path d="M3.4 8v.1M8 8v.1M12.6 8v.1" stroke-width="2.2" />`,
  clock: svg`<circle cx="8" cy="8" r="6.2" /><path d="M8 4.6V8l2.4 1.5" />`,
  pause: svg`<path d="M5.6 4v8M10.4 4v8" stroke-width="2" />`,
  pin: svg`<path d="M5.5 2.5h5M6.3 2.7v4L4.2 9.4h7.6L9.7 6.7v-4M8 9.6v4" />`,
  pencil: svg`<path d="m10.7 3 2.3 2.3-7.6 7.6-2.9.6.6-2.9z" />`,
  again: svg`<path d="M5 3.2v9.6L12.6 8z" />`,
  keyboard: svg`<rect x="1.8" y="4" width="12.4" height="8" rx="1.6" /><path d="M4.6 6.6v.1M8 6.6v.1M11.4 6.6v.1M5.6 9.6h4.8" />`,
  open: svg`<path d="M3 8h9M8.5 4.2 12.2 8l-3.7 3.8" />`,
  plus: svg`<path d="M8 3.2v9.6M3.2 8h9.6" />`,
  tool: svg`<path d="M9.6 6.4 3.4 12.6M13.2 4.6l-2 .4-.8-.8.5-2a3.3 3.3 0 0 0-3.6 4.5 3.3 3.3 0 0 0 5.9-2.1z" />`,
} satisfies Record<string, SVGTemplateResult>;

/** Name of an icon that is not a status. */
export type IconName = keyof typeof SHAPES;

function drawing(className: string, shape: SVGTemplateResult): TemplateResult {
  return html`<svg
    class=${className}
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    stroke-width="1.6"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${shape}
  </svg>`;
}

/** An icon of 16 pixels, hidden from assistive technology: the button around it has a name. */
export function icon(name: IconName): TemplateResult {
  const flips = name === 'back' || name === 'chevron' || name === 'open' ? ' flips' : '';
  return drawing(`icon${flips}`, SHAPES[name]);
}

/**
 * The icon of the status of a session or node. Every status has its own shape, so that colour is never the
 * only difference; `statusStyles` sets the colour. An unknown status gets a neutral dot.
 */
export function statusIcon(status: string): TemplateResult {
  const isKnown = Object.hasOwn(STATUS_SHAPES, status);
  return drawing(
    `icon status-icon ${isKnown ? status : 'other'}`,
    (isKnown ? STATUS_SHAPES[status] : undefined) ?? UNKNOWN_SHAPE,
  );
}
