import { css } from 'lit';

/**
 * Styles of notices: `.note`, a box with a text and optionally a button, red as `.note.failed`; and
 * `.message`, centred in an element that has no content.
 */
export const noticeStyles = css`
  .note {
    display: flex;
    flex: none;
    gap: 12px;
    align-items: center;
    margin: 0;
    padding-block: 7px;
    padding-inline: 12px 8px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_fg-2);
    font-size: var(--_size-s);
    overflow-wrap: anywhere;
  }
  .note p {
    flex: 1;
    margin: 0;
  }
  .note b {
    font-weight: 600;
  }
  .note.failed {
    border-color: var(--_failed-border);
    background: var(--_failed-soft);
    color: var(--_failed);
  }
  .message {
    display: grid;
    gap: 6px;
    justify-items: center;
    margin: auto;
    padding: 24px;
    max-inline-size: 300px;
    color: var(--_fg-2);
    text-align: center;
    text-wrap: balance;
  }
  .message p {
    margin: 0;
  }
  .message .message-title {
    color: var(--_fg);
    font-weight: 600;
  }
  .message .button {
    margin-block-start: 6px;
  }
`;
