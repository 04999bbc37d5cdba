import { css } from 'lit';

/** Styles of the questions of an earlier moment. */
export const pastQuestionsStyles = css`
  :host {
    display: block;
    flex: 0 1 auto;
    min-block-size: 0;
    font-size: var(--_size-s);
  }
  section {
    max-block-size: 30cqb;
    overflow-y: auto;
    border-block-start: 1px solid var(--_border);
    background: var(--_surface);
  }
  section:focus-visible {
    outline-offset: -2px;
  }
  ul {
    display: grid;
    gap: 6px;
    margin: 0;
    padding: 8px 18px;
    list-style: none;
  }
  li {
    display: flex;
    gap: 8px;
    align-items: start;
    min-inline-size: 0;
  }
  .icon {
    flex: none;
    margin-block-start: 2px;
  }
  .text {
    display: grid;
    min-inline-size: 0;
  }
  .question,
  .later {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .later {
    color: var(--_fg-2);
  }
  .answer {
    color: var(--_fg);
  }
`;
