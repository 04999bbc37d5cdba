import { css } from 'lit';

/** Styles of the strip and of the band below it. */
export const scrubberStyles = css`
  :host {
    display: block;
    flex: none;
    min-inline-size: 0;
    font-size: var(--_size-s);
    container: scrubber / inline-size;
  }
  .strip {
    display: flex;
    gap: 2px;
    align-items: center;
    block-size: 28px;
    padding-inline: 12px 18px;
    border-block-end: 1px solid var(--_border);
  }
  .strip .icon-button {
    inline-size: 26px;
    block-size: 26px;
  }
  .speed {
    flex: none;
    min-inline-size: 34px;
    block-size: 24px;
    padding: 0 4px;
    border: 0;
    border-radius: var(--_radius-s);
    background: none;
    color: var(--_fg-2);
    font-variant-numeric: tabular-nums;
    cursor: pointer;
  }
  .speed:hover {
    background: var(--_sunken);
    color: var(--_fg);
  }
  .icon-button:focus-visible,
  .speed:focus-visible {
    outline-offset: -2px;
  }
  .track {
    position: relative;
    flex: 1;
    min-inline-size: 0;
    block-size: 28px;
    margin-inline-start: 8px;
  }
  .drawing {
    display: block;
    inline-size: 100%;
    block-size: 28px;
    overflow: hidden;
  }
  .track .bar,
  .track .gap-cut {
    translate: 0 0;
  }
  .blank {
    block-size: 4px;
    margin-block-start: 12px;
    border-radius: 2px;
    background: var(--_sunken);
    translate: 0 12px;
  }
  sessions-panel-playhead {
    position: absolute;
    inset: 0;
  }
  .mark {
    stroke: var(--_fg-3);
    stroke-width: 1;
  }
  .mark.failed {
    stroke: var(--_failed);
    stroke-width: 2;
  }
  .mark.asks {
    stroke: var(--_ask);
    stroke-width: 2;
  }
  .band {
    display: flex;
    gap: 4px 8px;
    align-items: center;
    min-block-size: 32px;
    padding: 2px 18px;
    border-block-end: 1px solid var(--_border);
    background: var(--_surface);
  }
  .when {
    flex: 1;
    min-inline-size: 0;
    margin: 0;
    overflow: hidden;
    color: var(--_fg-2);
    text-overflow: ellipsis;
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  .when b {
    color: var(--_fg);
    font-weight: 600;
  }
  .what,
  .kept {
    margin-inline-start: 8px;
  }
  .kept {
    color: var(--_fg-3);
  }
  .band .button {
    flex: none;
    min-block-size: 24px;
    padding-block: 1px;
  }
  .behind {
    color: var(--_fg-2);
    font-weight: 400;
    font-variant-numeric: tabular-nums;
  }

  @container scrubber (width < 560px) {
    .strip {
      padding-inline: 6px 14px;
    }
    .band {
      flex-wrap: wrap;
      padding-inline: 14px;
    }
    .when {
      flex-basis: 100%;
    }
    .band .live {
      margin-inline-start: auto;
    }
    /* In its tooltip, where both buttons have no room for it. */
    .band:has(.ask) .behind {
      display: none;
    }
  }
  @container sessions-panel (height < 340px) {
    .band {
      flex-wrap: nowrap;
      min-block-size: 28px;
      padding-block: 1px;
    }
    .when {
      flex-basis: 0;
    }
    .behind,
    .kept {
      display: none;
    }
    /* One line for both buttons and the moment. */
    @container scrubber (width < 400px) {
      .band {
        gap: 4px;
        padding-inline: 14px 8px;
      }
      .band .button {
        padding-inline: 6px;
      }
    }
  }

  @media (forced-colors: active) {
    .mark {
      stroke: CanvasText;
    }
    .band {
      border-block: 1px solid CanvasText;
    }
  }
`;
