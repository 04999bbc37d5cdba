import { css } from 'lit';

/** Styles of the editor around its canvas. */
export const editorStyles = css`
  :host {
    display: grid;
    grid-template: auto minmax(0, 1fr) auto / 264px minmax(0, 1fr);
    grid-template-areas: 'header header' 'gallery main' 'gallery drawer';
    height: 100%;
  }

  header {
    grid-area: header;
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 7px 12px 7px 16px;
    border-block-end: 1px solid var(--line);
    background: var(--surface);
  }

  .all[aria-pressed='true'] {
    border-color: var(--accent);
    color: var(--accent);
  }

  .logo {
    display: grid;
    color: var(--accent);
  }

  .logo .icon {
    width: 20px;
    height: 20px;
  }

  h1 {
    font-size: 14px;
    font-weight: 600;
  }

  .grow {
    flex: 1;
  }

  .theme {
    width: 32px;
    padding: 0;
  }

  nav {
    grid-area: gallery;
    min-height: 0;
    overflow: auto;
    padding: 12px 8px;
    border-inline-end: 1px solid var(--line);
    background: var(--surface);
  }

  nav h2 {
    padding: 2px 10px 8px;
    font-size: 12px;
    font-weight: 600;
    color: var(--text-quiet);
  }

  ul {
    display: grid;
    gap: 2px;
    margin: 0;
    padding: 0;
    list-style: none;
  }

  .example {
    display: grid;
    justify-content: stretch;
    gap: 1px;
    width: 100%;
    padding: 7px 10px;
    border-color: transparent;
    border-radius: var(--radius);
    background: none;
    text-align: start;
    white-space: normal;
  }

  .example .title {
    font-weight: 600;
  }

  .example .description {
    font-size: 12px;
    color: var(--text-quiet);
  }

  .example[aria-current='true'] {
    background: var(--accent-tint);
  }

  .example[aria-current='true'] .title {
    color: var(--accent);
  }

  main {
    grid-area: main;
    display: flex;
    flex-direction: column;
    min-height: 0;
  }

  .toolbar {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 12px 16px;
    border-block-end: 1px solid var(--line);
    background: var(--surface);
  }

  .toolbar select {
    display: none;
  }

  .heading {
    flex: 1;
    min-width: 0;
  }

  .heading h2 {
    display: flex;
    align-items: center;
    gap: 10px;
    font-size: 16px;
    font-weight: 620;
  }

  .heading p {
    overflow: hidden;
    font-size: 13px;
    color: var(--text-quiet);
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .status {
    padding: 0 8px;
    border-radius: 99px;
    background: var(--surface-hover);
    color: var(--text-quiet);
    font-size: 12px;
    font-weight: 500;
    line-height: 20px;
  }

  .status[data-status='running'] {
    background: var(--running-tint);
    color: var(--running);
  }

  .status[data-status='suspended'] {
    background: var(--asking-tint);
    color: var(--asking);
  }

  .status[data-status='completed'] {
    background: var(--completed-tint);
    color: var(--completed);
  }

  .status[data-status='failed'] {
    background: var(--failed-tint);
    color: var(--failed);
  }

  .run {
    min-width: 96px;
    min-height: 34px;
  }

  .error {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
    padding: 6px 8px 6px 16px;
    border-block-end: 1px solid var(--line);
    background: var(--failed-tint);
    font-size: 13px;
  }

  .error strong {
    color: var(--failed);
  }

  graph-canvas {
    flex: 1;
    min-height: 0;
  }

  sessions-drawer {
    grid-area: drawer;
  }

  @media (max-width: 860px) {
    :host {
      grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
      grid-template-areas: 'header' 'main' 'drawer';
    }

    nav,
    .heading {
      display: none;
    }

    .toolbar {
      padding: 8px 12px;
    }

    .toolbar select {
      display: block;
      flex: 1;
      min-width: 0;
      min-height: 38px;
      padding: 0 8px;
      border: 1px solid var(--line);
      border-radius: 7px;
      background: var(--surface);
    }
  }
`;
