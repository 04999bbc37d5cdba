import { css } from 'lit';

/** Height of a row in em: styles and arithmetic of the events read it here. */
export const ROW_EM = 2;

/** Height of the line with a date in em. */
export const DATE_EM = 2;

/** Styles of the events of a session. */
export const eventsStyles = css`
  :host {
    display: flex;
    flex: 1;
    flex-direction: column;
    min-inline-size: 0;
    min-block-size: 0;
    container: session-events / inline-size;
  }
  .filter {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    gap: 6px;
    align-items: center;
    padding: 8px 18px;
    border-block-end: 1px solid var(--_border);
  }
  .filter .input {
    inline-size: auto;
    min-inline-size: 0;
    min-block-size: 28px;
    padding: 3px 8px;
    border-color: var(--_field-border);
    font-size: var(--_size-s);
  }
  .filter .text {
    flex: 1 1 120px;
    max-inline-size: 260px;
  }
  .filter select.input {
    flex: 0 1 auto;
    min-inline-size: 90px;
    padding-inline-end: 26px;
    max-inline-size: 150px;
  }
  .failures .count {
    color: var(--_failed);
    font-variant-numeric: tabular-nums;
  }
  .failures[aria-pressed='true'] {
    border-color: var(--_failed-border);
    background: var(--_failed-soft);
  }
  .total {
    margin-inline-start: auto;
    color: var(--_fg-3);
    font-size: var(--_size-s);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .body {
    display: flex;
    flex: 1;
    flex-direction: column;
    min-block-size: 0;
  }
  .side {
    --_index: 2.8em;
    --_time: 6.2em;
    --_columns: var(--_index) var(--_time) 4.6em 9.5em minmax(0, 9em) minmax(0, 1fr);

    position: relative;
    display: flex;
    flex: 1;
    flex-direction: column;
    min-block-size: 60px;
    min-inline-size: 0;
  }
  .is-long {
    --_time: 8.4em;
  }
  .is-clock {
    --_time: 9.2em;
  }
  .is-many {
    --_index: 3.8em;
  }
  .columns {
    display: grid;
    flex: none;
    grid-template-columns: var(--_columns);
    gap: 0 10px;
    align-items: center;
    block-size: 24px;
    padding-inline: 10px 18px;
    border-block-end: 1px solid var(--_border);
    color: var(--_fg-3);
  }
  .columns > * {
    overflow: hidden;
    color: var(--_fg-3);
    font: var(--_size-s) var(--_font);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .toggle {
    display: inline-flex;
    gap: 4px;
    align-items: center;
    block-size: 24px;
    padding: 0;
    border: 0;
    border-radius: var(--_radius-s);
    background: none;
    cursor: pointer;
  }
  .toggle:hover {
    color: var(--_fg);
  }
  .toggle:focus-visible {
    outline-offset: -2px;
  }
  .toggle .icon {
    inline-size: 11px;
    block-size: 11px;
  }
  .date {
    display: flex;
    align-items: center;
    block-size: ${DATE_EM}em;
    padding-inline: 10px 18px;
    background: var(--_surface);
    color: var(--_fg-2);
  }
  .date span {
    overflow: hidden;
    font-size: var(--_size-s);
    font-weight: 600;
    text-overflow: ellipsis;
    white-space: nowrap;
    unicode-bidi: plaintext;
  }
  .scroller {
    flex: 1;
    min-inline-size: 0;
    overflow-y: auto;
    overflow-anchor: none;
  }
  /* On the element around the list: the rows would cover the outline of the list itself. */
  .scroller:focus-visible {
    outline: none;
  }
  .side:has(.scroller:focus-visible)::after {
    content: '';
    position: absolute;
    z-index: 1;
    inset: 24px 0 0;
    outline: 2px solid var(--_focus);
    outline-offset: -2px;
    pointer-events: none;
  }
  .rows {
    position: relative;
  }
  .window {
    position: absolute;
    inset-inline: 0;
  }
  .event {
    display: grid;
    grid-template-columns: var(--_columns);
    gap: 0 10px;
    align-items: center;
    block-size: ${ROW_EM}em;
    padding-inline: 10px 18px;
    cursor: default;
  }
  .event:hover {
    background: var(--_surface);
  }
  .event[aria-selected='true'] {
    background: var(--_accent-soft);
    outline: 1px solid var(--_selection-line);
    outline-offset: -1px;
    box-shadow: inset 3px 0 var(--_accent);
  }
  .event:dir(rtl)[aria-selected='true'] {
    box-shadow: inset -3px 0 var(--_accent);
  }
  /* A line at the moment that is shown; what is after it had not happened. */
  .event.is-moment {
    border-block-end: 2px solid var(--_accent);
  }
  .event.is-later,
  .event.is-later > * {
    color: var(--_fg-3);
  }
  .event > * {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .index,
  .after,
  .pause {
    color: var(--_fg-3);
    font-size: var(--_size-s);
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
  .event .after {
    color: var(--_fg-2);
    text-align: start;
  }
  .index,
  .after,
  .pause,
  .total {
    unicode-bidi: plaintext;
  }
  .type {
    font: var(--_size-s) var(--_mono);
  }
  .type .icon {
    display: none;
    inline-size: 14px;
    block-size: 14px;
    vertical-align: -2px;
  }
  .agent .type {
    color: var(--_fg-2);
  }
  .asks .type {
    color: var(--_ask);
  }
  .failed .type,
  .failed .what {
    color: var(--_failed);
  }
  .unknown .type {
    font-style: italic;
  }
  .node {
    font-weight: 500;
  }
  .what {
    color: var(--_fg-2);
  }
  .quiet {
    margin: 0;
    color: var(--_fg-2);
  }
  .side > .quiet {
    padding: 16px 18px;
  }
  .quiet > p {
    margin-block: 0 8px;
  }
  .jump {
    inset-block-end: 10px;
  }
  .detail {
    flex: 0 1 50%;
    min-inline-size: 0;
    min-block-size: 88px;
    overflow: auto;
    padding-block: 6px 12px;
    padding-inline: 18px 10px;
    border-block-start: 1px solid var(--_border);
    background: var(--_surface);
  }
  .detail-head {
    position: sticky;
    inset-block-start: -6px;
    display: flex;
    gap: 2px;
    align-items: center;
    margin-block-start: -6px;
    padding-block: 4px;
    background: var(--_surface);
  }
  .detail-title {
    flex: 1;
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .detail code {
    font: var(--_size-s) var(--_mono);
  }
  .detail .quiet {
    margin-block-end: 6px;
    font-size: var(--_size-s);
  }
  .detail .json {
    max-block-size: none;
    overflow: visible;
  }
  .failed-text {
    color: var(--_failed);
    font-size: var(--_size-s);
  }
  @media (forced-colors: active) {
    .event:hover {
      outline: 1px dashed Highlight;
      outline-offset: -1px;
    }
    .failures[aria-pressed='true'] {
      forced-color-adjust: none;
      border-color: Highlight;
      background: Highlight;
      color: HighlightText;
    }
    .failures[aria-pressed='true'] .count {
      color: inherit;
    }
    .event[aria-selected='true'] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }

  @container session-events (width >= 820px) {
    .body {
      flex-direction: row;
    }
    .detail {
      flex: 0 0 40%;
      border-block-start: 0;
      border-inline-start: 1px solid var(--_border);
    }
  }
  @container session-events (width < 620px) {
    .filter {
      padding-inline: 14px;
    }
    .filter .text {
      flex-basis: 100%;
      max-inline-size: none;
    }
    .filter select.input {
      flex: 1 1 96px;
      min-inline-size: 96px;
    }
    .side {
      --_columns: var(--_time) 9em minmax(0, 8em) minmax(0, 1fr);
    }
    .event,
    .columns {
      gap: 0 8px;
      padding-inline: 12px 14px;
    }
    .index,
    .pause {
      display: none;
    }
    .detail {
      padding-inline: 14px 8px;
    }
  }
  @container session-events (width < 480px) {
    .side {
      --_columns: var(--_time) 16px minmax(0, 1fr) minmax(0, 2fr);
    }
    .type .icon {
      display: inline-block;
    }
    .type-text {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  }
`;
