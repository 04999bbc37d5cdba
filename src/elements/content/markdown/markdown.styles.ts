import { css } from 'lit';

/** Styles of `renderMarkdown`. The text is one among others, so headings are hardly larger than it. */
export const markdownStyles = css`
  .markdown {
    min-inline-size: 0;
    white-space: normal;
    overflow-wrap: anywhere;
  }
  .markdown > *,
  .markdown blockquote > *,
  .markdown li > * {
    margin-block: 0;
  }
  .markdown > * + *,
  .markdown blockquote > * + *,
  .markdown li > p + * {
    margin-block-start: 0.6em;
  }
  .markdown .unformatted,
  .markdown .source {
    white-space: pre-wrap;
  }
  .markdown .is-left {
    text-align: left;
  }
  .markdown .is-center {
    text-align: center;
  }
  .markdown .is-right {
    text-align: right;
  }
  .markdown .target {
    direction: ltr;
    unicode-bidi: isolate;
    color: var(--_fg-2);
  }
  .markdown .heading {
    font-size: 1.1em;
    font-weight: 620;
    line-height: 1.35;
  }
  .markdown .heading.small {
    font-size: 1em;
  }
  .markdown > * + .heading {
    margin-block-start: 0.95em;
  }
  .markdown ul,
  .markdown ol {
    padding-inline-start: 1.5em;
  }
  .markdown li + li {
    margin-block-start: 0.2em;
  }
  .markdown li::marker {
    color: var(--_fg-3);
  }
  .markdown .is-long {
    padding-inline-start: 0;
    list-style-position: inside;
  }
  .markdown ul > .task {
    list-style: none;
  }
  .markdown input[type='checkbox'] {
    inline-size: 13px;
    block-size: 13px;
    margin: 0;
    margin-inline-end: 0.5em;
    vertical-align: -2px;
    accent-color: var(--_accent);
  }
  .markdown ul > .task > input,
  .markdown ul > .task > p:first-child > input {
    margin-inline: -1.4em calc(1.4em - 13px);
  }
  .markdown sup {
    font-size: 0.8em;
    line-height: 1;
  }
  .markdown img {
    max-inline-size: 100%;
    max-block-size: 360px;
    border-radius: var(--_radius-s);
    vertical-align: bottom;
  }
  .markdown .formula {
    direction: ltr;
    unicode-bidi: isolate;
    text-align: left;
    white-space: pre-wrap;
    font: 0.923em var(--_mono);
  }
  .markdown :is(.about, .definition) {
    color: var(--_fg-2);
    font-size: var(--_size-s);
    white-space: pre-wrap;
  }
  .markdown div.about {
    display: flex;
    gap: 4px;
    align-items: center;
    white-space: normal;
  }
  .markdown .about + pre {
    margin-block-start: 0;
  }
  /* Lines of text that are easy to read; code and tables take what they need. */
  .markdown > :not(pre, .table, div) {
    max-inline-size: 76ch;
  }
  .markdown blockquote {
    margin-inline: 0;
    padding-inline-start: 0.8em;
    border-inline-start: 2px solid var(--_border);
    color: var(--_fg-2);
  }
  .markdown .alert {
    border-color: var(--_accent);
    color: inherit;
  }
  .markdown .alert.is-warning {
    border-color: var(--_ask);
  }
  .markdown .alert.is-caution {
    border-color: var(--_failed);
  }
  .markdown .alert-name {
    font-weight: 600;
  }
  .markdown .alert-name + p {
    margin-block-start: 0;
  }
  .markdown code {
    padding: 0.1em 0.3em;
    border-radius: 4px;
    background: var(--_sunken);
    font: 0.923em var(--_mono);
  }
  .markdown :is(pre, code) {
    direction: ltr;
    unicode-bidi: isolate;
    text-align: left;
  }
  .markdown pre {
    overflow: auto;
    padding: 8px 10px;
    border-radius: var(--_radius-s);
    background: var(--_sunken);
    font: var(--_size-s) / 1.5 var(--_mono);
    tab-size: 2;
    white-space: var(--_code-wrap, pre);
  }
  @media (forced-colors: active) {
    .markdown pre {
      border: 1px solid GrayText;
    }
  }
  .markdown pre code {
    padding: 0;
    background: none;
    font: inherit;
  }
  .markdown hr {
    border: 0;
    border-block-start: 1px solid var(--_border);
  }
  .markdown .table {
    overflow-x: auto;
  }
  .markdown table {
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  .markdown th,
  .markdown td {
    padding-block: 3px;
    padding-inline: 0 12px;
    border-block-end: 1px solid var(--_border);
    text-align: start;
    vertical-align: top;
    overflow-wrap: normal;
  }
  .markdown th {
    font-weight: 600;
  }
  .markdown a {
    color: var(--_accent);
  }
`;
