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
`;
