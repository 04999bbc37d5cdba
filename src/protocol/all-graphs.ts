/** The name of all graphs, where a graph is named whose sessions are listed. No graph may have it as its id. */
export const ALL_GRAPHS = '*';

/** The code of the refusal of a server, or a service, that lists the sessions of one graph at a time. */
export const ALL_GRAPHS_UNSUPPORTED = 'all-graphs-unsupported';
