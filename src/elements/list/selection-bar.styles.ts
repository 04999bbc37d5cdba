import { css } from 'lit';

/** Styles of the bar of the selected sessions: words where they have room, else icons. */
export const selectionBarStyles = css`
  :host {
    display: block;
    flex: none;
    border-block-start: 1px solid var(--_border);
    background: var(--_surface);
    container: selection / inline-size;
  }
  .bar {
    display: flex;
    gap: 2px;
    align-items: center;
    min-block-size: 38px;
    padding: 4px 8px 4px 18px;
  }
  .bar:dir(rtl) {
    padding: 4px 18px 4px 8px;
  }
  .count {
    flex: 1;
    min-inline-size: 0;
    overflow: hidden;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .button {
    flex: none;
    padding-inline: 8px;
  }
  .clear .word {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .clear {
    inline-size: 30px;
    padding-inline: 0;
  }
  @container selection (width < 520px) {
    .word {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .button {
      inline-size: 30px;
      padding-inline: 0;
    }
  }
  @media (hover: none) and (pointer: coarse) {
    .button {
      min-inline-size: 40px;
      min-block-size: 40px;
    }
  }
`;
