import { css } from 'lit';
import { markdownStyles } from './markdown/markdown.styles.js';

/** Styles of `renderContent`. */
export const contentStyles = css`
  ${markdownStyles}
  .content {
    display: grid;
    gap: 8px;
    min-inline-size: 0;
  }
  .content > * {
    margin: 0;
    max-inline-size: 100%;
    min-inline-size: 0;
  }
  .content .text {
    max-inline-size: 76ch;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .code-head {
    display: flex;
    gap: 4px;
    align-items: center;
  }
  .content .is-thought {
    color: var(--_fg-2);
    font-style: italic;
  }
  /* Code and JSON run from left to right on any page. */
  .json,
  .code,
  code,
  kbd {
    direction: ltr;
    unicode-bidi: isolate;
  }
  .json,
  .code {
    text-align: left;
  }
  .json {
    margin: 0;
    max-block-size: 320px;
    overflow: auto;
    font: var(--_size-s) / 1.5 var(--_mono);
    overflow-wrap: anywhere;
    tab-size: 2;
  }
  pre.json {
    white-space: pre-wrap;
  }
  pre.code {
    white-space: var(--_code-wrap, pre);
  }
  .named {
    display: grid;
    gap: 4px;
  }
  .named code {
    font: var(--_size-s) var(--_mono);
    color: var(--_fg-2);
  }
  .caption {
    color: var(--_fg-3);
    font-size: var(--_size-s);
  }
  .file-text {
    padding-inline-start: 8px;
    border-inline-start: 2px solid var(--_border);
  }
  .file-text > * {
    margin: 0;
  }
  .named > img,
  .named > video {
    justify-self: start;
    max-inline-size: 100%;
  }
  .content img,
  .content video {
    display: block;
    max-block-size: 360px;
    border-radius: var(--_radius-s);
    background: var(--_sunken);
  }
  .content audio {
    inline-size: min(100%, 420px);
  }
  .page {
    display: block;
    position: relative;
    overflow: hidden;
    block-size: 280px;
    border: 1px solid light-dark(var(--_border), transparent);
    border-radius: var(--_radius-s);
    background: #fff padding-box;
  }
  .page iframe {
    display: block;
    inline-size: 100%;
    block-size: 100%;
    border: 0;
    color-scheme: light;
  }
  /* Pages are made for a white background, which is too bright next to a dark panel. */
  .page::after {
    content: '';
    position: absolute;
    inset: 0;
    background: light-dark(transparent, rgb(20 24 34 / 0.16));
    pointer-events: none;
  }
  .file {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 8px;
  }
  .file-name {
    overflow-wrap: anywhere;
  }
  .content a {
    color: var(--_accent);
  }
`;
