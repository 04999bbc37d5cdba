/** The page of `npm start -- --langgraph <url>`: the panel on LangGraph's own server, over the address of this page. */
import 'graph-sessions/define.js';
import { LangGraphRunService } from 'graph-sessions/langgraph';
import { LANGGRAPH_PATH } from './langgraph-path.js';
import { LangGraphPage } from './langgraph-page.js';
import { applyTheme, rememberedTheme } from './theme.js';

applyTheme(rememberedTheme());
customElements.define('langgraph-page', LangGraphPage);
const url = new URL(LANGGRAPH_PATH, location.href).href;
document.body.append(new LangGraphPage(new LangGraphRunService({ url }), url));
