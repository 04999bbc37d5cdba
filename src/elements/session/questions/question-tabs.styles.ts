import { css } from 'lit';

/** Styles of the tabs of the open questions, and of the change from one card to another. */
export const questionTabsStyles = css`
  .cards {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 10px;
  }
  .question-bar {
    position: sticky;
    inset-block-start: 0;
    z-index: 2;
    display: flex;
    gap: 10px;
    align-items: center;
    min-inline-size: 0;
    min-block-size: 28px;
    background: var(--_bg);
    font-size: var(--_size-s);
  }
  .questions:has(.question-bar) {
    grid-template-columns: minmax(0, 1fr);
    row-gap: 2px;
    scroll-padding-block-start: 34px;
  }
  .question-count {
    flex: 1;
    color: var(--_ask);
    font-weight: 600;
  }
  .question-tabs {
    display: flex;
    flex: 0 1 auto;
    gap: 2px;
    min-inline-size: 0;
    overflow-x: auto;
    scrollbar-width: none;
  }
  .question-tab {
    display: inline-flex;
    flex: none;
    gap: 4px;
    align-items: center;
    max-inline-size: 16em;
    min-block-size: 24px;
    padding: 2px 8px;
    border: 0;
    border-radius: var(--_radius-s);
    background: none;
    color: var(--_fg-2);
    cursor: pointer;
  }
  .question-tab:hover {
    color: var(--_fg);
  }
  .question-tab[aria-selected='true']:not(:focus-visible) {
    outline: 1px solid var(--_selection-line);
    outline-offset: -1px;
  }
  .question-tab[aria-selected='true'] {
    background: var(--_ask-soft);
    color: var(--_ask);
    font-weight: 600;
  }
  .question-tab:focus-visible {
    outline-offset: -2px;
  }
  .question-node {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .question-tab .icon {
    inline-size: 12px;
    block-size: 12px;
  }
  .question-steps {
    display: inline-flex;
    flex: none;
  }
  .question-steps .icon-button {
    inline-size: 24px;
    block-size: 24px;
  }
  .question-steps .icon {
    inline-size: 14px;
    block-size: 14px;
  }
  .all-questions {
    flex: none;
    margin-inline-start: auto;
    padding: 2px 0;
    border: 0;
    background: none;
    color: var(--_fg-2);
    text-decoration: underline;
    text-decoration-color: color-mix(in srgb, currentColor 40%, transparent);
    text-underline-offset: 3px;
    cursor: pointer;
  }
  .all-questions:hover {
    color: var(--_fg);
    text-decoration-color: currentColor;
  }
  /* It would take the height of the prompt. */
  @container sessions-panel (height < 340px) {
    .question-bar {
      position: static;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .is-one sessions-panel-question {
      animation: question-in 120ms ease-out;
    }
    .is-one sessions-panel-question:dir(rtl) {
      --_slide: -8px;
    }
    @keyframes question-in {
      from {
        opacity: 0;
        translate: var(--_slide, 8px) 0;
      }
    }
  }
  @media (forced-colors: active) {
    .question-tab[aria-selected='true'] {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }
`;
