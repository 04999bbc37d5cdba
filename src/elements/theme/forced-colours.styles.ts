import { css } from 'lit';

/** System colours in place of the theme's, for pages with forced colours (Windows contrast themes). */
export const forcedColours = css`
  @media (forced-colors: active) {
    /* The browser forces its colours on text and borders; drawings use them, too, and differ by shape only. */
    :host {
      --_bg: Canvas;
      --_fg: CanvasText;
      --_fg-2: CanvasText;
      --_fg-3: CanvasText;
      --_surface: Canvas;
      --_sunken: Canvas;
      --_border: CanvasText;
      --_control-border: CanvasText;
      --_input-bg: Field;
      --_accent: LinkText;
      --_accent-soft: Canvas;
      --_primary: Highlight;
      --_on-primary: HighlightText;
      --_focus: Highlight;
      --_running: CanvasText;
      --_ask: CanvasText;
      --_ask-soft: Canvas;
      --_ask-border: CanvasText;
      --_completed: CanvasText;
      --_failed: CanvasText;
      --_failed-soft: Canvas;
      --_failed-border: CanvasText;
      --_cancelled: CanvasText;
    }
    .button,
    .icon-button,
    .input {
      border-color: ButtonBorder;
    }
    .icon-button {
      background: ButtonFace;
      color: ButtonText;
    }
    .button.primary {
      forced-color-adjust: none;
      border-color: Highlight;
      background: Highlight;
      color: HighlightText;
    }
    .button.danger,
    .button.danger:hover {
      border: 2px solid ButtonText;
      background: ButtonFace;
      color: ButtonText;
    }
    .button:hover,
    .icon-button:hover {
      border-color: Highlight;
    }
    .button.primary:hover {
      border-color: ButtonText;
      background: Highlight;
    }
    .button:focus-visible,
    .icon-button:focus-visible {
      outline: 2px solid Highlight;
      outline-offset: 2px;
    }
    .input[aria-invalid='true'] {
      border-style: dashed;
    }
    button:disabled,
    button[aria-disabled='true'] {
      border-color: GrayText;
      background: ButtonFace;
      color: GrayText;
      opacity: 1;
    }
  }
`;
