import { css } from 'lit';

/** Styles of the choices, of the scope of a consent, and of the request of an unknown question. */
export const answerStyles = css`
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .choices.list {
    flex-direction: column;
    align-items: stretch;
  }
  .choices.grid {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(132px, 1fr));
  }
  .choice {
    position: relative;
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    align-items: start;
    gap: 10px;
    padding-block: 8px;
    padding-inline: 10px 14px;
    border: 1px solid var(--_ask-border);
    border-radius: var(--_radius);
    background: var(--_bg);
    cursor: pointer;
  }
  .choice:hover {
    border-color: var(--_control-border);
  }
  .choice:has(input:checked) {
    border-color: var(--_accent);
    box-shadow: inset 0 0 0 1px var(--_accent);
  }
  .choice:has(input:focus-visible) {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
  }
  .marker {
    display: grid;
    place-items: center;
    inline-size: 18px;
    block-size: 18px;
    border: 1px solid var(--_control-border);
    border-radius: 50%;
    color: var(--_fg-2);
  }
  .marker.tick {
    border-radius: 4px;
  }
  .marker > * {
    grid-area: 1 / 1;
  }
  .marker kbd {
    font: 11px / 1 var(--_mono);
  }
  .marker .icon {
    inline-size: 12px;
    block-size: 12px;
    visibility: hidden;
  }
  .choice input:checked + .marker {
    border-color: var(--_checked);
    background: var(--_checked);
    color: var(--_on-checked);
  }
  .choice input:checked + .marker .icon {
    visibility: visible;
  }
  .choice input:checked + .marker kbd {
    visibility: hidden;
  }
  @media (hover: none) {
    .marker kbd {
      visibility: hidden;
    }
  }
  .action {
    display: grid;
    gap: 8px;
    padding-block-start: 10px;
    border-block-start: 1px solid var(--_ask-border);
  }
  .action-name {
    display: flex;
    gap: 6px;
    align-items: center;
    margin: 0;
    font-size: inherit;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .action-name code {
    font-family: var(--_mono);
  }
  .action-args {
    max-block-size: 160px;
    overflow: auto;
    padding: 6px 10px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius-s);
    background: var(--_bg);
  }
  .approve-all {
    justify-self: start;
  }
  .scope {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .request summary {
    color: var(--_fg-2);
    font-size: var(--_size-s);
    cursor: pointer;
  }
  .request .json {
    margin-block-start: 6px;
    padding: 8px 12px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius-s);
    background: var(--_bg);
    max-block-size: 200px;
  }
  @media (forced-colors: active) {
    .choice:hover,
    .choice:has(input:checked) {
      border-color: Highlight;
    }
    .choice input:checked + .marker {
      forced-color-adjust: none;
      border-color: Highlight;
      background: Highlight;
      color: HighlightText;
    }
  }
`;
