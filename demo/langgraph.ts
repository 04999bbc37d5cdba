/** The page of `npm start -- --langgraph <url>`: the panel on LangGraph's own server, over the address of this page. */
import 'graph-sessions/define.js';
import { LangGraphRunService } from 'graph-sessions/langgraph';
import { BackendPage } from './backend-page.js';
import { backendPath } from './backend-path.js';
import { applyTheme, rememberedTheme } from './theme.js';

applyTheme(rememberedTheme());
customElements.define('backend-page', BackendPage);
const url = new URL(backendPath('langgraph'), location.href).href;
const page = new BackendPage(new LangGraphRunService({ url }), {
  title: 'LangGraph',
  async findGraphs() {
    const response = await fetch(`${url}/assistants/search`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"limit":100}',
    });
    const assistants = (await response.json()) as readonly { readonly graph_id: string }[];
    return assistants.map(({ graph_id: graphId }) => graphId);
  },
});
document.body.append(page);
