import { css } from 'lit';
import { contentInputStyles } from '../form/content-input.styles.js';
import { formStyles } from '../form/form.styles.js';
import { answerStyles } from './answer.styles.js';
import { oneLineStyles } from './one-line.styles.js';
import { shortCardStyles } from './short-card.styles.js';

const card = css`
  :host {
    container-type: inline-size;
  }
  .card,
  .body,
  .content-input {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    min-inline-size: 0;
  }
  .card {
    gap: 12px;
    padding: 14px 16px;
    border: 1px solid var(--_ask-border);
    border-radius: calc(var(--_radius) * 1.25);
    background: var(--_ask-soft);
  }
  p,
  dl,
  dd,
  ul {
    margin: 0;
    padding: 0;
  }
  .head {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 12px;
  }
  .who {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    line-clamp: 2;
    color: var(--_ask);
    font-size: var(--_size-s);
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .switch {
    display: inline-flex;
    flex: none;
    margin-inline-start: auto;
    border: 1px solid var(--_ask-border);
    border-radius: var(--_radius-s);
  }
  .switch button {
    padding: 1px 9px;
    border: 0;
    border-radius: calc(var(--_radius-s) - 1px);
    background: none;
    color: var(--_fg-2);
    font-size: var(--_size-s);
    cursor: pointer;
  }
  .switch button:hover {
    color: var(--_fg);
  }
  .switch button[aria-pressed='true'] {
    background: var(--_bg);
    color: var(--_fg);
    font-weight: 600;
  }
  .body {
    gap: 10px;
    margin: 0;
    padding: 0;
    border: 0;
  }
  .prompt {
    font-size: calc(var(--_size) * 1.077);
  }
  .body:disabled .input,
  .body:disabled .choice {
    background-color: transparent;
    color: var(--_fg-2);
  }
  .hint {
    color: var(--_fg-2);
    font-size: var(--_size-s);
  }
  p.hint,
  .hint > p {
    white-space: pre-line;
  }
  .body > .hint + :is(.fields, .variant) {
    margin-block-start: 6px;
  }
  .problem {
    color: var(--_failed);
    font-size: var(--_size-s);
    font-weight: 500;
  }
  .other {
    display: grid;
    gap: 8px;
    padding: 8px 12px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius-s);
    background: var(--_bg);
  }
  .other-buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .refusal {
    padding: 8px 12px;
    border: 1px solid var(--_failed-border);
    border-radius: var(--_radius-s);
    background: var(--_failed-soft);
    color: var(--_fg);
  }
  /* The buttons stay in sight while the rest of the card scrolls under them. */
  .actions {
    position: sticky;
    inset-block-end: 0;
    z-index: 1;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: 8px;
    margin: 0 -15px -13px;
    padding: 7px 15px 9px;
    border-block-start: 1px solid var(--_ask-border);
    border-end-start-radius: calc(var(--_radius) * 1.25 - 1px);
    border-end-end-radius: calc(var(--_radius) * 1.25 - 1px);
    background: linear-gradient(var(--_ask-soft), var(--_ask-soft)), var(--_bg);
  }
  .note {
    flex: 1 1 8em;
    min-inline-size: 0;
    color: var(--_fg-2);
    font-size: var(--_size-s);
  }
  @container (width < 400px) {
    .note {
      flex-basis: 100%;
    }
  }
  .note.problem {
    color: var(--_failed);
  }
  .card kbd {
    direction: ltr;
    unicode-bidi: isolate;
    font: inherit;
    font-weight: 400;
  }
  .next-key kbd {
    margin-inline-end: 2px;
    padding: 0 4px;
    border: 1px solid var(--_ask-border);
    border-radius: 4px;
  }
  @media (hover: none) {
    .actions kbd,
    .next-key {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .switch button[aria-pressed='true'] {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }
`;

/** Styles of unsent text, which is shown to be read or copied. */
export const unsentStyles = css`
  .unsent {
    margin: 0;
    padding: 6px 8px;
    max-block-size: 9em;
    overflow: auto;
    border-radius: var(--_radius-s);
    background: var(--_sunken);
    color: var(--_fg);
    font: inherit;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
`;

/** Styles of the question cards and of the forms in them. */
export const questionStyles = [
  card,
  formStyles,
  contentInputStyles,
  answerStyles,
  oneLineStyles,
  unsentStyles,
  shortCardStyles,
];
