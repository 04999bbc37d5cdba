import { css } from 'lit';

/** Styles of the control for text and files. */
export const contentInputStyles = css`
  .content-input {
    gap: 8px;
  }
  .content-input[data-drop] {
    outline: 2px dashed var(--_accent);
    outline-offset: 4px;
    border-radius: var(--_radius-s);
    background: var(--_accent-soft);
  }
  .content-input[data-drop] .input {
    background: transparent;
  }
  .file-notes:not(:has(*)) {
    display: none;
  }
  .files .grows {
    min-block-size: calc(1lh + 14px);
  }
  .file-list {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    list-style: none;
  }
  .file-chip {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    max-inline-size: 100%;
    padding-block: 2px;
    padding-inline: 8px 2px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius-s);
    background: var(--_bg);
  }
  .file-chip img {
    inline-size: 28px;
    block-size: 28px;
    margin-inline-start: -4px;
    border-radius: 4px;
    object-fit: cover;
  }
  .file-name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .file-chip .hint {
    flex: none;
  }
  .add-files {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 10px;
  }
  .add-files[data-invalid] .button {
    border-color: var(--_failed);
  }
  @media (forced-colors: active) {
    .content-input[data-drop] {
      outline-color: Highlight;
    }
  }
`;
