import { css } from 'lit';

/** Styles of blocks of output. */
export const outputStyles = css`
  .output {
    padding: 10px 12px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface);
  }
  .output.streaming {
    border-style: dashed;
  }
  .output:focus-visible {
    outline-offset: 1px;
  }
`;
