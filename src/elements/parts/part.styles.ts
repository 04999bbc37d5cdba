import { css } from 'lit';

/** Styles of what stands in the place of a part that is not loaded: `.part`. */
export const partStyles = css`
  .part {
    display: grid;
    gap: 12px;
    justify-items: center;
    max-inline-size: 52ch;
    margin: auto;
    padding: 24px;
    color: var(--_fg-2);
    text-align: center;
    text-wrap: pretty;
  }
  :not(:defined):has(> .part) {
    display: grid;
    block-size: 100%;
    background: var(--_bg);
  }
  .part:focus {
    outline: none;
  }
  .part p {
    margin: 0;
  }
  /* Most parts are there before anyone could read this. */
  .part.loading {
    animation: part-appears 0s 300ms both;
  }
  @keyframes part-appears {
    from {
      opacity: 0;
    }
  }
`;
