import 'graph-sessions/define.js';
import type { GraphRunService } from 'graph-sessions';
import { GraphCanvas } from './graph-canvas.js';
import { GraphEditor } from './graph-editor.js';
import { SessionsDrawer } from './sessions-drawer.js';
import { applyTheme, rememberedTheme } from './theme.js';

declare global {
  interface HTMLElementTagNameMap {
    'graph-canvas': GraphCanvas;
    'graph-editor': GraphEditor;
    'sessions-drawer': SessionsDrawer;
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
  customElements.define('sessions-drawer', SessionsDrawer);
  customElements.define('graph-editor', GraphEditor);
  document.body.append(new GraphEditor(service, frameUrl));
}
