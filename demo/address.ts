import type { SessionPlace } from 'graph-sessions';

/** What the address of the page names: a graph, and a place in its sessions. */
export interface Address {
  readonly graphId: string | undefined;
  /** True when the panel lists all graphs. */
  readonly isAll: boolean;
  readonly place: SessionPlace | undefined;
}

const VIEWS = ['activity', 'timeline', 'events'] as const;

/** Reads the part of an address after `#`: `#graph=haiku&session=…&view=events&event=3`; `&list=all`: of all graphs. */
export function parseAddress(hash: string): Address {
  const values = new URLSearchParams(hash.replace(/^#/, ''));
  const textOf = (name: string) => values.get(name) || undefined;
  const sessionId = textOf('session');
  const view = VIEWS.find((tab) => tab === values.get('view'));
  const nodeId = textOf('node');
  const event = textOf('event');
  const moment = textOf('moment');
  const graphId = textOf('graph');
  const isAll = values.get('list') === 'all';
  if (sessionId === undefined) return { graphId, isAll, place: undefined };
  return {
    graphId,
    isAll,
    place: {
      sessionId,
      ...(view === undefined ? {} : { view }),
      ...(nodeId === undefined ? {} : { nodeId }),
      ...(event === undefined ? {} : { eventIndex: Number(event) }),
      ...(moment === undefined ? {} : { moment: Number(moment) }),
    },
  };
}

/** Writes what `parseAddress` reads. */
export function formatAddress(
  graphId: string,
  place: SessionPlace | undefined,
  { isAll = false }: { readonly isAll?: boolean } = {},
): string {
  const values = new URLSearchParams({ graph: graphId, ...(isAll ? { list: 'all' } : {}) });
  if (place !== undefined) {
    const { sessionId, view, nodeId, eventIndex, moment } = place;
    values.set('session', sessionId);
    if (view !== undefined) values.set('view', view);
    if (nodeId !== undefined) values.set('node', nodeId);
    if (eventIndex !== undefined) values.set('event', String(eventIndex));
    if (moment !== undefined) values.set('moment', String(moment));
  }
  return `#${values}`;
}
