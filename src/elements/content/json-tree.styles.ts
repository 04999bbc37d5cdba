import { css } from 'lit';

/** Styles of a JSON tree. */
export const jsonTreeStyles = css`
  :host {
    position: relative;
    /* JSON runs from left to right in any language. */
    direction: ltr;
    text-align: start;
  }
  .line {
    --indent: calc(var(--depth, 0) * 2ch);
    padding-inline-start: calc(var(--indent) + 4ch);
    text-indent: calc(var(--indent) * -1 - 4ch);
    border-radius: 3px;
    white-space: normal;
    overflow-wrap: anywhere;
  }
  .text {
    white-space: pre-wrap;
  }
  .line.opens {
    cursor: pointer;
  }
  .line.opens:hover {
    background: var(--_sunken);
  }
  .line:focus-visible {
    outline-offset: -2px;
  }
  .twist {
    display: inline-block;
    inline-size: 2ch;
    text-indent: 0;
  }
  .opens .twist::before {
    content: '';
    display: inline-block;
    inline-size: 0.45em;
    block-size: 0.45em;
    margin-inline-start: 0.1em;
    vertical-align: 0.12em;
    border: solid var(--_fg-2);
    border-width: 0 1.5px 1.5px 0;
    transform: rotate(-45deg);
  }
  .opens[aria-expanded='true'] .twist::before {
    vertical-align: 0.25em;
    transform: rotate(45deg);
  }
  /* The direction of a text must not affect the line around it. */
  .key,
  .value {
    unicode-bidi: isolate;
  }
  .key {
    color: var(--_fg);
  }
  .string {
    color: var(--_completed);
  }
  .number {
    color: var(--_running);
  }
  .literal {
    color: var(--_ask);
  }
  .bracket,
  .end {
    color: var(--_fg-2);
  }
  .count,
  .range {
    color: var(--_fg-3);
    /* Copied lines are JSON: they do not contain notes. */
    -webkit-user-select: none;
    user-select: none;
  }
  .count {
    padding-inline: 0.5ch;
    font-style: italic;
  }
  .copy {
    position: sticky;
    inset-block-start: 0;
    z-index: 1;
    float: right;
    inline-size: 24px;
    block-size: 24px;
    background: var(--_bg);
    border-color: var(--_border);
    opacity: 0;
  }
  :host(:hover) .copy,
  :host(:focus-within) .copy,
  .copy.is-done {
    opacity: 1;
  }
  .failed {
    display: block;
    color: var(--_failed);
    font-family: var(--_font);
  }
  @media (hover: none) {
    .copy {
      opacity: 0.85;
    }
  }
`;
