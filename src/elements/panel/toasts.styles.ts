import { css } from 'lit';

/** Styles of the messages below the list. */
export const toastStyles = css`
  /* Below the list, not over it, so that no row is covered. */
  .toasts {
    display: grid;
    flex: none;
    grid-template-columns: minmax(0, 1fr);
    gap: 6px;
    padding-inline: 10px;
  }
  .toast {
    display: flex;
    gap: 10px;
    align-items: baseline;
    padding: 8px 12px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
    font-size: var(--_size-s);
  }
  .toast:last-child {
    margin-block-end: 10px;
  }
  .toast-text {
    flex: 1;
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .toast-text.is-whole {
    overflow-wrap: anywhere;
    white-space: normal;
  }
  .toast.failed {
    border-color: var(--_failed-border);
    background: var(--_failed-soft);
    color: var(--_failed);
  }
  .toast .link {
    flex: none;
    font-weight: 600;
  }
  .left {
    unicode-bidi: plaintext;
    flex: none;
    min-inline-size: 2.2em;
    color: var(--_fg-3);
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
`;
