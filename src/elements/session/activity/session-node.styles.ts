import { css } from 'lit';

/** Styles of a node in the activity of a session. */
export const nodeStyles = css`
  :host {
    position: relative;
    padding-block-end: 18px;
    /* Only nodes in view are laid out: all nodes together can be many screens high. */
    content-visibility: auto;
    contain-intrinsic-block-size: auto 400px;
    overflow-clip-margin: 6px;
  }
  /* The line that joins the nodes; the last node has none. */
  :host::before {
    content: '';
    position: absolute;
    inset-block: 24px 2px;
    inset-inline-start: 7.5px;
    inline-size: 1px;
    background: var(--_border);
  }
  :host([data-last])::before {
    display: none;
  }
  .head {
    display: grid;
    grid-template-columns: 16px auto 1fr auto;
    gap: 0 11px;
    align-items: center;
    min-block-size: 20px;
  }
  h4 {
    display: -webkit-box;
    margin: 0;
    overflow: hidden;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    font-size: 1em;
    font-weight: 600;
  }
  .end {
    display: flex;
    grid-column: 4;
    gap: 10px;
    align-items: center;
  }
  .time {
    color: var(--_fg-3);
    font-size: var(--_size-s);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
    unicode-bidi: plaintext;
  }
  .reused,
  .origin {
    color: var(--_fg-2);
    font-size: var(--_size-s);
    white-space: nowrap;
  }
  .reused {
    display: flex;
    flex-wrap: wrap;
    gap: 0 8px;
    min-inline-size: 0;
  }
  .origin {
    padding: 0;
    border: 0;
    background: none;
    font-family: inherit;
    text-decoration: underline;
    text-decoration-color: var(--_border);
    text-underline-offset: 2px;
    cursor: pointer;
  }
  .origin:hover {
    color: var(--_fg);
  }
  .link {
    opacity: 0;
  }
  /* Taller than its line, which it must not move. */
  .link > .icon-button {
    inline-size: 24px;
    block-size: 24px;
    margin-block: -4px;
  }
  :host(:hover) .link,
  :host(:focus-within) .link {
    opacity: 1;
  }
  @media (pointer: coarse) {
    .link {
      opacity: 1;
    }
  }
  .answer-button {
    min-block-size: 24px;
    margin-block: -2px;
    padding-block: 1px;
  }
  .time.is-waiting {
    color: var(--_ask);
  }
  /* Next to it, a short title would be broken; the button says that the node waits. */
  @container sessions-panel (width < 320px) {
    .time.is-waiting {
      display: none;
    }
  }
  .attempt {
    color: var(--_fg-3);
    font-size: var(--_size-s);
  }
  .body {
    display: grid;
    gap: 6px;
    margin-inline-start: 27px;
    min-inline-size: 0;
  }
  /* About the height it will have, so that not all nodes are in view until then. */
  .body.is-due {
    min-block-size: 340px;
  }
  .body > * {
    margin: 0;
    min-inline-size: 0;
  }
  .body > :first-child {
    margin-block-start: 4px;
  }
  .thought > p,
  .quiet > p {
    margin: 0;
  }
  .thought,
  .quiet,
  .given {
    max-inline-size: 76ch;
  }
  .thought,
  .quiet {
    margin: 0;
    color: var(--_fg-2);
    overflow-wrap: anywhere;
  }
  .quiet {
    font-size: var(--_size-s);
  }
  .error {
    padding: 8px 12px;
    border: 1px solid var(--_failed-border);
    border-radius: var(--_radius);
    background: var(--_failed-soft);
    color: var(--_failed);
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .answer p {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .given time,
  .given .caption {
    margin-inline-start: 6px;
    white-space: nowrap;
  }
  .chip {
    display: inline-block;
    margin-inline-end: 2px;
    padding: 0 8px;
    border: 1px solid var(--_ask-border);
    border-radius: 99px;
    background: var(--_ask-soft);
  }
  .answer-content {
    display: grid;
    gap: 8px;
    margin-block-start: 2px;
    min-inline-size: 0;
  }
  .answer-content.is-cut {
    max-block-size: 6lh;
    overflow: clip;
  }
  /* The button below shows all of it. */
  .answer-content > .content > sessions-panel-text::part(text-more) {
    display: none;
  }
  .answer > .button {
    margin-block-start: 4px;
  }
  .answer-table {
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  .answer-table :is(th, td) {
    padding-block: 2px;
    padding-inline: 0 16px;
    border-block-end: 1px solid var(--_border);
    text-align: start;
    vertical-align: top;
    overflow-wrap: anywhere;
    white-space: pre-line;
  }
  .answer-table th {
    inline-size: 1%;
    min-inline-size: 9em;
    color: var(--_fg-2);
    font-weight: 400;
  }
  .answer {
    padding-inline-start: 10px;
    border-inline-start: 2px solid var(--_ask-border);
  }
  .answer:has(.unanswered) {
    border-inline-start-color: var(--_border);
  }
  .unanswered {
    color: var(--_fg-3);
    font-style: italic;
  }

  summary {
    display: flex;
    align-items: center;
    gap: 6px;
    inline-size: fit-content;
    max-inline-size: 100%;
    margin-inline-start: -3px;
    padding-inline: 3px;
    border-radius: var(--_radius-s);
    color: var(--_fg-2);
    cursor: pointer;
    list-style: none;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  summary:hover {
    color: var(--_fg);
  }
  summary .icon {
    inline-size: 14px;
    block-size: 14px;
    color: var(--_fg-3);
  }
  details[open] > summary .flips,
  details[open] > summary .icon.flips:dir(rtl) {
    transform: rotate(90deg);
  }
  .last {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .counts {
    flex: none;
    unicode-bidi: plaintext;
    color: var(--_fg-3);
    font-size: var(--_size-s);
  }
  .counts:not(:empty)::before {
    content: '· ';
  }
  .counts.is-running {
    color: var(--_running);
  }
  .inside {
    display: grid;
    gap: 6px;
    margin-block: 6px 2px;
    margin-inline: 17px 0;
    min-inline-size: 0;
  }
  @media (forced-colors: active) {
    :host::before {
      background: GrayText;
    }
    summary:hover {
      text-decoration: underline;
    }
  }
  .inside .json {
    padding: 8px 10px;
    border-radius: var(--_radius-s);
    background: var(--_surface);
  }
`;
