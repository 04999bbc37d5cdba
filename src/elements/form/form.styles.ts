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
  .optional {
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
    accent-color: var(--_primary);
    translate: 0 2px;
  }
  .checks {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 18px;
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
  .input:is(.number, .date, .time, .date-time) {
    max-inline-size: 220px;
  }
`;
