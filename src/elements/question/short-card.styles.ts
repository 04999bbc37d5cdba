import { css } from 'lit';

/** Styles of a card in a short panel: less space around its parts, so that a line of its control is in sight. */
export const shortCardStyles = css`
  @container sessions-panel (height < 340px) {
    .card {
      gap: 6px;
      padding: 6px 12px;
    }
    .body {
      gap: 6px;
    }
    .prompt {
      font-size: 1em;
    }
    /* Two lines of a question in words stay in sight, as the buttons do; what is below scrolls between them. */
    .prompt:not(
      :has(img, video, audio, pre, sessions-panel-page, sessions-panel-json, sessions-panel-parts)
    ) {
      position: sticky;
      inset-block-start: 0;
      z-index: 1;
      max-block-size: 2lh;
      overflow-y: auto;
      overscroll-behavior: contain;
      scrollbar-width: thin;
      background: linear-gradient(var(--_ask-soft), var(--_ask-soft)), var(--_bg);
    }
    /* The button for files stands next to the text, without the words about their size. */
    .content-input.any {
      grid-template-columns: minmax(0, 1fr) auto;
    }
    .content-input.any > :not(.input, .add-files) {
      grid-column: 1 / -1;
    }
    .content-input.any > .input {
      grid-column: 1;
      min-block-size: calc(1lh + 14px);
    }
    .content-input.any > .add-files {
      grid-column: 2;
      align-self: end;
    }
    .content-input.any > .file-list {
      order: 1;
    }
    .add-files > .hint {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    /* A long text scrolls in its field: what is around it stays in sight. */
    .grows {
      max-block-size: max(1lh + 14px, 100cqb - 140px);
    }
    /* Next to one another, whatever their layout: more of them are in sight. */
    .choices.list {
      flex-direction: row;
    }
    .choice {
      padding-block: 4px;
    }
    .actions {
      margin: 0 -11px -5px;
      padding: 4px 11px;
    }
    .note {
      flex: 1 1 0;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .refusal {
      padding: 3px 8px;
    }
  }
  /* A short inbox: its own head names the run, and two rows of choices have the room of this one. */
  @container inbox-card (height < 260px) {
    .head:not(:has(.note, .switch)) {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  }
`;
