import { css } from 'lit';

/** Styles of all dialogs. */
export const dialogStyles = css`
  dialog {
    max-inline-size: min(400px, calc(100vw - 32px));
    padding: 20px;
    border: 1px solid var(--_border);
    border-radius: calc(var(--_radius) * 1.5);
    background: var(--_bg);
    color: var(--_fg);
    box-shadow: 0 12px 40px rgb(0 0 0 / 0.28);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 0.4);
  }
  dialog h2 {
    margin: 0 0 6px;
    font-size: 1.15em;
    font-weight: 620;
    overflow-wrap: anywhere;
  }
  dialog p {
    margin: 0;
    color: var(--_fg-2);
  }
  dialog .input {
    min-inline-size: min(340px, 70vw);
    margin-block: 8px 6px;
  }
  dialog .hint {
    font-size: var(--_size-s);
  }
  .answers {
    display: grid;
    gap: 14px;
    max-block-size: 55vh;
    margin-block-start: 14px;
    overflow: auto;
    /* Room for the focus ring of its fields. */
    padding: 3px;
    margin-inline: -3px;
  }
  .answers fieldset {
    min-inline-size: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  .answers legend {
    padding: 0;
    color: var(--_fg-2);
    overflow-wrap: anywhere;
  }
  .answers legend b {
    color: var(--_fg);
  }
  .answers .input {
    inline-size: 100%;
    min-inline-size: 0;
    margin-block: 4px 0;
  }
  .answers .is-json {
    font-family: var(--_mono);
  }
  .answers .options {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    margin-block-start: 4px;
  }
  .answers label {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    min-block-size: 24px;
  }
  dialog.rerun {
    inline-size: min(560px, calc(100vw - 32px));
    box-sizing: border-box;
  }
  dialog.wide {
    max-inline-size: min(760px, calc(100vw - 32px));
  }
  .key-groups {
    columns: 2 300px;
    column-gap: 32px;
  }
  .key-groups section {
    break-inside: avoid;
    padding-block-start: 12px;
  }
  .key-groups h3 {
    margin: 0 0 6px;
    font-size: 1em;
    font-weight: 620;
  }
  .keys {
    display: grid;
    grid-template-columns: 9.5em 1fr;
    gap: 6px 12px;
    margin: 0;
  }
  .keys dd {
    margin: 0;
    color: var(--_fg-2);
  }
  kbd {
    padding: 1px 6px;
    border: 1px solid var(--_border);
    border-radius: 4px;
    background: var(--_surface);
    font: var(--_size-s) var(--_font);
  }
  dialog ::slotted(form) {
    margin-block: 10px;
  }
  dialog .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    justify-content: flex-end;
    margin-block-start: 18px;
  }
`;
