import { css } from 'lit';

/** Styles of the opened files above the list. */
export const fileRowStyles = css`
  :host {
    display: block;
    flex: none;
    max-block-size: 40%;
    overflow-y: auto;
    border-block-end: 1px solid var(--_border);
  }
  .files {
    margin: 0;
    padding: 4px 6px;
    list-style: none;
  }
  .file {
    display: flex;
    gap: 2px;
    align-items: center;
    min-block-size: 28px;
    padding-inline-end: 4px;
    border-radius: var(--_radius);
  }
  .file:hover {
    background: var(--_surface);
  }
  .file.is-active {
    outline: 1px solid var(--_selection-line);
    outline-offset: -1px;
    background: var(--_accent-soft);
  }
  .file-name {
    display: flex;
    flex: 1;
    gap: 10px;
    align-items: center;
    min-inline-size: 0;
    min-block-size: 28px;
    padding: 0 4px 0 12px;
    border: 0;
    border-radius: var(--_radius);
    background: none;
    text-align: start;
    cursor: pointer;
  }
  .file-name .icon {
    flex: none;
    color: var(--_fg-3);
  }
  .file-mark {
    flex: none;
    color: var(--_fg-2);
    font-size: var(--_size-s);
  }
  .file-title {
    font-weight: 600;
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
`;
