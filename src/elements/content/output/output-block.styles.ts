import { css } from 'lit';

/** Styles of a block of content with its buttons. */
export const outputBlockStyles = css`
  :host {
    position: relative;
    min-inline-size: 0;
  }
  :host([data-wrapped]) {
    --_code-wrap: pre-wrap;
  }
  /* Takes no space, and stays in sight while a long block is scrolled. */
  .tools {
    position: sticky;
    inset-block-start: 4px;
    z-index: 1;
    display: flex;
    justify-content: flex-end;
    block-size: 0;
  }
  .bar {
    display: flex;
    align-items: center;
    block-size: 28px;
    gap: 1px;
    inline-size: fit-content;
    margin-block-start: -5px;
    margin-inline-end: -7px;
    padding: 1px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius-s);
    background: var(--_bg);
    opacity: 0;
  }
  .bar:not(:has(*)) {
    display: none;
  }
  :host(:hover) .bar,
  :host(:focus-within) .bar,
  :host(:focus) .bar {
    opacity: 1;
  }
  @media (hover: none) {
    .bar {
      opacity: 1;
    }
  }
  .icon-button {
    inline-size: 24px;
    block-size: 24px;
    border: 0;
  }
  .icon-button .icon {
    inline-size: 14px;
    block-size: 14px;
  }
  .icon-button[aria-pressed='true']:not(:focus-visible) {
    outline: 1px solid var(--_selection-line);
    outline-offset: -1px;
  }
  .icon-button[aria-pressed='true'] {
    background: var(--_accent-soft);
    color: var(--_accent);
  }
  .inside {
    display: grid;
    gap: 8px;
    min-inline-size: 0;
  }
  @media print {
    .tools {
      display: none;
    }
  }
`;
