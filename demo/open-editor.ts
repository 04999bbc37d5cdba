import 'graph-sessions/define.js';
import 'graph-sessions/drawer.js';
import type { GraphRunService } from 'graph-sessions';
import { GraphCanvas } from './graph-canvas.js';
import { GraphEditor } from './graph-editor.js';
import { applyTheme, rememberedTheme } from './theme.js';

declare global {
  interface HTMLElementTagNameMap {
    'graph-canvas': GraphCanvas;
    'graph-editor': GraphEditor;
  }
}

/**
 * Registers the elements and opens the editor, once in a page.
 *
 * @param service Where the graphs run.
 * @param frameUrl Address of the file for pages of a run.
 */
export function openEditor(service: GraphRunService, frameUrl: string): void {
  applyTheme(rememberedTheme());
  customElements.define('graph-canvas', GraphCanvas);
  customElements.define('graph-editor', GraphEditor);
  document.body.append(new GraphEditor(service, frameUrl));
}
