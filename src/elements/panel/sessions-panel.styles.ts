import { css } from 'lit';

/** Styles of the panel: the toolbar, and the list next to the session or covered by it. */
export const panelStyles = css`
  :host {
    position: relative;
    block-size: var(--sessions-panel-height, 100%);
    min-block-size: 180px;
    max-block-size: var(--sessions-panel-max-height, 100dvh);
    background: var(--_bg);
    container-type: size;
    /* Where the page gives no height: the panel must not grow with its list. */
    contain-intrinsic-block-size: 480px;
  }
  .panel {
    display: flex;
    flex-direction: column;
    /* A height of 100% would be that of the content, where the page gives no height. */
    position: absolute;
    inset: 0;
    min-block-size: inherit;
    max-block-size: inherit;
    overflow: clip;
    /* Elements inside find no container that is the host of a shadow tree above theirs (WebKit). */
    container: sessions-panel / size;
  }
  .toolbar {
    display: flex;
    flex: none;
    gap: 10px;
    align-items: center;
    /* In a drawer, its button is the title and stands before the rest. */
    min-block-size: var(--_drawer-bar, 49px);
    padding: var(--_drawer-padding, 8px) 14px;
    padding-inline-start: calc(var(--_drawer-inset, 8px) + 6px);
    border-block-end: 1px solid var(--_border);
  }
  .toolbar h2 {
    display: var(--_drawer-title, block);
    flex: none;
    margin: 0;
    font-size: 1em;
    font-weight: 650;
  }
  .connection {
    display: inline-flex;
    gap: 6px;
    align-items: center;
    min-inline-size: 0;
    color: var(--_fg-2);
    font-size: var(--_size-s);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  /* If the host's buttons leave no room, the text shrinks, not the retry button. */
  .connection-text {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .connection .link {
    flex: none;
  }
  .dot {
    flex: none;
    inline-size: 8px;
    block-size: 8px;
    border: 1.5px solid var(--_dot);
    border-radius: 50%;
    background: var(--_dot);
  }
  .ok {
    --_dot: var(--_completed);
  }
  .busy {
    --_dot: var(--_running);
  }
  .warn {
    --_dot: var(--_ask);
  }
  .bad {
    --_dot: var(--_failed);
  }
  .off {
    --_dot: var(--_cancelled);
  }
  /* A lost connection is drawn as a ring, so that colour is not the only difference. */
  .bad .dot,
  .off .dot,
  .busy .dot {
    background: none;
  }
  .tools {
    display: flex;
    flex: none;
    gap: 8px;
    align-items: center;
    margin-inline-start: auto;
  }

  .inbox-button {
    min-block-size: 26px;
    background: var(--_ask-soft);
    font-weight: 600;
  }
  .inbox-button[aria-pressed='true'] {
    border-color: var(--_ask);
  }

  .in-short {
    display: none;
    gap: 5px;
    align-items: center;
  }
  /* While the list is not live, its state and the button to retry are more important than words that one knows. */
  @container sessions-panel (width < 560px) {
    .toolbar.can-retry {
      gap: 6px;
      padding-inline: 8px;
    }
    .toolbar.can-retry :is(h2, .in-words, .between) {
      display: none;
    }
    .toolbar.can-retry .in-short {
      display: inline-flex;
    }
  }

  .bell[aria-disabled='true'] {
    opacity: 0.5;
  }

  .body {
    position: relative;
    display: grid;
    flex: 1;
    grid-template-columns:
      clamp(240px, var(--_list-inline-size, clamp(300px, 33%, 360px)), 100% - 300px)
      minmax(0, 1fr);
    grid-template-rows: minmax(0, 1fr);
    min-block-size: 0;
    /* Not hidden: that would scroll to the focused element, and there would be no way to scroll back. */
    overflow: clip;
  }
  .side {
    position: relative;
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    min-inline-size: 0;
    border-inline-end: 1px solid var(--_border);
    container: side / inline-size;
  }
  .splitter {
    position: absolute;
    inset-block: 0;
    inset-inline-end: -4px;
    z-index: 2;
    inline-size: 7px;
    cursor: col-resize;
    touch-action: none;
  }
  .splitter:hover,
  .splitter:focus-visible {
    background: linear-gradient(var(--_accent), var(--_accent)) center / 2px 100% no-repeat;
    outline: none;
  }
  /* With nothing to open, the list needs no session next to it. */
  .body:not(.has-session, .shows-file):has(sessions-panel-list[empty]) {
    grid-template-columns: minmax(0, 1fr);
  }
  .body:not(.has-session, .shows-file):has(sessions-panel-list[empty]) :is(.splitter, sessions-panel-view) {
    display: none;
  }
  .body:not(.has-session, .shows-file):has(sessions-panel-list[empty]) .side {
    border: 0;
  }
  .side[data-drop] {
    outline: 2px dashed var(--_accent);
    outline-offset: -3px;
  }
  sessions-panel-list {
    flex: 1;
  }
  /* In a file, nothing is running. */
  .shows-file sessions-panel-view {
    --_sweep-time: 0s;
  }
  sessions-panel-inbox {
    position: absolute;
    inset: 0;
    z-index: 2;
  }
  /* Covered, but not removed: the list stays as it was, with its scroll position. */
  .has-inbox .side,
  .has-inbox sessions-panel-view {
    visibility: hidden !important;
  }

  @container sessions-panel (width < 560px) {
    .body {
      grid-template-columns: minmax(0, 1fr);
    }
    .side {
      border: 0;
    }
    .splitter {
      display: none;
    }
    sessions-panel-view {
      position: absolute;
      inset: 0;
      z-index: 1;
      translate: 100%;
      visibility: hidden;
      transition:
        translate 0.18s ease-out,
        visibility 0s 0.18s;
    }
    sessions-panel-view:dir(rtl) {
      translate: -100%;
    }
    .shows-session sessions-panel-view {
      translate: 0;
      visibility: visible;
      transition: translate 0.18s ease-out;
    }
    /* Covered by the session, so hidden from Tab and screen readers. */
    .shows-session .side {
      visibility: hidden;
      transition: visibility 0s 0.18s;
    }
  }
  /* Search and chips in the toolbar of a short panel: the search is an icon until it is used. */
  .filters {
    display: flex;
    /* Chips scroll: the state of the connection is shown whole. */
    flex: 0 99 auto;
    gap: 6px;
    align-items: center;
    min-inline-size: 0;
  }
  .filters .finder {
    flex: 0 1 auto;
    flex-wrap: nowrap;
    min-inline-size: 0;
    padding: 0;
  }
  .filters .search {
    flex: none;
    inline-size: 30px;
    margin: 0;
    padding: 0;
  }
  .filters .search .input {
    block-size: 28px;
    padding-block: 2px;
  }
  .filters .search:focus-within,
  .filters .search:has(input:not(:placeholder-shown)) {
    inline-size: 170px;
  }
  .filters .search:not(:focus-within) input:placeholder-shown {
    padding-inline-end: 0;
    border-color: transparent;
    background: none;
    cursor: pointer;
  }
  .filters .search:not(:focus-within) input::placeholder {
    color: transparent;
  }
  .filters .chips {
    flex: 0 1 auto;
    flex-wrap: nowrap;
    min-inline-size: 0;
    margin: 0;
    padding: 3px;
    overflow-x: auto;
    scrollbar-width: none;
  }
  .toolbar:has(+ .has-inbox) .filters {
    display: none;
  }
  @container sessions-panel (height < 340px) {
    .toolbar {
      min-block-size: 40px;
      padding-block: 4px;
    }
    .body {
      --_is-short: 1;
    }
    @container sessions-panel (width < 560px) {
      .toolbar {
        flex-wrap: wrap;
        row-gap: 0;
      }
      .filters {
        order: 1;
        inline-size: 100%;
      }
      .toolbar:has(+ .shows-session) .filters {
        display: none;
      }
    }
  }
  @media (prefers-reduced-motion: reduce) {
    sessions-panel-view,
    .side {
      transition: none !important;
    }
  }
  @media (forced-colors: active) {
    .dot {
      forced-color-adjust: none;
    }
  }
`;
