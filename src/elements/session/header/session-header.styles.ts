import { css } from 'lit';

/**
 * Styles of the header and the tabs. Three layouts: two lines and the tabs; where the session is narrow, the status and
 * the main button join the second line, so that the title has the first; where the panel is short, all in one line.
 */
export const headerStyles = css`
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
  h3:has(.rename) {
    margin-inline-start: -5px;
  }
  .rename {
    display: block;
    max-inline-size: 100%;
    overflow: hidden;
    padding: 1px 5px;
    border: 0;
    border-radius: var(--_radius-s);
    background: none;
    font: inherit;
    text-align: start;
    text-overflow: ellipsis;
    white-space: inherit;
    cursor: text;
  }
  .rename:hover {
    background: var(--_surface);
  }
  .rename:focus-visible {
    outline-offset: -2px;
  }
  .badge {
    flex: none;
  }
  .buttons {
    display: flex;
    flex: none;
    gap: 4px;
    align-items: center;
    margin-inline-start: auto;
  }
  .buttons > .button {
    margin-inline-end: 4px;
  }
  .menu {
    display: inline-flex;
  }
  .look-back[aria-pressed='true'] {
    background: var(--_accent-soft);
    color: var(--_accent);
  }
  .busy {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    color: var(--_fg-2);
    font-size: var(--_size-s);
    white-space: nowrap;
  }
  .meta {
    display: flex;
    flex-wrap: wrap;
    gap: 0 14px;
    align-items: baseline;
    margin-block-start: 2px;
    color: var(--_fg-2);
    font-size: var(--_size-s);
    font-variant-numeric: tabular-nums;
  }
  .meta > * {
    unicode-bidi: plaintext;
  }
  .meta .graph {
    max-inline-size: 24em;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .linked {
    max-inline-size: 24em;
    overflow: hidden;
    padding: 0;
    border: 0;
    background: none;
    color: var(--_fg-2);
    font: inherit;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  button.linked {
    text-decoration: underline;
    text-decoration-color: var(--_border);
    text-underline-offset: 2px;
    cursor: pointer;
  }
  button.linked:hover {
    color: var(--_fg);
  }
  .menu-button.has-text .icon {
    inline-size: 12px;
    block-size: 12px;
    transform: rotate(90deg);
  }
  .id {
    display: inline-flex;
    gap: 2px;
    align-items: baseline;
  }
  .id code {
    font: 1em var(--_mono);
  }
  /* Taller than its line, which it must not move. */
  .copy {
    align-self: center;
    inline-size: 24px;
    block-size: 24px;
    margin-block: -4px;
  }
  .copy .icon {
    inline-size: 14px;
    block-size: 14px;
  }
  .failed-text {
    color: var(--_failed);
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
    white-space: nowrap;
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
  /* Only the script moves the focus there: a ring would look like a control. */
  h3:focus {
    outline: none;
  }

  @container session-view (width < 560px) {
    header {
      display: flex;
      flex-wrap: wrap;
      gap: 0 8px;
      align-items: center;
      padding: 8px 14px 2px;
    }
    .line,
    .buttons {
      display: contents;
    }
    h3 {
      flex: 1;
      min-block-size: 28px;
      line-height: 28px;
    }
    .rename {
      padding-block: 0;
    }
    /* Ends the first line. */
    header::after {
      content: '';
      order: 1;
      inline-size: 100%;
    }
    .badge {
      order: 2;
    }
    /* What finds no place wraps into a line that is not shown: the least important is last. */
    .meta {
      order: 3;
      flex: 1;
      block-size: 1.45em;
      min-inline-size: 0;
      margin: 0;
      overflow: clip;
    }
    .duration {
      order: -1;
    }
    time {
      order: 1;
    }
    .id {
      display: none;
    }
    .buttons > .button,
    .buttons > .with-text,
    .busy {
      order: 4;
      margin: 0;
    }
    .tabs {
      padding-inline: 6px;
    }
  }
  @container session-view (width < 300px) {
    .tabs {
      gap: 0;
    }
    .tab {
      padding-inline: 6px;
    }
    .tab .count {
      display: none;
    }
  }
  @container sessions-panel (width < 560px) {
    .back {
      display: inline-grid;
    }
  }

  @container sessions-panel (height < 340px) {
    .top {
      display: grid;
      grid-template-columns:
        auto minmax(0, max-content) auto auto
        minmax(0, 1fr) auto auto;
      align-items: center;
      border-block-end: 1px solid var(--_border);
    }
    header {
      display: grid;
      grid-area: 1 / 1 / 2 / -1;
      grid-template-columns: subgrid;
      column-gap: 8px;
      align-items: center;
      min-block-size: 32px;
      padding: 0 8px 0 14px;
    }
    header::after {
      display: none;
    }
    .line {
      display: contents;
    }
    .back {
      grid-area: 1 / 1;
    }
    h3 {
      grid-area: 1 / 2;
      min-block-size: 0;
      font-size: 1em;
      line-height: 1.45;
    }
    .badge {
      grid-area: 1 / 3;
    }
    .meta {
      grid-area: 1 / 4;
      flex-wrap: nowrap;
      margin: 0;
      white-space: nowrap;
    }
    .meta > :not(.duration),
    .buttons > .button,
    .buttons > .with-text {
      display: none;
    }
    .buttons {
      display: flex;
      grid-area: 1 / 7;
      gap: 0;
    }
    .tabs {
      grid-area: 1 / 6;
      gap: 0;
      padding: 0;
      border: 0;
    }
    .tab {
      min-block-size: 32px;
      padding-block: 0;
    }
    .notes {
      grid-area: 2 / 1 / 3 / -1;
    }
    /* One line is too short for both; for the player, there is its key and the tab “Timeline”. */
    @container session-view (width < 600px) {
      .look-back {
        display: none;
      }
      .tabs {
        grid-area: 2 / 1 / 3 / -1;
        padding-inline: 6px;
      }
      .tab {
        min-block-size: 28px;
      }
      .notes {
        grid-row: 3 / 4;
      }
    }
    @container session-view (width < 400px) {
      .meta {
        display: none;
      }
    }
  }

  @media (forced-colors: active) {
    .tab:hover,
    .rename:hover {
      text-decoration: underline;
    }
    .tab[aria-selected='true']::after {
      background: Highlight;
    }
  }
`;
