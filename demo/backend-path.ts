/** Another engine whose server the demo can be opened on, by its option of `npm start`. */
export type BackendName = 'langgraph' | 'mastra';

/** All of them. */
export const BACKEND_NAMES: readonly BackendName[] = ['langgraph', 'mastra'];

/** Path below which the demo passes requests on to the server of an engine. */
export function backendPath(name: BackendName): string {
  return `/${name}`;
}
