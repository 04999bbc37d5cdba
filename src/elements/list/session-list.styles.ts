import { css } from 'lit';
import type { ListDensity } from './list-density.js';

/** Font size for which the heights are given in pixels. */
const BASE = 13;
/** Heights of a row in em: styles and arithmetic of the list read them here. */
export const ROW_EM: Readonly<Record<ListDensity, number>> = { comfortable: 44 / BASE, compact: 28 / BASE };
/** Height of a heading in em of the list. */
export const HEADING_EM = 24 / BASE;
/** Height of another line of text in a row. */
export const LINE_EM = 16 / BASE;
/** Font size of a heading, relative to that of the list. */
const HEADING_FONT_SIZE = 0.88;

/** Styles of the list. */
export const listStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    position: relative;
    min-block-size: 0;
  }
  .frame {
    position: relative;
    display: flex;
    flex: 1;
    flex-direction: column;
    min-block-size: 0;
  }
  .scroller {
    flex: 1;
    min-block-size: 0;
    position: relative;
    overflow-y: auto;
    overscroll-behavior: contain;
    padding-block-end: 8px;
  }
  [hidden] {
    display: none;
  }
  .rows {
    position: relative;
    margin: 0;
    padding: 0;
    list-style: none;
    contain: layout style;
  }
  .item {
    position: absolute;
    inset-block-start: 0;
    inset-inline: 0;
  }

  /* Over its rows, from its heading to the next: the heading in it stays on top while they are scrolled. */
  .group {
    position: absolute;
    z-index: 1;
    inset-inline: 0;
    pointer-events: none;
  }
  .group .day {
    position: sticky;
    inset-block-start: 0;
    pointer-events: auto;
  }
  .day {
    display: flex;
    align-items: center;
    block-size: calc(${HEADING_EM}em / ${HEADING_FONT_SIZE});
    margin: 0;
    padding-inline: 18px 16px;
    background: var(--_bg);
    font-size: ${HEADING_FONT_SIZE}em;
    font-weight: 600;
    color: var(--_fg-3);
  }
  .row {
    /* Background of the row, also of its buttons. */
    --_ground: var(--_bg);
    position: relative;
    block-size: ${ROW_EM.comfortable}em;
    padding-inline: 6px;
  }
  .row:hover,
  .row:focus-within {
    --_ground: var(--_surface);
  }
  .row.is-active {
    --_ground: var(--_accent-soft);
  }
  .main {
    display: grid;
    grid-template-columns: 16px minmax(0, 1fr) auto;
    grid-template-rows: auto auto;
    gap: 1px 10px;
    align-content: center;
    inline-size: 100%;
    block-size: 100%;
    padding-block: 0;
    padding-inline: 12px 10px;
    border: 0;
    border-radius: var(--_radius);
    background: var(--_ground);
    text-align: start;
    line-height: 1.4;
    cursor: pointer;
  }
  .row.is-active .main:not(:focus-visible) {
    outline: 1px solid var(--_selection-line);
    outline-offset: -1px;
  }
  .main:focus-visible {
    outline-offset: -2px;
  }
  /* Rows with boxes: next to the status, so that a person can choose by it. */
  .row:has(.check) .main {
    padding-inline-start: 38px;
  }
  .row.is-selected {
    --_ground: var(--_accent-soft);
  }
  .check {
    position: absolute;
    z-index: 1;
    inset-block: 0;
    inset-inline-start: 6px;
    display: grid;
    place-items: center;
    inline-size: 36px;
    padding: 0;
    border: 0;
    background: none;
    cursor: pointer;
  }
  .check .box {
    display: grid;
    place-items: center;
    inline-size: 15px;
    block-size: 15px;
    border: 1.5px solid var(--_control-border);
    border-radius: 3px;
    background: var(--_input-bg);
  }
  .check[aria-checked='true'] .box {
    border-color: var(--_primary);
    background: var(--_primary);
    color: var(--_on-primary);
  }
  .check:hover .box {
    border-color: var(--_fg-2);
  }
  .check .icon {
    inline-size: 12px;
    block-size: 12px;
    stroke-width: 2.4;
  }
  .check:focus-visible {
    outline-offset: -2px;
  }
  .row.is-tall {
    block-size: ${ROW_EM.comfortable + LINE_EM}em;
  }
  .is-tall .detail .text {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    line-clamp: 2;
    line-height: 1.3;
    overflow-wrap: anywhere;
    white-space: normal;
  }
  .row.is-active::before {
    content: '';
    position: absolute;
    inset-block: 8px;
    inset-inline-start: 6px;
    inline-size: 3px;
    border-radius: 3px;
    background: var(--_accent);
  }
  .status {
    grid-row: 1 / 3;
    align-self: start;
    padding-block-start: 1px;
    line-height: 1;
  }
  .title,
  .detail {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .title {
    font-weight: 600;
  }
  .progress,
  time {
    justify-self: end;
    color: var(--_fg-3);
    font-size: var(--_size-s);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
    unicode-bidi: plaintext;
  }
  .detail {
    color: var(--_fg-2);
    font-size: var(--_size-s);
  }
  .detail {
    display: flex;
    gap: 4px;
  }
  .detail .text {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .detail .more {
    flex: none;
  }
  .origin {
    display: inline-flex;
    flex: 0 0.3 auto;
    gap: 3px;
    align-items: center;
    min-inline-size: 1em;
    max-inline-size: 70%;
    overflow: hidden;
    margin-inline-start: auto;
    padding-inline-start: 6px;
    color: var(--_fg-2);
    white-space: nowrap;
  }
  .origin.is-whole {
    flex-shrink: 0;
  }
  .origin .icon {
    flex: none;
    inline-size: 1em;
    block-size: 1em;
  }
  .draft {
    display: inline-flex;
    flex: none;
    gap: 3px;
    align-items: center;
    margin-inline-start: auto;
    padding-inline-start: 4px;
    color: var(--_fg-2);
  }
  .detail :is(.usage, .turn) {
    flex: none;
    margin-inline-start: auto;
    padding-inline-start: 4px;
    color: var(--_fg-3);
    font-variant-numeric: tabular-nums;
  }
  /* In a list of all graphs, before what the session does. */
  .detail .graph {
    flex: none;
    max-inline-size: 45%;
    overflow: hidden;
    margin-inline-end: 2px;
    padding-inline: 5px;
    border-radius: 4px;
    background: var(--_sunken);
    color: var(--_fg-2);
    text-overflow: ellipsis;
  }
  .detail .person {
    flex: none;
    max-inline-size: 40%;
    overflow: hidden;
    margin-inline-start: auto;
    padding-inline-start: 6px;
    color: var(--_fg-3);
    text-overflow: ellipsis;
  }
  /* The tooltip of the time and the opened session say it as well. */
  @container (width < 480px) {
    .detail .person {
      display: none;
    }
  }
  /* Where both have no room, the question or the error is more important, unless the list is ordered by cost. */
  @container (width < 480px) {
    .rows:not([data-order='costliest']) .usage {
      display: none;
    }
  }
  .draft .icon {
    inline-size: 1em;
    block-size: 1em;
  }
  .detail mark {
    border-radius: 2px;
    background: var(--_accent-soft);
    outline: 1px solid var(--_selection-line);
    outline-offset: -1px;
    color: inherit;
    font-weight: 600;
  }
  .progress.ask {
    color: var(--_ask);
  }
  .detail.ask {
    color: var(--_ask);
  }
  .detail.failed {
    color: var(--_failed);
  }

  /* The same as in the row above; a pointer, the focus and screen readers find it in every row. */
  time.is-repeated {
    position: absolute;
    inset-block-end: 4px;
    inset-inline-end: 16px;
    padding-inline-start: 8px;
    background: var(--_ground);
    opacity: 0;
  }
  .row:hover time.is-repeated,
  .row:focus-within time.is-repeated {
    opacity: 1;
  }

  /* One line: title, detail, end. */
  :host([density='compact']) .row {
    block-size: ${ROW_EM.compact}em;
  }
  :host([density='compact']) .main {
    grid-template-columns: 16px fit-content(55%) minmax(0, 1fr) auto;
    grid-template-rows: auto;
    column-gap: 8px;
  }
  :host([density='compact']) .status {
    grid-row: 1;
    align-self: center;
    padding: 0;
  }
  :host([density='compact']) :is(.title, .detail) {
    grid-row: 1;
    align-self: center;
  }
  :host([density='compact']) .detail {
    grid-column: 3;
  }
  :host([density='compact']) .progress {
    grid-column: 4;
    align-self: center;
  }
  :host([density='compact']) time {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  :host([density='compact']) .actions {
    inset-block: 2px;
    align-items: center;
  }
  :host([density='compact']) .row.is-active::before {
    inset-block: 5px;
  }
  :host([density='compact']) .row.is-tall {
    block-size: ${ROW_EM.compact + LINE_EM}em;
  }

  .actions {
    position: absolute;
    inset-block-start: 2px;
    inset-inline-end: 12px;
    display: flex;
    gap: 2px;
    /* Otherwise the ground of the buttons is behind the text that it has to cover. */
    isolation: isolate;
    opacity: 0;
  }
  /* Over a long title, the buttons stand on the ground of the row. */
  .actions::before {
    content: '';
    position: absolute;
    z-index: -1;
    inset-block: 0;
    inset-inline: -14px -4px;
    background: linear-gradient(to right, transparent, var(--_ground) 14px);
  }
  .actions:dir(rtl)::before {
    background: linear-gradient(to left, transparent, var(--_ground) 14px);
  }
  .actions .icon-button {
    inline-size: 24px;
    block-size: 24px;
  }
  .row:hover .actions,
  .row:focus-within .actions,
  .actions.is-shown {
    opacity: 1;
  }
  .row:hover .progress,
  .row:focus-within .progress,
  .row:has(.is-shown) .progress {
    visibility: hidden;
  }
  /* A finger cannot hover: the button of the menu, which offers all the actions, is always visible next to the text. */
  @media (hover: none) and (pointer: coarse) {
    .main {
      padding-inline-end: 46px;
    }
    .actions {
      inset-block: 0;
      align-items: center;
      opacity: 1;
    }
    .actions::before {
      display: none;
    }
    .actions .icon-button {
      inline-size: 36px;
      block-size: 40px;
    }
    .actions [data-action]:not([data-action='more'], [data-action='retry']) {
      display: none;
    }
    .row:has([data-action='retry']) .main {
      padding-inline-end: 84px;
    }
    .row .progress,
    .row:hover .progress,
    .row:focus-within .progress {
      visibility: visible;
    }
  }

  .button.floating {
    inset-inline-end: 16px;
    min-block-size: 0;
    block-size: calc(1.55em / 0.92);
    padding-block: 0;
  }
  /* On the line of the first heading, and as high: covers no row while the list is at its top. */
  .new-sessions {
    inset-block-start: 0.15em;
  }
  .opened-session {
    inset-block-end: 8px;
  }

  .older {
    margin: 10px 18px;
    color: var(--_fg-3);
    font-size: var(--_size-s);
  }
  div.older {
    display: grid;
    gap: 8px;
    justify-items: center;
  }
  .older p {
    margin: 0;
  }
  .older .failed {
    color: var(--_failed);
    text-align: center;
  }

  .note {
    margin: 10px 12px 4px;
  }
  /* The list has the whole width then. */
  :host([empty]) .note {
    flex-wrap: wrap;
    inline-size: min(100% - 24px, 640px);
    margin: 24px auto 4px;
  }
  :host([empty]) .note p {
    flex-basis: 20em;
  }
  .loading {
    padding: 14px 18px;
  }
  .skeleton {
    display: grid;
    align-content: center;
    gap: 8px;
    block-size: ${ROW_EM.comfortable}em;
    padding-inline-start: 26px;
    animation: breathe 1.6s ease-in-out infinite;
  }
  .skeleton i {
    block-size: 10px;
    inline-size: 60%;
    border-radius: 5px;
    background: var(--_sunken);
  }
  .skeleton i + i {
    inline-size: 85%;
    block-size: 8px;
  }
  @keyframes breathe {
    50% {
      opacity: 0.45;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .skeleton {
      animation: none;
    }
  }
  @media (forced-colors: active) {
    .row.is-active::before {
      background: Highlight;
    }
    .row:hover .main:not(:focus-visible) {
      outline: 1px dashed Highlight;
      outline-offset: -1px;
    }
    .row.is-active .main:not(:focus-visible) {
      outline: 1px solid Highlight;
      outline-offset: -1px;
    }
    .skeleton i {
      border: 1px solid GrayText;
    }
    .pill {
      forced-color-adjust: none;
      border: 1px solid ButtonBorder;
    }
  }
`;
