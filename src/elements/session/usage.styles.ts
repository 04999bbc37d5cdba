import { css } from 'lit';

/** Styles of `renderUsage`. */
export const usageStyles = css`
  .usage {
    position: relative;
    padding: 0;
    border: 0;
    border-radius: 3px;
    background: none;
    color: var(--_fg-2);
    font: inherit;
    font-size: var(--_size-s);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
    cursor: default;
  }
  .usage-parts {
    position: absolute;
    inset-block-start: 100%;
    inset-inline-end: 0;
    z-index: 3;
    display: none;
    gap: 2px;
    margin-block-start: 4px;
    padding: 6px 10px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_bg);
    color: var(--_fg);
    text-align: start;
  }
  .usage:hover .usage-parts,
  .usage:focus-visible .usage-parts {
    display: grid;
  }
  .meta .usage-parts {
    inset-inline: 0 auto;
  }
`;
