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
  /* Below the inbox, which covers the list. */
  .body + .toasts:has(.toast) {
    padding-block-start: 10px;
    border-block-start: 1px solid var(--_border);
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
  /* The time in which a deletion can be undone runs out from its end to its start. */
  .toast.deleted {
    position: relative;
    overflow: hidden;
  }
  .toast.deleted::after {
    content: '';
    position: absolute;
    inset: auto auto 0 0;
    inline-size: 100%;
    block-size: 2px;
    background: var(--_accent);
    transform: scaleX(var(--left));
    transform-origin: left;
    transition: transform 1s linear;
  }
  .toast.deleted.is-paused::after {
    transition: none;
  }
  .toast.deleted:dir(rtl)::after {
    transform-origin: right;
  }
  @media (prefers-reduced-motion: reduce) {
    .toast.deleted::after {
      transition: none;
    }
  }
`;
