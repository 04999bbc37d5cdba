/** The page: registers the elements, and nothing else. */
import 'graph-sessions/define.js';
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

applyTheme(rememberedTheme());
customElements.define('graph-canvas', GraphCanvas);
customElements.define('sessions-drawer', SessionsDrawer);
customElements.define('graph-editor', GraphEditor);
