/** Path below which the demo passes requests on to LangGraph's server. */
export const LANGGRAPH_PATH = '/langgraph';
