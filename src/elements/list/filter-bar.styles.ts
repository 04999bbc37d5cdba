import { css } from 'lit';

/** Styles of search and chips. They stand in a `.finder` in a container `side`. */
export const filterStyles = css`
  .finder {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    gap: 6px;
    align-items: center;
    padding: 6px 8px;
  }
  .finder[hidden] {
    display: none;
  }
  .time-menu {
    display: inline-flex;
    flex: none;
    margin-inline-start: auto;
  }
  .time-menu .has-text {
    min-block-size: 26px;
    padding-block: 1px;
    border-color: transparent;
    background: var(--_accent-soft);
    color: var(--_fg);
  }
  .time-menu .has-text .icon {
    inline-size: 12px;
    block-size: 12px;
    transform: rotate(90deg);
  }
  .search {
    position: relative;
    display: flex;
    flex: 1 0 100%;
    align-items: center;
    min-inline-size: 0;
    container: search / inline-size;
  }
  .search > .icon {
    position: absolute;
    inset-inline-start: 7px;
    color: var(--_fg-3);
    pointer-events: none;
  }
  .search .input {
    block-size: 28px;
    padding-block: 2px;
    padding-inline: 28px 26px;
    border-color: var(--_field-border);
    appearance: none;
  }
  .search .input::-webkit-search-cancel-button {
    display: none;
  }
  .search .icon-button {
    position: absolute;
    inset-inline-end: 2px;
    inline-size: 24px;
    block-size: 24px;
  }
  .search kbd {
    position: absolute;
    inset-inline-end: 6px;
    min-inline-size: 16px;
    padding: 0 4px;
    border: 1px solid var(--_border);
    border-radius: 4px;
    color: var(--_fg-3);
    font: inherit;
    font-size: 0.8em;
    line-height: 1.4;
    text-align: center;
    pointer-events: none;
  }
  .search .input:focus ~ kbd {
    display: none;
  }
  @media (hover: none) and (pointer: coarse) {
    .search kbd {
      display: none;
    }
  }
  /* Nothing but its icon until it has the focus: half a word would look like a fault. */
  @container search (width < 96px) {
    .search kbd {
      display: none;
    }
    .search .input {
      padding-inline-end: 0;
    }
    .search .input::placeholder {
      color: transparent;
    }
  }
  .chips {
    display: flex;
    flex: 0 1 auto;
    gap: 2px;
    min-inline-size: 0;
    /* One line that scrolls sideways: the list is what the height is for. */
    overflow-x: auto;
    scrollbar-width: none;
    /* Room for the focus ring. */
    margin: -3px;
    padding: 3px;
  }
  /* In one line: the search has what the chips leave, and most of the line while it is used. */
  @container side (width > 320px) {
    .finder {
      flex-wrap: nowrap;
      padding-block: 6px 2px;
    }
    .search {
      flex: 1 1 30px;
      min-inline-size: 30px;
    }
    .search:focus-within,
    .search.has-text {
      flex: 1 0 170px;
    }
  }
  .chip {
    display: inline-flex;
    justify-content: center;
    flex: none;
    gap: 3px;
    align-items: center;
    block-size: 24px;
    padding: 0 5px;
    border: 1px solid var(--_border);
    border-radius: 99px;
    background: none;
    color: var(--_fg-2);
    font-size: var(--_size-s);
    white-space: nowrap;
    cursor: pointer;
  }
  .chip .icon {
    inline-size: 13px;
    block-size: 13px;
  }
  .chip .sweep {
    animation: none;
  }
  .chip b {
    color: var(--_fg-2);
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .chip.asks b {
    color: var(--_ask);
  }
  .chip:hover {
    background: var(--_surface);
    color: var(--_fg);
  }
  .chip[aria-pressed='true'] {
    flex-shrink: 1;
    min-inline-size: 56px;
    border-color: var(--_selection-line);
    background: var(--_accent-soft);
    color: var(--_accent);
  }
  .chip[aria-pressed='true'] .word {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .chip[aria-pressed='true'] b {
    color: inherit;
  }
  @media (forced-colors: active) {
    .chip:hover {
      border-color: Highlight;
    }
    .chip[aria-pressed='true'] {
      forced-color-adjust: none;
      border-color: Highlight;
      background: Highlight;
      color: HighlightText;
    }
    .chip[aria-pressed='true'] .icon {
      color: inherit;
    }
  }
`;
