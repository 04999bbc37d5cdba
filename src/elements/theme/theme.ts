import { css } from 'lit';
import { buttons, inputs } from './controls.styles.js';
import { printStyles } from './print.styles.js';
import { forcedColours } from './forced-colours.styles.js';

/**
 * The design tokens of all elements: private `--_*` properties. Each takes a public
 * `--sessions-panel-*` variable, otherwise the token of a VS Code host, otherwise a colour for a light and a
 * dark page (by the `color-scheme` of the page). Soft backgrounds are mixed from the colours, so that they
 * also fit a theme that replaces some of them.
 *
 * VS Code sets no `color-scheme`: `HostColorScheme` reads it from the page. A property whose value names a variable that
 * is not set is invalid, and `var()` takes its fallback; so the tokens `--_vscode-*` count only in VS Code, and
 * `--_contrast-*` only in its high-contrast themes.
 */
const tokens = css`
  :host {
    color-scheme: var(--sessions-panel-color-scheme, inherit);

    --_contrast-line: var(--vscode-contrastBorder);
    --_contrast-bg: color-mix(in srgb, var(--vscode-editor-background), var(--_contrast-line) 0%);
    /* Its colours of charts are made for areas: text of them needs some of the colour of text. */
    --_vscode-blue: color-mix(in srgb, var(--vscode-charts-blue) 60%, var(--_fg));
    --_vscode-green: color-mix(in srgb, var(--vscode-charts-green) 75%, var(--_fg));

    --_bg: var(--sessions-panel-background, var(--vscode-editor-background, light-dark(#ffffff, #16181d)));
    --_fg: var(--sessions-panel-foreground, var(--vscode-foreground, light-dark(#1a1e26, #e8eaee)));
    --_fg-2: var(
      --sessions-panel-secondary-foreground,
      var(--vscode-descriptionForeground, light-dark(#545d6c, #a9b1be))
    );
    --_fg-3: var(
      --sessions-panel-muted-foreground,
      var(--vscode-descriptionForeground, light-dark(#616a79, #969fae))
    );
    --_surface: var(--sessions-panel-surface, color-mix(in srgb, #5b76ad 7%, var(--_bg)));
    --_sunken: var(--sessions-panel-sunken, color-mix(in srgb, #5b76ad 14%, var(--_bg)));
    --_border: var(
      --sessions-panel-border,
      var(--_contrast-line, color-mix(in srgb, var(--_fg-2) 20%, var(--_bg)))
    );
    --_control-border: var(
      --sessions-panel-control-border,
      var(--vscode-input-border, light-dark(#828a99, #6e7787))
    );
    /* Of fields that need not stand out: the lines of the panel, unless the page has its own for fields. */
    --_field-border: var(--sessions-panel-control-border, var(--vscode-input-border, var(--_border)));
    --_input-bg: var(--sessions-panel-input-background, var(--vscode-input-background, var(--_bg)));

    --_accent: var(--sessions-panel-accent, var(--vscode-textLink-foreground, light-dark(#3b5bdb, #86a2ff)));
    --_primary: var(
      --sessions-panel-primary,
      var(
        --vscode-button-background,
        var(--_contrast-bg, var(--sessions-panel-accent, light-dark(#3b5bdb, #86a2ff)))
      )
    );
    --_own-primary-hover: color-mix(in srgb, var(--sessions-panel-primary) 88%, var(--_fg));
    --_primary-hover: var(
      --_own-primary-hover,
      var(--vscode-button-hoverBackground, color-mix(in srgb, var(--_primary) 88%, var(--_fg)))
    );
    /* Around what is filled with the main colour, which may be that of the background. */
    --_primary-line: var(--vscode-button-border, var(--_contrast-line, transparent));
    --_on-primary: var(
      --sessions-panel-primary-foreground,
      var(--vscode-button-foreground, light-dark(#ffffff, #10131a))
    );
    --_checked: var(--sessions-panel-primary, var(--vscode-button-background, var(--_accent)));
    --_on-checked: var(
      --sessions-panel-primary-foreground,
      var(--_contrast-bg, var(--vscode-button-foreground, var(--_on-primary)))
    );
    --_accent-soft: var(
      --sessions-panel-selection-background,
      var(--_contrast-bg, color-mix(in srgb, var(--_accent) 11%, var(--_bg)))
    );
    /* Around what is selected: in high contrast its background is that of the others. */
    --_selection-line: var(--vscode-contrastActiveBorder, transparent);
    --_focus: var(--sessions-panel-focus, var(--vscode-focusBorder, var(--_accent)));

    --_running: var(--sessions-panel-running, var(--_vscode-blue, light-dark(#1769b5, #5cb3f9)));
    --_ask: var(
      --sessions-panel-needs-input,
      var(
        --vscode-list-warningForeground,
        var(--vscode-editorWarning-foreground, light-dark(#a04d00, #ffb454))
      )
    );
    --_ask-soft: var(
      --sessions-panel-needs-input-background,
      var(--_contrast-bg, color-mix(in srgb, #ff9f1c 10%, var(--_bg)))
    );
    --_ask-border: var(--_contrast-line, color-mix(in srgb, #d98324 42%, var(--_bg)));
    --_completed: var(--sessions-panel-completed, var(--_vscode-green, light-dark(#23783a, #69db7c)));
    --_failed: var(
      --sessions-panel-failed,
      var(--vscode-list-errorForeground, var(--vscode-errorForeground, light-dark(#c22626, #ff8f8f)))
    );
    --_failed-soft: var(--_contrast-bg, color-mix(in srgb, var(--_failed) 8%, var(--_bg)));
    --_failed-border: var(--_contrast-line, color-mix(in srgb, var(--_failed) 35%, var(--_bg)));
    --_cancelled: var(--sessions-panel-cancelled, var(--_fg-3));

    --_radius: var(--sessions-panel-radius, 8px);
    --_radius-s: calc(var(--_radius) * 0.75);
    --_font: var(
      --sessions-panel-font,
      var(--vscode-font-family, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif)
    );
    --_mono: var(
      --sessions-panel-font-mono,
      var(--vscode-editor-font-family, ui-monospace, 'SF Mono', Menlo, Consolas, monospace)
    );
    --_size: var(--sessions-panel-font-size, 13px);
    --_size-s: calc(var(--_size) * 0.923);

    font: var(--_size) / 1.45 var(--_font);
    color: var(--_fg);
  }

  :host {
    display: block;
  }
  :host([data-host-color-scheme='light']) {
    color-scheme: var(--sessions-panel-color-scheme, light);
  }
  :host([data-host-color-scheme='dark']) {
    color-scheme: var(--sessions-panel-color-scheme, dark);
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 1px;
  }

  /* Text of a run has its own direction, but is aligned like the labels around it. */
  [dir='auto']:not(.text) {
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }

  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .icon {
    flex: none;
    inline-size: 16px;
    block-size: 16px;
    vertical-align: -3px;
  }
  .icon.flips:dir(rtl) {
    transform: scaleX(-1);
  }
`;

/** The styles that every element of the panel starts with. */
export const theme = [tokens, buttons, inputs, forcedColours, printStyles];
