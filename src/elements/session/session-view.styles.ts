import { css } from 'lit';

/** Styles of the watched session. */
export const viewStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    min-inline-size: 0;
    background: var(--_bg);
    container: session-view / inline-size;
    /* Scrolls only if it is too short for the minimum height of its parts. */
    overflow-y: auto;
    overscroll-behavior: contain;
    scroll-padding-block-end: min(70%, 148px);
  }
  header {
    flex: none;
    padding: 12px 18px 4px;
  }
  .line {
    display: flex;
    align-items: center;
    gap: 10px;
    min-block-size: 28px;
  }
  .back {
    display: none;
    margin-inline: -8px -4px;
  }
  h3 {
    min-inline-size: 3em;
    margin: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    font-size: 1.23em;
    font-weight: 620;
    line-height: 1.3;
    white-space: nowrap;
    outline: none;
  }
  .buttons {
    display: flex;
    flex: none;
    gap: 8px;
    align-items: center;
    margin-inline-start: auto;
  }
  .icons {
    display: inline-flex;
    gap: 2px;
  }
  .busy {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    color: var(--_fg-2);
    font-size: var(--_size-s);
  }
  .meta {
    display: flex;
    flex-wrap: wrap;
    gap: 0 14px;
    align-items: center;
    margin-block-start: 2px;
    color: var(--_fg-2);
    font-size: var(--_size-s);
    font-variant-numeric: tabular-nums;
  }
  .meta > * {
    unicode-bidi: plaintext;
  }
  .id {
    display: inline-flex;
    gap: 2px;
    align-items: center;
  }
  .id code {
    font: 1em var(--_mono);
  }
  .copy {
    inline-size: 24px;
    block-size: 24px;
  }
  .copy .icon {
    inline-size: 14px;
    block-size: 14px;
  }
  .failed-text {
    color: var(--_failed);
  }

  .note,
  .replay {
    margin: 10px 18px 4px;
  }
  .replay {
    display: flex;
    flex: none;
    gap: 12px;
    align-items: center;
    font-size: var(--_size-s);
    color: var(--_fg-2);
  }
  .closed {
    display: grid;
    flex: none;
  }
  .closed-note p {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 4;
  }
  .closed-note {
    align-items: start;
  }
  .closed-text {
    display: grid;
    flex: 1;
    gap: 8px;
    min-inline-size: 0;
  }
  .closed-buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .closed-buttons:not(:has(*)) {
    display: none;
  }
  .closed-note {
    margin-block-end: 10px;
  }
  .replay span {
    flex: none;
    font-variant-numeric: tabular-nums;
  }
  progress {
    flex: 1;
    appearance: none;
    block-size: 4px;
    border: 0;
    border-radius: 4px;
    background: var(--_sunken);
    overflow: hidden;
  }
  progress::-webkit-progress-bar {
    background: var(--_sunken);
  }
  progress::-webkit-progress-value {
    background: var(--_accent);
  }
  progress::-moz-progress-bar {
    background: var(--_accent);
  }

  .tabs {
    display: flex;
    flex: none;
    gap: 4px;
    padding-inline: 10px;
    border-block-end: 1px solid var(--_border);
  }
  .tab {
    position: relative;
    min-block-size: 34px;
    padding: 4px 8px;
    border: 0;
    border-radius: var(--_radius-s);
    background: none;
    color: var(--_fg-2);
    font-size: var(--_size);
    cursor: pointer;
  }
  .tab:hover,
  .tab[aria-selected='true'] {
    color: var(--_fg);
  }
  .tab[aria-selected='true'] {
    font-weight: 600;
  }
  .tab[aria-selected='true']::after {
    content: '';
    position: absolute;
    inset-inline: 8px;
    inset-block-end: -1px;
    block-size: 2px;
    border-radius: 2px 2px 0 0;
    background: var(--_accent);
  }
  .tab:focus-visible {
    outline-offset: -3px;
  }
  .tab .count {
    margin-inline-start: 3px;
    color: var(--_fg-3);
    font-size: var(--_size-s);
    font-weight: 400;
    font-variant-numeric: tabular-nums;
  }
  @media (forced-colors: active) {
    progress {
      forced-color-adjust: none;
      block-size: 8px;
      border: 1px solid CanvasText;
    }
    progress::-webkit-progress-value {
      background: Highlight;
    }
    progress::-moz-progress-bar {
      background: Highlight;
    }
    .tab:hover {
      text-decoration: underline;
    }
    .tab[aria-selected='true']::after {
      background: Highlight;
    }
  }

  .middle {
    position: relative;
    display: flex;
    flex: 1 0 0;
    min-block-size: 96px;
    overflow: clip;
  }
  .middle:has(sessions-panel-timeline) {
    min-block-size: 130px;
  }
  .middle:has(sessions-panel-events) {
    min-block-size: 200px;
  }
  /* If not everything fits, the content of the tab continues below the tabs. */
  .questions {
    position: sticky;
    inset-block-end: 0;
    z-index: 2;
    display: grid;
    flex: 0 1 auto;
    gap: 10px;
    min-block-size: min(70%, 148px);
    max-block-size: 70%;
    overflow-y: auto;
    /* A focused field is never behind the buttons of its card. */
    scroll-padding-block-end: 60px;
    padding: 4px 18px 0;
    background: var(--_bg);
  }
  /* Not a padding of the scroller, which would lift the buttons of a card that is cut. */
  .questions > :last-child {
    margin-block-end: 10px;
  }

  /* Takes no space: what is below does not move when it comes and goes. */
  .strip {
    position: relative;
    z-index: 3;
    flex: none;
    block-size: 0;
  }
  .strip .note {
    position: absolute;
    inset-block-start: 4px;
    inset-inline: 10px;
    margin: 0;
    padding-block: 3px;
    min-block-size: 32px;
    box-shadow: 0 2px 8px rgb(0 0 0 / 0.16);
    background: color-mix(in srgb, var(--_ask) 8%, var(--_bg));
    border-color: var(--_ask-border);
    color: var(--_fg);
  }
  .strip .note p {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .strip .note .button {
    min-block-size: 24px;
  }
  /* Next to the tabs, where there is room. */
  @container session-view (width >= 900px) {
    .strip .note {
      inset-block: auto 1px;
      inset-inline: 300px 18px;
      box-shadow: none;
    }
    .strip .note p {
      -webkit-line-clamp: 1;
    }
  }
  .outcome {
    gap: 8px;
  }
  .outcome p {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .outcome .steps {
    display: flex;
    flex: none;
    align-items: center;
    font-variant-numeric: tabular-nums;
  }
  .handover {
    margin: 0;
    padding: 5px 18px 7px;
    color: var(--_fg-2);
    line-height: 16px;
  }
  /* Only the script moves the focus there: a ring would look like a control. */
  .handover:focus,
  .closed-note:focus,
  h3:focus {
    outline: none;
  }

  /* Also next to the list: the title comes before the buttons. */
  @container session-view (width < 560px) {
    .line {
      flex-wrap: wrap;
      gap: 2px 10px;
    }
    h3 {
      flex: 1 1 8em;
    }
    .buttons {
      flex-wrap: wrap;
      inline-size: 100%;
      order: 2;
      margin-block: 2px;
    }
  }
  /* The filter then takes two lines. */
  @container session-view (width < 620px) {
    .middle:has(sessions-panel-events) {
      min-block-size: 232px;
    }
  }
  @container sessions-panel (width < 560px) {
    .back {
      display: inline-grid;
    }
    header {
      padding: 8px 14px 4px;
      display: flex;
      flex-wrap: wrap;
      gap: 2px 8px;
      align-items: center;
    }
    .line {
      display: contents;
    }
    h3 {
      flex: 1;
    }
    .meta {
      order: 1;
      inline-size: 100%;
      margin: 0;
    }
    .buttons {
      order: 2;
      inline-size: 100%;
      margin-block-start: 5px;
    }
    .questions {
      padding-inline: 14px;
    }
    .tabs {
      padding-inline: 10px;
    }
    .note,
    .replay {
      margin-inline: 14px;
    }
  }
`;
