/** The page of `npm start -- --mastra <url>`: the panel on Mastra's own server, over the address of this page. */
import 'graph-sessions/define.js';
import { MastraRunService } from 'graph-sessions/mastra';
import { BackendPage } from './backend-page.js';
import { backendPath } from './backend-path.js';
import { applyTheme, rememberedTheme } from './theme.js';

applyTheme(rememberedTheme());
customElements.define('backend-page', BackendPage);
const url = new URL(backendPath('mastra'), location.href).href;
const page = new BackendPage(new MastraRunService({ url }), {
  title: 'Mastra',
  async findGraphs() {
    const response = await fetch(`${url}/api/workflows`);
    return Object.keys((await response.json()) as object);
  },
});
document.body.append(page);
