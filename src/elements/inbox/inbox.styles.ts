import { css } from 'lit';

/** Styles of the inbox: the queue at the place of the list, the card at the place of the session. */
export const inboxStyles = css`
  :host {
    display: grid;
    grid-template-columns: clamp(300px, 33%, 360px) minmax(0, 1fr);
    grid-template-rows: minmax(0, 1fr);
    min-block-size: 0;
    background: var(--_bg);
    container: inbox / size;
  }
  p,
  dl,
  dd,
  ol {
    margin: 0;
    padding: 0;
  }
  .queue {
    min-block-size: 0;
    overflow-y: auto;
    padding: 8px;
    border-inline-end: 1px solid var(--_border);
    overscroll-behavior: contain;
  }
  ol {
    list-style: none;
  }
  .more-rows {
    padding: 4px 10px;
    color: var(--_fg-3);
    font-size: var(--_size-s);
  }
  .row {
    display: grid;
    grid-template-columns: 16px minmax(0, 1fr) auto;
    gap: 0 8px;
    align-items: center;
    inline-size: 100%;
    padding: 5px 10px;
    border: 0;
    border-radius: var(--_radius-s);
    background: none;
    text-align: start;
    cursor: pointer;
  }
  .row:hover {
    background: var(--_surface);
  }
  .row[aria-current]:not(:focus-visible) {
    outline: 1px solid var(--_selection-line);
    outline-offset: -1px;
  }
  .row[aria-current] {
    background: var(--_accent-soft);
  }
  .row[aria-disabled] {
    opacity: 1;
    background: none;
    color: var(--_fg-2);
    cursor: default;
  }
  .row-title,
  .row-detail,
  .next,
  .report-text,
  .title {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .row.open .row-title {
    font-weight: 550;
  }
  .row-time {
    color: var(--_fg-2);
    font-size: var(--_size-s);
    font-variant-numeric: tabular-nums;
  }
  .row-detail {
    grid-column: 2 / -1;
    color: var(--_fg-2);
    font-size: var(--_size-s);
  }
  .row .icon {
    color: var(--_completed);
  }
  .row .status-icon {
    color: var(--_ask);
  }

  .main {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    min-inline-size: 0;
    container: inbox-card / size;
  }
  header {
    display: flex;
    flex: none;
    gap: 8px;
    align-items: center;
    min-block-size: 44px;
    padding: 6px 12px;
    border-block-end: 1px solid var(--_border);
  }
  h3 {
    display: flex;
    flex: 1;
    gap: 0 10px;
    align-items: baseline;
    min-inline-size: 0;
    margin: 0;
    font-size: 1.08em;
    font-weight: 620;
    outline: none;
    white-space: nowrap;
  }
  .position,
  .since {
    flex: none;
    color: var(--_fg-2);
    font-size: var(--_size-s);
    font-variant-numeric: tabular-nums;
    font-weight: 400;
  }
  .since {
    color: var(--_ask);
  }
  header .button {
    flex: none;
  }
  .scroll {
    display: flex;
    flex: 1;
    flex-direction: column;
    gap: 12px;
    min-block-size: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    padding: 14px 18px;
    scroll-padding-block-end: 60px;
  }
  .scroll > * {
    flex: none;
    inline-size: 100%;
    max-inline-size: 860px;
    margin-inline: auto;
  }
  .context {
    display: flex;
    gap: 14px;
    align-items: start;
    justify-content: end;
    font-size: var(--_size-s);
  }
  .context dl {
    display: grid;
    flex: 1;
    grid-template-columns: fit-content(30%) minmax(0, 1fr);
    gap: 2px 14px;
    min-inline-size: 0;
    padding-inline-start: 12px;
    border-inline-start: 3px solid var(--_border);
  }
  .context .link {
    flex: none;
  }
  .context dt {
    overflow: hidden;
    color: var(--_fg-3);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .context dd {
    min-inline-size: 0;
    color: var(--_fg);
    overflow-wrap: anywhere;
  }
  .context dd p {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .loading {
    color: var(--_fg-2);
    font-size: var(--_size-s);
  }
  sessions-panel-question {
    animation: card-in 0.12s ease-out;
  }
  @keyframes card-in {
    from {
      opacity: 0;
      translate: 8px;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    sessions-panel-question {
      animation: none;
    }
  }
  .scroll > .message {
    max-inline-size: 360px;
    margin-block: auto;
  }
  .end-buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    justify-content: center;
  }
  .closed {
    display: grid;
    gap: 12px;
    justify-items: start;
    outline: none;
  }
  .closed-question {
    display: grid;
    gap: 8px;
    inline-size: 100%;
  }

  .reports {
    display: grid;
    flex: none;
    grid-template-columns: minmax(0, 1fr);
  }
  .report {
    display: flex;
    gap: 10px;
    align-items: center;
    min-block-size: 32px;
    padding: 2px 18px;
    border-block-start: 1px solid var(--_border);
    background: var(--_surface);
    font-size: var(--_size-s);
  }
  .report-text {
    flex: 1;
  }
  .report.failed {
    background: var(--_failed-soft);
    color: var(--_failed);
  }
  .report.failed .report-text {
    padding-block: 4px;
    white-space: normal;
  }
  .report .link {
    flex: none;
    font-weight: 600;
  }
  .left {
    flex: none;
    min-inline-size: 2.2em;
    color: var(--_fg-3);
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
  footer {
    display: flex;
    flex: none;
    gap: 12px;
    align-items: center;
    min-block-size: 32px;
    padding: 2px 18px;
    border-block-start: 1px solid var(--_border);
    color: var(--_fg-2);
    font-size: var(--_size-s);
  }
  .next {
    flex: 1;
  }
  .alike-switch {
    display: inline-flex;
    flex: none;
    gap: 6px;
    align-items: center;
    color: var(--_fg);
    cursor: pointer;
  }
  .alike-switch input {
    margin: 0;
    accent-color: var(--_checked);
  }
  .targets {
    display: grid;
    gap: 2px;
    margin: 12px 0 0;
    padding: 0;
    max-block-size: 40vh;
    overflow-y: auto;
    list-style: none;
  }
  .targets li {
    display: grid;
    grid-template-columns: 16px minmax(0, 1fr) auto;
    gap: 8px;
    align-items: center;
    min-block-size: 26px;
  }
  .target-title {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .target-phase {
    color: var(--_fg-2);
    font-size: var(--_size-s);
  }
  .left-out .target-title {
    color: var(--_fg-3);
  }
  .sent .icon {
    color: var(--_completed);
  }
  li.failed {
    grid-template-rows: auto auto;
  }
  .failed .target-phase {
    grid-column: 2 / -1;
    color: var(--_failed);
  }
  .alike-report:not(:empty) {
    margin-block-start: 10px;
    color: var(--_fg);
    font-weight: 600;
  }

  @container sessions-panel (width < 560px) {
    .queue {
      display: none;
    }
    .main {
      grid-column: 1 / -1;
    }
    .scroll {
      padding: 10px 14px;
    }
  }
  @container inbox (width < 420px) {
    .since {
      display: none;
    }
  }
  @container inbox (height < 340px) {
    header {
      min-block-size: 34px;
      padding-block: 2px;
    }
    .scroll {
      gap: 8px;
      padding-block: 8px;
      /* The prompt and the buttons of a card stay in sight. */
      scroll-padding-block: 48px 44px;
    }
    footer,
    .report {
      min-block-size: 26px;
    }
    /* The answers so far, in one line: the question below needs the room. */
    .context {
      align-items: baseline;
    }
    .context dl {
      display: block;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .context :is(dt, dd, dd p) {
      display: inline;
    }
    .context dd:not(:last-child)::after {
      content: ' · ';
      color: var(--_fg-3);
    }
  }
  /* The list next to the card, or the next card, shows what comes next. */
  @container inbox (height < 240px) {
    footer {
      display: none;
    }
  }
`;
