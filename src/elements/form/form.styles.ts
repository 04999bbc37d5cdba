import { css } from 'lit';

/** Styles of the fields of a form. */
export const formStyles = css`
  .fields,
  .field,
  .group,
  .list,
  .options {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    min-inline-size: 0;
  }
  .fields {
    gap: 14px;
  }
  .field,
  .options {
    gap: 4px;
  }
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
  }
  .label {
    padding: 0;
    font-weight: 500;
    overflow-wrap: anywhere;
  }
  legend.label {
    margin-block-end: 4px;
  }
  .is-single > .field > .label {
    margin-block-end: 4px;
    font-size: calc(var(--_size) * 1.077);
    font-weight: 400;
  }
  .star {
    color: var(--_failed);
  }
  .required-mark {
    display: none;
  }
  .body:has(.star) > .required-mark {
    display: block;
  }
  .mark {
    color: var(--_fg-2);
    font-size: var(--_size-s);
    font-weight: 400;
  }
  .group > .fields,
  .list > .fields {
    margin-block-start: 4px;
    padding-inline-start: 12px;
    border-inline-start: 2px solid var(--_ask-border);
  }
  .list > .fields {
    gap: 8px;
    justify-items: start;
  }
  .item {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: end;
    gap: 4px;
    inline-size: 100%;
  }
  .pair {
    align-items: start;
  }
  .pair > .item-buttons {
    padding-block-start: calc(1lh + 4px);
  }
  .pair-fields {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(160px, 100%), 1fr));
    gap: 4px 8px;
    align-items: start;
  }
  .fields > .add-item,
  .field > .file-chip {
    justify-self: start;
  }
  .item-buttons {
    display: flex;
  }
  .icon-button[aria-disabled='true'] {
    opacity: 0.4;
    cursor: default;
  }
  .variant > .fields {
    margin-block-start: 10px;
  }
  .item > .group > .fields {
    padding: 0;
    border: 0;
  }
  .item.object,
  .item.content {
    align-items: start;
  }
  .check {
    display: flex;
    align-items: baseline;
    gap: 8px;
    cursor: pointer;
  }
  .check input {
    flex: none;
    margin: 0;
    accent-color: var(--_checked);
    translate: 0 2px;
  }
  .checks {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 18px;
  }
  .checks.described {
    flex-direction: column;
    align-items: start;
  }
  .meaning {
    display: block;
    white-space: pre-line;
  }
  .grows {
    field-sizing: content;
    min-block-size: calc(2lh + 14px);
    max-block-size: 40vh;
  }
  /* Otherwise the browser measures the texts of all options. */
  select.input {
    field-sizing: content;
  }
  .mono {
    font: var(--_size-s) / 1.5 var(--_mono);
    tab-size: 2;
  }
  .input:is([readonly], :disabled) {
    background: transparent;
    color: var(--_fg-2);
  }
  .field > :is(input, select).input {
    max-inline-size: 480px;
  }
  .field > .input.number {
    max-inline-size: 96px;
  }
  .field > .input:is(.date, .time) {
    max-inline-size: 160px;
  }
  .field > .input.date-time {
    max-inline-size: 220px;
  }
  .segments {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-self: start;
    max-inline-size: 100%;
    padding-inline-start: 1px;
  }
  .segment {
    position: relative;
    max-inline-size: 100%;
    margin-inline-start: -1px;
    margin-block-end: -1px;
    padding: 6px 12px;
    border: 1px solid var(--_control-border);
    background: var(--_input-bg);
    overflow-wrap: anywhere;
    cursor: pointer;
  }
  .segment:first-of-type {
    border-start-start-radius: var(--_radius-s);
    border-end-start-radius: var(--_radius-s);
  }
  .segment:last-of-type {
    border-start-end-radius: var(--_radius-s);
    border-end-end-radius: var(--_radius-s);
  }
  .segment:hover {
    background: var(--_surface);
  }
  .segment:has(input:checked) {
    z-index: 1;
    border-color: var(--_accent);
    background: var(--_accent-soft);
    box-shadow: inset 0 0 0 1px var(--_accent);
  }
  .segment:has(input:focus-visible) {
    z-index: 2;
    outline: 2px solid var(--_focus);
    outline-offset: 1px;
  }
  .segment:has(input:disabled) {
    background: transparent;
    color: var(--_fg-2);
    cursor: default;
  }
  .options[data-invalid] .segment {
    border-color: var(--_failed);
  }
  .segments > .clear {
    margin-inline-start: 4px;
  }
  @container (width >= 560px) {
    .fields:not(.is-single, .list > .fields) {
      grid-template-columns: repeat(2, minmax(0, 1fr));
      column-gap: 24px;
      align-items: start;
      max-inline-size: 984px;
    }
    /* What needs the width, or lists something. */
    .fields > :not(.field, .options),
    .fields > .field:has(> :is(textarea, .content-input, .file-chip, .file-field)),
    .fields > .options:has(.checks) {
      grid-column: 1 / -1;
    }
    .fields:not(.is-single) > .field > .hint {
      order: 1;
    }
    .fields:not(.is-single) > .field > .problem {
      order: 2;
    }
  }
  @media (forced-colors: active) {
    .segment:has(input:checked) {
      forced-color-adjust: none;
      border-color: Highlight;
      background: Highlight;
      color: HighlightText;
      box-shadow: none;
    }
  }
`;
