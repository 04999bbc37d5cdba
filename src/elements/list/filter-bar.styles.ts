import { css } from 'lit';

/** Styles of the status chips. */
export const filterStyles = css`
  .search {
    position: relative;
    display: flex;
    flex: none;
    align-items: center;
    margin: 10px 12px 0;
  }
  .search > .icon {
    position: absolute;
    inset-inline-start: 9px;
    color: var(--_fg-3);
    pointer-events: none;
  }
  .search .input {
    padding-inline: 30px;
    appearance: none;
  }
  .search .input::-webkit-search-cancel-button {
    display: none;
  }
  .search .icon-button {
    position: absolute;
    inset-inline-end: 3px;
    inline-size: 24px;
    block-size: 24px;
  }
  .chips {
    display: flex;
    flex: none;
    gap: 6px;
    /* One line that scrolls sideways: the list is what the height is for. */
    overflow-x: auto;
    scrollbar-width: none;
    padding: 10px 12px 6px;
    mask-image: linear-gradient(to right, transparent, #000 12px calc(100% - 12px), transparent);
  }
  .chip {
    display: inline-flex;
    flex: none;
    gap: 5px;
    padding: 2px 9px;
    border: 1px solid var(--_border);
    border-radius: 99px;
    background: none;
    color: var(--_fg-2);
    font-size: var(--_size-s);
    white-space: nowrap;
    cursor: pointer;
  }
  .chip b {
    color: var(--_fg-3);
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
    border-color: transparent;
    background: var(--_accent-soft);
    color: var(--_accent);
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
  }
`;
