import { css } from 'lit';

/**
 * Buttons: `.button` with `.primary`, `.danger`, `.quiet`, and `.ask` for what leads to an answer; `.pill` is round at its
 * ends, `.floating` hovers over the end of what it is about; `.icon-button` for an icon alone; `.link`.
 */
export const buttons = css`
  button {
    font: inherit;
    color: inherit;
  }
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-block-size: 28px;
    padding: 3px 11px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius-s);
    background: var(--_bg);
    color: var(--_fg);
    font-size: var(--_size-s);
    font-weight: 500;
    white-space: nowrap;
    cursor: pointer;
  }
  .button:hover {
    background: var(--_surface);
    border-color: color-mix(in srgb, var(--_fg) 24%, var(--_bg));
  }
  .button.primary {
    background: var(--_primary);
    border-color: var(--_primary-line);
    color: var(--_on-primary);
    font-weight: 600;
  }
  .button.primary:hover {
    background: var(--_primary-hover);
  }
  .button.danger {
    background: var(--_failed);
    border-color: transparent;
    color: var(--_bg);
    font-weight: 600;
  }
  .button.danger:hover {
    background: color-mix(in srgb, var(--_failed) 88%, var(--_fg));
  }
  .button.quiet {
    border-color: transparent;
    background: transparent;
    color: var(--_fg-2);
  }
  .button.quiet:hover {
    background: var(--_sunken);
    color: var(--_fg);
  }
  .button.ask {
    border-color: var(--_ask-border);
    color: var(--_ask);
  }
  .button.ask:hover {
    border-color: var(--_ask);
    background: var(--_ask-soft);
  }
  .button.pill {
    border-radius: 99px;
    font-variant-numeric: tabular-nums;
  }
  .button.floating {
    position: absolute;
    z-index: 2;
    inset-inline-end: 18px;
    box-shadow: 0 2px 8px rgb(0 0 0 / 0.16);
  }
  .icon-button {
    display: inline-grid;
    place-items: center;
    flex: none;
    inline-size: 28px;
    block-size: 28px;
    padding: 0;
    border: 1px solid transparent;
    border-radius: var(--_radius-s);
    background: transparent;
    color: var(--_fg-2);
    cursor: pointer;
  }
  .icon-button:hover {
    background: var(--_sunken);
    color: var(--_fg);
  }
  .link {
    padding: 0;
    border: 0;
    background: none;
    color: var(--_accent);
    text-decoration: underline;
    text-underline-offset: 2px;
    cursor: pointer;
  }
  button:disabled,
  button[aria-disabled='true'] {
    opacity: 0.55;
    cursor: default;
  }
`;

/** Text fields: `.input` on input, textarea and select. */
export const inputs = css`
  .input {
    inline-size: 100%;
    padding: 6px 10px;
    border: 1px solid var(--_control-border);
    border-radius: var(--_radius-s);
    background: var(--_input-bg);
    color: var(--_fg);
    font: inherit;
  }
  textarea.input {
    resize: vertical;
  }
  /* The arrow of the icons in place of the browser's: the two halves of a chevron. */
  select.input {
    padding-inline-end: 26px;
    appearance: none;
    background-image:
      linear-gradient(45deg, transparent 41%, var(--_fg-2) 41% 60%, transparent 60%),
      linear-gradient(-45deg, transparent 41%, var(--_fg-2) 41% 60%, transparent 60%);
    background-position:
      right 13px center,
      right 9px center;
    background-size: 4.5px 4.5px;
    background-repeat: no-repeat;
    text-overflow: ellipsis;
  }
  select.input:dir(rtl) {
    background-position:
      left 9px center,
      left 13px center;
  }
  @media (forced-colors: active) {
    select.input {
      appearance: auto;
    }
  }
  .input::placeholder {
    color: var(--_fg-3);
    opacity: 1;
  }
  .input:focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: -1px;
    border-color: transparent;
  }
  .input[aria-invalid='true'] {
    border-color: var(--_failed);
  }
`;
