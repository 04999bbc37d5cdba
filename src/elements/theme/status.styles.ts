import { css } from 'lit';

/** Colour and animation of `statusIcon`, and colour of a `.badge` with the same class. */
export const statusStyles = css`
  .running {
    --_status: var(--_running);
  }
  .suspended {
    --_status: var(--_ask);
  }
  .completed {
    --_status: var(--_completed);
  }
  .failed {
    --_status: var(--_failed);
  }
  .cancelled,
  .waiting,
  .skipped,
  .other {
    --_status: var(--_cancelled);
  }
  .status-icon {
    color: var(--_status);
  }
  .status-icon .cut {
    stroke: var(--_bg);
  }
  .status-icon.running .sweep {
    transform-origin: 8px 8px;
    animation: sweep var(--_sweep-time, 1.6s) linear infinite;
  }
  .badge {
    padding: 0 7px;
    border: 1px solid var(--_contrast-line, transparent);
    border-radius: 99px;
    background: color-mix(in srgb, var(--_status) 11%, var(--_bg));
    color: var(--_status);
    font-size: var(--_size-s);
    font-weight: 500;
    white-space: nowrap;
  }
  .badge.suspended {
    background: var(--_ask-soft);
  }
  @keyframes sweep {
    to {
      transform: rotate(1turn);
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .status-icon.running .sweep {
      animation: none;
    }
  }
  @media (forced-colors: active) {
    .status-icon {
      color: CanvasText;
    }
    .status-icon .cut {
      stroke: Canvas;
    }
    .badge {
      border: 1px solid CanvasText;
    }
  }
`;
