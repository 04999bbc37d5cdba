import { html, nothing, type TemplateResult } from 'lit';
import type { ConnectionState } from '../../protocol/messages.js';
import { connectionText } from '../strings/connection-text.js';
import type { PanelStrings } from '../strings/english.js';

/** The bar on top: title, how the connection to the list is doing, and what the host adds. */
export function renderToolbar(
  monitor: ConnectionState | undefined,
  nowMs: number,
  strings: PanelStrings,
  onRetry: () => void,
  bell: TemplateResult | typeof nothing = nothing,
  menu: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  const text = monitor === undefined ? undefined : connectionText(monitor, nowMs, strings);
  return html`<div class="toolbar" part="toolbar">
    <h2 part="title">${strings.panelTitle}</h2>
    ${
      text === undefined
        ? nothing
        : html`<span class="connection ${text.tone}" part="connection">
            <span class="dot"></span><span class="connection-text" title=${text.text}>${text.text}</span>
            ${
              text.action === undefined
                ? nothing
                : html`· <button type="button" class="link" @click=${onRetry}>${text.action}</button>`
            }
          </span>`
    }
    <span class="tools">${bell}<slot name="toolbar"></slot>${menu}</span>
  </div>`;
}
