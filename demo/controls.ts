import { css } from 'lit';

/** Buttons and focus rings, for the shadow roots of the editor's elements. */
export const controls = css`
  * {
    box-sizing: border-box;
  }

  button,
  select {
    font: inherit;
    color: inherit;
  }

  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-height: 30px;
    padding: 3px 12px;
    border: 1px solid var(--line);
    border-radius: 7px;
    background: var(--surface);
    font-size: 13px;
    white-space: nowrap;
    cursor: pointer;
  }

  button:hover {
    background: var(--surface-hover);
  }

  button.primary {
    border-color: transparent;
    background: var(--accent);
    color: var(--on-accent);
    font-weight: 600;
  }

  button.primary:hover {
    background: var(--accent-strong);
  }

  button.plain {
    border-color: transparent;
    background: none;
    color: var(--text-quiet);
  }

  button.plain:hover {
    background: var(--surface-hover);
    color: var(--text);
  }

  button[aria-disabled='true'] {
    opacity: 0.6;
    cursor: default;
  }

  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }

  h1,
  h2,
  h3,
  p {
    margin: 0;
  }

  .icon {
    width: 16px;
    height: 16px;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  @media (pointer: coarse) {
    button {
      min-height: 40px;
    }
  }
`;
