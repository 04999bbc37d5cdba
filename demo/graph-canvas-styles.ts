import { css } from 'lit';

/** Styles of nodes and edges in each state. */
export const canvasStyles = css`
  :host {
    display: grid;
    place-items: safe center;
    padding: 24px;
    overflow: auto;
    scroll-behavior: smooth;
    background: radial-gradient(circle, var(--grid-dot) 1px, transparent 1px) 0 0 / 20px 20px;
  }

  .space {
    position: relative;
  }

  .drawing {
    position: absolute;
    transform-origin: 0 0;
  }

  .edges {
    position: absolute;
    overflow: visible;
  }

  .edges path {
    fill: none;
    stroke: var(--line-strong);
    stroke-width: 1.5;
  }

  .edges path.passed {
    stroke: var(--completed);
  }

  .edges path.active {
    stroke: var(--running);
    stroke-width: 2;
  }

  .nodes {
    list-style: none;
    margin: 0;
    padding: 0;
  }

  .node {
    position: absolute;
    scroll-margin: 24px;

    --tone: var(--text-quiet);
    --fill: var(--surface-raised);
    --edge: var(--line);
  }

  .node button {
    display: grid;
    grid-template-columns: 16px minmax(0, 1fr);
    align-content: center;
    justify-content: stretch;
    gap: 2px 8px;
    width: 100%;
    height: 100%;
    padding: 0 12px;
    border: 1px solid var(--edge);
    border-radius: 10px;
    background: var(--fill);
    box-shadow: var(--shadow);
    text-align: start;
    transition:
      background-color 0.2s,
      border-color 0.2s;
  }

  .node button:hover {
    border-color: var(--tone);
  }

  .status-icon {
    width: 16px;
    height: 16px;
    margin-block-start: 2px;
    color: var(--tone);
  }

  .status-icon .line {
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .status-icon .fill {
    fill: currentColor;
  }

  .status-icon .cut {
    stroke: var(--surface);
    stroke-width: 1.8;
  }

  .status-icon .faint {
    opacity: 0.3;
  }

  .title,
  .state {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .title {
    font-weight: 600;
  }

  .state {
    grid-column: 2;
    font-size: 12px;
    color: var(--tone);
  }

  .node[data-status='running'] {
    --tone: var(--running);
    --fill: var(--running-tint);
    --edge: var(--running);
  }

  .node[data-status='suspended'] {
    --tone: var(--asking);
    --fill: var(--asking-tint);
    --edge: var(--asking);
  }

  .node[data-status='completed'] {
    --tone: var(--completed);
    --fill: var(--completed-tint);
    --edge: var(--completed);
  }

  .node[data-status='failed'] {
    --tone: var(--failed);
    --fill: var(--failed-tint);
    --edge: var(--failed);
  }

  .node[data-status='waiting'] button,
  .node[data-status='skipped'] button {
    border-style: dashed;
    border-color: var(--line-strong);
    box-shadow: none;
  }

  .node[data-status='skipped'] .title,
  .node[data-status='cancelled'] .title {
    color: var(--text-quiet);
    font-weight: 500;
  }

  .node[data-status='suspended'] button {
    box-shadow: 0 0 0 3px color-mix(in srgb, var(--asking) 22%, transparent);
  }

  .node[data-status='running'] button {
    animation: pulse 2.4s ease-in-out infinite;
  }

  .node[data-status='running'] .status-icon {
    animation: turn 1.6s linear infinite;
  }

  @keyframes pulse {
    50% {
      box-shadow: 0 0 0 4px color-mix(in srgb, var(--running) 18%, transparent);
    }
  }

  @keyframes turn {
    to {
      rotate: 1turn;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    :host {
      scroll-behavior: auto;
    }

    .node button,
    .node[data-status='running'] button,
    .node[data-status='running'] .status-icon {
      animation: none;
      transition: none;
    }
  }

  @media (forced-colors: active) {
    .node[data-status='suspended'] button,
    .node[data-status='running'] button {
      border-width: 2px;
    }
  }
`;
