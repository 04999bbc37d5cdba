import { css } from 'lit';

/** Styles of the activity of a session. */
export const activityStyles = css`
  :host {
    position: relative;
    display: flex;
    flex: 1;
    min-inline-size: 0;
    min-block-size: 0;
  }
  .scroller {
    flex: 1;
    min-inline-size: 0;
    overflow-y: auto;
    /* FollowEnd sets the position; the browser's own scroll anchoring would interfere. */
    overflow-anchor: none;
  }
  /* Text stays in place while someone reads it, even when nodes above it grow or are laid out. */
  .scroller.is-read {
    overflow-anchor: auto;
  }
  .scroller:focus-visible {
    outline-offset: -2px;
  }
  .activity {
    padding: 16px 18px;
  }
  /* Steps of a node stand below its title. */
  sessions-panel-node[data-depth='1'] {
    margin-inline-start: 27px;
  }
  sessions-panel-node[data-depth='2'] {
    margin-inline-start: 54px;
  }
  sessions-panel-node[data-depth='3'] {
    margin-inline-start: 81px;
  }
  .quiet {
    margin: 0;
    color: var(--_fg-2);
  }
  .latest {
    inset-block-end: 10px;
  }
  .finished b {
    color: var(--_accent);
    font-weight: 600;
  }

  .section {
    margin: 0 0 8px;
    color: var(--_fg-2);
    font-size: var(--_size-s);
    font-weight: 600;
  }
  .result {
    display: grid;
    gap: 8px;
    margin-block-end: 20px;
  }
  .result > * {
    margin: 0;
    min-inline-size: 0;
  }
  .coming {
    display: grid;
    grid-template-columns: 16px 1fr;
    gap: 11px;
    align-items: center;
    margin: 0;
    color: var(--_fg-3);
  }
  .coming span {
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .earlier {
    margin-block-end: 16px;
  }
  sessions-panel-node:focus-visible {
    outline-offset: 4px;
    border-radius: var(--_radius-s);
  }
  sessions-panel-node {
    scroll-margin-block-start: 10px;
  }
  /* The target node, even if it got the focus by the pointer. */
  sessions-panel-node[data-target]::after {
    content: '';
    position: absolute;
    z-index: -1;
    inset: -6px -6px 8px;
    border-radius: var(--_radius-s);
    background: var(--_accent-soft);
    outline: 1px solid var(--_selection-line);
    outline-offset: -1px;
  }
  @media (forced-colors: active) {
    sessions-panel-node[data-target]::after {
      border: 2px solid Highlight;
    }
  }

  @container sessions-panel (width < 560px) {
    .activity {
      padding-inline: 14px;
    }
  }
`;
