import { css } from 'lit';
import { formStyles } from '../form/form.styles.js';

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
    flex: none;
    padding: 0;
    border: 0;
    background: none;
    color: var(--_fg-2);
    font-size: var(--_size-s);
    text-decoration: underline;
    text-decoration-color: color-mix(in srgb, currentColor 40%, transparent);
    text-underline-offset: 3px;
    cursor: pointer;
  }
  .switch:hover {
    color: var(--_fg);
    text-decoration-color: currentColor;
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
    background: transparent;
    color: var(--_fg-2);
  }
  .hint {
    color: var(--_fg-2);
    font-size: var(--_size-s);
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
  .actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: 8px;
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
  .actions kbd {
    direction: ltr;
    unicode-bidi: isolate;
    font: inherit;
    font-weight: 400;
    opacity: 0.85;
  }
  @media (hover: none) {
    .actions kbd {
      display: none;
    }
  }
`;

const answers = css`
  .content-input {
    gap: 8px;
  }
  .content-input[data-drop] {
    outline: 2px dashed var(--_accent);
    outline-offset: 4px;
    border-radius: var(--_radius-s);
    background: var(--_accent-soft);
  }
  .content-input[data-drop] .input {
    background: transparent;
  }
  .file-notes:not(:has(*)) {
    display: none;
  }
  .files .grows {
    min-block-size: calc(1lh + 14px);
  }
  .file-list {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    list-style: none;
  }
  .file-chip {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    max-inline-size: 100%;
    padding-block: 2px;
    padding-inline: 8px 2px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius-s);
    background: var(--_bg);
  }
  .file-chip img {
    inline-size: 28px;
    block-size: 28px;
    margin-inline-start: -4px;
    border-radius: 4px;
    object-fit: cover;
  }
  .file-name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .file-chip .hint {
    flex: none;
  }
  .add-files {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 10px;
  }
  .add-files[data-invalid] .button {
    border-color: var(--_failed);
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .choices.list {
    flex-direction: column;
    align-items: stretch;
  }
  .choices.grid {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(132px, 1fr));
  }
  .choice {
    position: relative;
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    align-items: start;
    gap: 10px;
    padding-block: 8px;
    padding-inline: 10px 14px;
    border: 1px solid var(--_ask-border);
    border-radius: var(--_radius);
    background: var(--_bg);
    cursor: pointer;
  }
  .choice:hover {
    border-color: var(--_control-border);
  }
  .choice:has(input:checked) {
    border-color: var(--_accent);
    box-shadow: inset 0 0 0 1px var(--_accent);
  }
  .choice:has(input:focus-visible) {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
  }
  .marker {
    display: grid;
    place-items: center;
    inline-size: 18px;
    block-size: 18px;
    border: 1px solid var(--_control-border);
    border-radius: 50%;
    color: var(--_fg-2);
  }
  .marker.tick {
    border-radius: 4px;
  }
  .marker > * {
    grid-area: 1 / 1;
  }
  .marker kbd {
    font: 11px / 1 var(--_mono);
  }
  .marker .icon {
    inline-size: 12px;
    block-size: 12px;
    visibility: hidden;
  }
  .choice input:checked + .marker {
    border-color: var(--_primary);
    background: var(--_primary);
    color: var(--_on-primary);
  }
  .choice input:checked + .marker .icon {
    visibility: visible;
  }
  .choice input:checked + .marker kbd {
    visibility: hidden;
  }
  @media (hover: none) {
    .marker kbd {
      visibility: hidden;
    }
  }
  .scope {
    display: grid;
    gap: 4px;
    padding: 8px 12px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius-s);
    background: var(--_bg);
  }
  .scope > div {
    display: grid;
    grid-template-columns: fit-content(40%) minmax(0, 1fr);
    gap: 12px;
  }
  .scope dt {
    min-inline-size: 6em;
    overflow-wrap: anywhere;
    color: var(--_fg-2);
  }
  .scope dd {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .request summary {
    color: var(--_fg-2);
    font-size: var(--_size-s);
    cursor: pointer;
  }
  .request .json {
    margin-block-start: 6px;
    padding: 8px 12px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius-s);
    background: var(--_bg);
    max-block-size: 200px;
  }
  @media (forced-colors: active) {
    .content-input[data-drop] {
      outline-color: Highlight;
    }
    .choice:hover,
    .choice:has(input:checked) {
      border-color: Highlight;
    }
    .choice input:checked + .marker {
      forced-color-adjust: none;
      border-color: Highlight;
      background: Highlight;
      color: HighlightText;
    }
  }
`;

/** What was typed and is shown to be read or copied. */
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
export const questionStyles = [card, formStyles, answers, unsentStyles];
