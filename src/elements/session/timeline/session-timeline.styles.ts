import { css } from 'lit';

/** Styles of the timeline of a session. */
export const timelineStyles = css`
  :host {
    display: flex;
    flex: 1;
    min-inline-size: 0;
    min-block-size: 0;
  }
  .scroller {
    flex: 1;
    min-inline-size: 0;
    overflow-y: auto;
    padding: 12px 18px;
  }
  .scroller:focus-visible {
    outline-offset: -2px;
  }
  .quiet {
    margin: 0;
    color: var(--_fg-2);
  }
  /* Names, bars, running and waiting times of all rows are aligned. */
  .grid {
    display: grid;
    grid-template-columns: minmax(84px, max-content) minmax(0, 1fr) max-content max-content;
    column-gap: 12px;
  }
  .axis,
  .grid ul,
  .grid li,
  .row {
    display: grid;
    grid-column: 1 / -1;
    grid-template-columns: subgrid;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  /* Placed, because the playhead lies over both. */
  .grid > ul {
    grid-row: 2;
  }
  .axis {
    position: sticky;
    grid-row: 1;
    z-index: 1;
    inset-block-start: -12px;
    background: var(--_bg);
  }
  .scale {
    grid-column: 2;
    inline-size: 100%;
    overflow: visible;
    border-block-end: 1px solid var(--_border);
  }
  .scale text {
    /* SVG is not mirrored, and neither is the start of its texts. */
    direction: ltr;
    unicode-bidi: plaintext;
    fill: var(--_fg-3);
    font-size: calc(var(--_size) * 0.85);
    font-variant-numeric: tabular-nums;
  }
  .scale .gap-text {
    fill: var(--_fg-2);
  }
  .scale line {
    stroke: var(--_border);
  }
  .row {
    position: relative;
    align-items: center;
    min-block-size: 28px;
    padding: 0;
    border: 0;
    border-radius: var(--_radius-s);
    background: none;
    text-align: start;
  }
  button.row {
    cursor: pointer;
  }
  button.row:hover {
    background: var(--_surface);
  }
  .row:focus-visible {
    outline-offset: -2px;
  }
  .time.reused {
    grid-column: 3 / span 2;
    color: var(--_fg-2);
  }
  /* A column of its own: over the times, the button would hide them. */
  .can-rerun {
    grid-template-columns: minmax(84px, max-content) minmax(0, 1fr) max-content max-content 24px;
  }
  .can-rerun .row {
    grid-column: 1 / 5;
    grid-row: 1;
  }
  .rerun {
    grid-column: 5;
    grid-row: 1;
    align-self: center;
    inline-size: 24px;
    block-size: 24px;
    opacity: 0;
  }
  li:hover .rerun,
  li:focus-within .rerun {
    opacity: 1;
  }
  @media (hover: none) and (pointer: coarse) {
    .rerun {
      opacity: 1;
    }
  }
  .name {
    display: flex;
    gap: 8px;
    align-items: center;
    min-inline-size: 0;
    max-inline-size: 15em;
    padding-inline-start: 2px;
  }
  .name[data-depth='1'] {
    padding-inline-start: 16px;
  }
  .name[data-depth='2'] {
    padding-inline-start: 30px;
  }
  .name[data-depth='3'] {
    padding-inline-start: 44px;
  }
  .title {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .track {
    align-self: stretch;
    inline-size: 100%;
    block-size: 28px;
    overflow: hidden;
  }
  .time {
    color: var(--_fg);
    font-size: var(--_size-s);
    font-variant-numeric: tabular-nums;
    text-align: end;
    white-space: nowrap;
    unicode-bidi: plaintext;
  }
  .time.wait {
    padding-inline-end: 4px;
    color: var(--_ask);
  }
  .time .icon {
    inline-size: 10px;
    block-size: 10px;
    margin-inline-end: 4px;
  }
  .total {
    flex: none;
    color: var(--_fg-2);
    font-size: var(--_size-s);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
    unicode-bidi: plaintext;
  }
  .playhead {
    --_rail-top: -12px;
    z-index: 2;
    grid-row: 1 / span 2;
    grid-column: 2;
  }
  /* Over the labels of the axis, which is sticky. */
  .gap-buttons {
    position: sticky;
    z-index: 3;
    inset-block-start: -12px;
    grid-row: 1;
    grid-column: 2;
    block-size: 0;
  }
  .fold {
    position: absolute;
    inset-block-start: calc(var(--_line) * 15px);
    inset-inline-start: var(--_x);
    inline-size: calc(var(--_letters) * 6.2px + 10px);
    block-size: 18px;
    padding: 0;
    border: 1px dashed transparent;
    border-radius: var(--_radius-s);
    background: none;
    translate: -50% 0;
    cursor: pointer;
  }
  .fold:dir(rtl) {
    translate: 50% 0;
  }
  .fold:hover,
  .fold.is-unfolded {
    border-color: var(--_control-border);
  }
  .fold:focus-visible {
    outline-offset: 0;
  }
  .run {
    border-block-end: 1px solid var(--_border);
    border-radius: 0;
  }
  .run .title {
    font-weight: 600;
  }
  .is-to-come {
    color: var(--_fg-3);
  }
  .to-come {
    stroke: var(--_control-border);
    stroke-width: 1;
    stroke-dasharray: 3 5;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    margin-block: 12px 8px;
    color: var(--_fg-2);
    font-size: var(--_size-s);
  }
  .legend li {
    display: inline-flex;
    gap: 6px;
    align-items: center;
  }
  .swatch {
    inline-size: 14px;
    block-size: 10px;
    border-radius: 3px;
    background: var(--_completed);
  }
  .swatch.wait {
    border: 1px solid var(--_ask-border);
    background: repeating-linear-gradient(
      135deg,
      color-mix(in srgb, var(--_ask) 55%, var(--_bg)) 0 2px,
      var(--_ask-soft) 2px 5px
    );
  }
  .swatch.failed {
    background: var(--_failed);
  }
  .swatch.running {
    background: var(--_running);
  }
  .swatch.cancelled {
    background: var(--_cancelled);
  }
  .swatch.idle {
    background: var(--_sunken);
    border: 1px solid var(--_border);
  }

  @media (forced-colors: active) {
    .swatch {
      forced-color-adjust: none;
      border: 1px solid CanvasText;
      background-color: CanvasText;
    }
    .swatch.wait {
      background: repeating-linear-gradient(135deg, CanvasText 0 2px, Canvas 2px 5px);
    }
    .swatch.running {
      background: Highlight;
    }
    .swatch.failed,
    .swatch.cancelled {
      border-width: 2px;
      background: Canvas;
    }
    .swatch.cancelled {
      border-style: dashed;
    }
    .swatch.idle {
      border: 1px dotted GrayText;
      background: Canvas;
    }
    button.row:hover {
      outline: 1px dashed Highlight;
      outline-offset: -2px;
    }
    .row:focus-visible {
      outline: 2px solid Highlight;
    }
  }

  @container sessions-panel (width < 560px) {
    .scroller {
      padding-inline: 14px;
    }
    .grid {
      grid-template-columns: minmax(64px, max-content) minmax(0, 1fr) max-content max-content;
      column-gap: 8px;
    }
    .can-rerun {
      grid-template-columns: minmax(64px, max-content) minmax(0, 1fr) max-content max-content 24px;
    }
    .name {
      max-inline-size: 8.5em;
    }
  }
`;
