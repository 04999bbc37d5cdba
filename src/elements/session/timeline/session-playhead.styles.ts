import { css } from 'lit';

/** Styles of the playhead. */
export const playheadStyles = css`
  :host {
    display: block;
    pointer-events: none;
  }
  .moment {
    position: relative;
    block-size: 100%;
  }
  /* Stays with the axis, which is sticky. */
  .rail {
    position: sticky;
    inset-block-start: var(--_rail-top, 0);
    block-size: var(--_rail, 100%);
    border-radius: var(--_radius-s);
    cursor: ew-resize;
    pointer-events: auto;
    touch-action: pan-y;
    -webkit-user-select: none;
    user-select: none;
  }
  .rail:focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: -2px;
  }
  .line {
    position: absolute;
    inset-block: 0;
    inset-inline-start: calc(var(--_x) - 1px);
    inline-size: 2px;
    border-radius: 1px;
    background: var(--_fg-3);
  }
  .knob {
    position: absolute;
    inset-block-end: 0;
    display: none;
  }
  .is-past .line {
    background: var(--_accent);
  }
  /* What has not happened yet. */
  .is-past .future {
    position: absolute;
    inset-block: var(--_rail, 0) 0;
    inset-inline: var(--_x) 0;
    background: var(--_bg);
    opacity: 0.62;
  }

  @media (forced-colors: active) {
    .line {
      background: CanvasText;
    }
    .is-past .line {
      background: Highlight;
    }
  }
`;
