/**
 * Registers `<sessions-drawer>`, in which a page can put its panel. In an environment without custom elements (a server)
 * it does nothing.
 */
import { SessionsDrawer } from './elements/drawer/sessions-drawer.js';

export { SessionsDrawer } from './elements/drawer/sessions-drawer.js';
export type { DrawerPosition } from './elements/drawer/drawer-size.js';

declare global {
  interface HTMLElementTagNameMap {
    'sessions-drawer': SessionsDrawer;
  }
  interface HTMLElementEventMap {
    'drawer-toggle': Event;
  }
}

if (globalThis.customElements !== undefined && customElements.get('sessions-drawer') === undefined) {
  customElements.define('sessions-drawer', SessionsDrawer);
}
