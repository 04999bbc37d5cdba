import { css } from 'lit';

/** Styles of a menu. */
export const menuStyles = css`
  :host {
    display: contents;
  }
  .entries {
    position: fixed;
    inset: auto;
    margin: 0;
    min-inline-size: 190px;
    max-block-size: calc(100dvh - 16px);
    overflow: auto;
    padding: 4px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: color-mix(in srgb, var(--_surface) 60%, var(--_bg));
    color: var(--_fg);
    box-shadow: 0 8px 28px rgb(0 0 0 / 0.22);
  }
  .entries:popover-open {
    display: grid;
    /* WebKit would stretch them to the height of the window. */
    align-content: start;
  }
  button {
    display: flex;
    gap: 10px;
    align-items: center;
    padding: 6px 10px;
    border: 0;
    border-radius: var(--_radius-s);
    background: none;
    text-align: start;
    white-space: nowrap;
    cursor: pointer;
  }
  button:hover,
  button:focus-visible {
    background: var(--_sunken);
  }
  button[aria-disabled='true'] {
    color: var(--_fg-3);
    cursor: default;
  }
  .icon {
    flex: none;
    color: var(--_fg-2);
  }
  kbd {
    margin-inline-start: auto;
    padding-inline-start: 16px;
    color: var(--_fg-3);
    font: var(--_size-s) var(--_font);
  }
  /* Keys say nothing to a finger. */
  @media (hover: none) and (pointer: coarse) {
    button {
      min-block-size: 40px;
    }
    kbd {
      display: none;
    }
  }
  @media (forced-colors: active) {
    button[aria-disabled='true'] {
      color: GrayText;
    }
    button:is(:hover, :focus-visible):not([aria-disabled='true']) {
      background: Highlight;
      color: HighlightText;
      forced-color-adjust: none;
    }
  }
  .group-start {
    position: relative;
    margin-block-start: 5px;
  }
  .group-start::before {
    content: '';
    position: absolute;
    inset-inline: 0;
    inset-block-start: -3px;
    border-block-start: 1px solid var(--_border);
  }
`;
