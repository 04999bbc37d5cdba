import { css } from 'lit';

/** Styles of bars and of shortened stretches, wherever a timeline is drawn. */
export const timelineBarsStyles = css`
  .bar {
    translate: 0 2px;
  }
  .bar.work {
    fill: var(--_completed);
  }
  .bar.running {
    fill: var(--_running);
  }
  .bar.failed {
    fill: var(--_failed);
  }
  .bar.cancelled {
    fill: var(--_cancelled);
  }
  .bar.wait {
    stroke: var(--_ask-border);
  }
  .hatch-ground {
    fill: var(--_ask-soft);
  }
  .hatch-line {
    fill: var(--_ask);
    opacity: 0.55;
  }
  .gap {
    fill: var(--_sunken);
  }
  .gap-cut .cut-ground {
    fill: var(--_bg);
  }
  .gap-cut .cut-line {
    fill: none;
    stroke: var(--_fg-3);
  }

  @media (forced-colors: active) {
    /* Distinguished by shape: running is filled, waiting hatched, failed outlined, cancelled dashed. */
    .bar.running {
      fill: Highlight;
      stroke: CanvasText;
    }
    .bar.failed,
    .bar.cancelled {
      fill: Canvas;
      stroke: CanvasText;
      stroke-width: 2;
    }
    .bar.cancelled {
      stroke-dasharray: 3 2;
    }
    .hatch-line {
      opacity: 1;
    }
    .gap {
      stroke: GrayText;
      stroke-dasharray: 1 2;
    }
  }
`;
