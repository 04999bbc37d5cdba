import { css } from 'lit';

/** Styles of the drawer. */
export const drawerStyles = css`
  :host {
    display: flex;
    position: relative;
    flex-direction: column;
    min-block-size: 0;
    min-inline-size: 0;
    background: var(--_bg);
    --_drawer-bar: 40px;
    --_drawer-padding: 4px;
    --_drawer-title: none;
  }
  :host(:not([position])),
  :host([position='bottom']) {
    padding-block-end: env(safe-area-inset-bottom, 0);
    border-block-start: 1px solid var(--_border);
  }
  :host([position='right']) {
    padding-inline-end: env(safe-area-inset-right, 0);
    border-inline-start: 1px solid var(--_border);
  }
  :host([position='floating']) {
    position: fixed;
    inset-block-end: max(16px, env(safe-area-inset-bottom, 0px));
    inset-inline-end: max(16px, env(safe-area-inset-right, 0px));
    z-index: var(--sessions-drawer-layer, 10);
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    box-shadow: 0 6px 24px light-dark(#1b1f2733, #000a);
    max-inline-size: calc(100vw - 32px);
  }
  @media (prefers-reduced-motion: no-preference) {
    :host([position='floating'][open]) .content {
      animation: appear 120ms ease-out;
    }
  }
  @keyframes appear {
    from {
      opacity: 0;
      transform: translateY(8px);
    }
  }

  .toggle {
    display: inline-flex;
    gap: 8px;
    align-items: center;
    min-block-size: 40px;
    padding-inline: 12px;
    border: 0;
    border-radius: 0;
    background: none;
    color: var(--_fg);
    font: 600 var(--_size) / 1.45 var(--_font);
    white-space: nowrap;
    cursor: pointer;
  }
  .toggle:hover {
    background: var(--_surface);
  }
  .toggle:focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: -2px;
  }
  .toggle .icon {
    inline-size: 14px;
    block-size: 14px;
  }
  /* The toolbar of the panel stands next to it, in the same line. */
  :host([open]) .toggle {
    position: absolute;
    inset-block-start: 0;
    inset-inline-start: 0;
    z-index: 1;
  }
  :host([position='floating']) .toggle {
    border-radius: var(--_radius);
  }
  :host([position='right']:not([open])) .toggle {
    writing-mode: vertical-rl;
    min-block-size: 0;
    min-inline-size: 40px;
    padding-block: 12px;
    padding-inline: 0;
  }
  .badge {
    padding: 0 8px;
    border-radius: 99px;
    background: var(--_ask-soft);
    color: var(--_ask);
    font-size: var(--_size-s);
  }

  .content {
    min-block-size: 0;
    min-inline-size: 0;
    overflow: hidden;
    border-radius: inherit;
  }
  :host([position='right']) .content {
    flex: 1;
  }
  .content[hidden] {
    display: none;
  }
  ::slotted(*) {
    block-size: 100%;
  }

  .resizer {
    position: absolute;
    z-index: 2;
    touch-action: none;
  }
  .resizer.height {
    inset-inline: 0;
    inset-block-start: -4px;
    block-size: 8px;
    cursor: row-resize;
  }
  .resizer.width {
    inset-block: 0;
    inset-inline-start: -4px;
    inline-size: 8px;
    cursor: col-resize;
  }
  .resizer:hover,
  .resizer:focus-visible {
    outline: none;
  }
  .resizer.height:hover,
  .resizer.height:focus-visible {
    background: linear-gradient(var(--_focus), var(--_focus)) center / 100% 2px no-repeat;
  }
  .resizer.width:hover,
  .resizer.width:focus-visible {
    background: linear-gradient(var(--_focus), var(--_focus)) center / 2px 100% no-repeat;
  }
  @media (forced-colors: active) {
    .resizer:focus-visible {
      outline: 2px solid;
    }
  }
  @media print {
    .toggle,
    .resizer {
      display: none;
    }
  }
`;
