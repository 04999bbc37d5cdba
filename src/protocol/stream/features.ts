/** The version of the protocol that this package speaks. */
export const PROTOCOL_VERSION = 1;

/** The feature of a server that runs sessions again from a node, and with other inputs. */
export const RERUN_FROM = 'rerun-from';

/** The feature of a server that lists the sessions of all graphs together. */
export const ALL_GRAPHS_FEATURE = 'all-graphs';

/** The optional parts of the protocol that the reference server has; it lists them in the first frame of a stream. */
export const SERVER_FEATURES: readonly string[] = [
  ALL_GRAPHS_FEATURE,
  'delete-many',
  'older-sessions',
  RERUN_FROM,
];
