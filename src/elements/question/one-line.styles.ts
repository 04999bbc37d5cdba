import { css } from 'lit';

/** Styles of a card whose field and buttons share a row. */
export const oneLineStyles = css`
  .card.one-line {
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 8px;
  }
  .one-line :is(.body, .fields, .field, .content-input) {
    display: contents;
  }
  .one-line :is(.head, .prompt, .hint, .label, .problem, .other, .refusal) {
    grid-column: 1 / -1;
  }
  /* The row is the last of the card. */
  .one-line :is(.problem:not(.note), .other, .refusal) {
    order: 1;
  }
  .one-line :is(.input, .actions) {
    order: 2;
  }
  .one-line > .head {
    margin-block-end: 2px;
  }
  .one-line .is-single > .field > .label {
    margin: 0;
  }
  .one-line .input {
    grid-column: 1;
    max-inline-size: none;
  }
  .one-line .grows {
    min-block-size: calc(1lh + 14px);
  }
  .one-line :is(.input, .actions) {
    position: sticky;
    inset-block-end: 12px;
  }
  .one-line .input {
    z-index: 2;
    resize: none;
  }
  .one-line:not(:has(.actions)) .input {
    grid-column: 1 / -1;
  }
  .one-line > .actions {
    grid-column: 2;
    flex-wrap: nowrap;
    align-self: end;
    margin: 0;
    padding: 0;
    border: 0;
    background: none;
  }
  .one-line > .actions .button {
    min-block-size: calc(1lh + 14px);
  }
  .one-line > .head > .note {
    flex: 0 1 auto;
    text-align: end;
  }
  /* A long question scrolls under the whole row. */
  .one-line > .actions::before {
    content: '';
    position: absolute;
    z-index: -1;
    inset-block: -6px -14px;
    inset-inline-end: -16px;
    inline-size: calc(100cqi - 2px);
    border-end-start-radius: calc(var(--_radius) * 1.25 - 1px);
    border-end-end-radius: calc(var(--_radius) * 1.25 - 1px);
    background: linear-gradient(var(--_ask-soft), var(--_ask-soft)), var(--_bg);
  }
  @container (width < 340px) {
    .one-line :is(.next-key, .actions kbd) {
      display: none;
    }
    .one-line:has(.actions > .button + .button) > .actions {
      grid-column: 1 / -1;
      justify-self: end;
    }
    .one-line:has(.actions > .button + .button) .input {
      position: static;
      grid-column: 1 / -1;
    }
  }
  /* Next to it, the words in the head would be broken. */
  @container (width < 320px) {
    @container sessions-panel (height >= 340px) {
      .one-line > .head {
        flex-wrap: wrap;
      }
      .one-line > .head > .note {
        order: 1;
        flex-basis: 100%;
        text-align: start;
      }
    }
  }
  /* The card has less space around its parts there. */
  @container sessions-panel (height < 340px) {
    .one-line :is(.input, .actions) {
      inset-block-end: 6px;
    }
    .one-line > .actions::before {
      inset-block: -6px;
      inset-inline-end: -12px;
    }
  }
`;
