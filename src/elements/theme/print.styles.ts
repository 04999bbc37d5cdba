import { css } from 'lit';

/**
 * Styles of all elements on paper: everything at its full height on white, without what only a screen needs. Most are
 * important, because the styles of an element come after those of the theme.
 */
export const printStyles = css`
  @media print {
    :host {
      --_bg: #ffffff;
      --_fg: #1a1e26;
      --_fg-2: #545d6c;
      --_fg-3: #616a79;
      --_border: #c9cfd9;
      --_surface: #f6f8fb;
      --_sunken: #eef1f6;
      --_input-bg: #ffffff;
      --_accent: #3b5bdb;
      --_running: #1769b5;
      --_ask: #a04d00;
      --_completed: #23783a;
      --_failed: #c22626;
      color-scheme: light !important;
      block-size: auto !important;
      min-block-size: 0 !important;
      max-block-size: none !important;
      overflow: visible !important;
      container-type: normal !important;
      content-visibility: visible !important;
    }
    .scroller,
    .panel,
    .content,
    .middle,
    .dock,
    .questions,
    .json,
    .page,
    .table,
    pre,
    textarea {
      position: static !important;
      block-size: auto !important;
      min-block-size: 0 !important;
      max-block-size: none !important;
      overflow: visible !important;
    }
    .panel,
    .body.has-session,
    .content,
    .middle,
    .dock,
    .questions {
      display: block !important;
    }
    .panel,
    .main {
      container-type: normal !important;
    }
    .middle {
      flex: none !important;
    }
    pre,
    .table table {
      white-space: pre-wrap !important;
      overflow-wrap: anywhere !important;
    }
    .table :is(th, td) {
      white-space: normal !important;
      overflow-wrap: anywhere !important;
    }
    /* Buttons, and what moves or filters a list. */
    button:not(.earlier, .later, .main, .rename),
    .toolbar,
    .tabs,
    .filter,
    .has-session .side,
    .toasts,
    [popover] {
      display: none !important;
    }
    .earlier,
    .later {
      border: 0 !important;
    }
    .has-session sessions-panel-view {
      position: static !important;
      translate: none !important;
      visibility: visible !important;
    }
    h3,
    h4,
    .rename,
    .event > * {
      display: block !important;
      overflow: visible !important;
      overflow-wrap: anywhere;
      text-overflow: clip !important;
      white-space: normal !important;
    }
    .head,
    tr,
    img,
    .event {
      break-inside: avoid;
    }
    .head {
      break-after: avoid;
    }
    .rows,
    .event {
      block-size: auto !important;
    }
    .event {
      align-items: start !important;
    }
    .window {
      position: static !important;
    }
  }
`;
