import type { SessionOperation } from '../../../controller/session-history-controller.js';
import { isTerminalStatus, type SessionSummary } from '../../../protocol/session-summary.js';
import { canCancel, canDelete, type PanelCommands, type RowCapabilities } from '../commands.js';

/** The commands of a row that have a key. */
export type RowCommand = keyof Pick<
  PanelCommands,
  'connect' | 'select' | 'delete' | 'cancel' | 'rerun' | 'togglePin' | 'rename'
>;

/** What the offer of a command depends on. */
export interface RowState {
  readonly session: SessionSummary;
  readonly operation: SessionOperation | undefined;
  readonly capabilities: RowCapabilities;
}

/** The keys of a command. */
export interface RowKey {
  /** Values of `KeyboardEvent.key`; the first one is shown in the menu and in the dialog of shortcuts. */
  readonly keys: readonly [string, ...string[]];
  /** True when the command is possible now: only then the menu offers it, and the key does it. */
  isOffered(state: RowState): boolean;
  /** True for Enter, which presses the button that has the focus. */
  readonly isNative?: boolean;
}

/** The keys of a row, in the order of the dialog of shortcuts. The list, the menu and the dialog read them here. */
export const ROW_KEYS: Readonly<Record<RowCommand, RowKey>> = {
  connect: { keys: ['Enter'], isOffered: () => true, isNative: true },
  select: { keys: [' '], isOffered: () => true },
  delete: {
    keys: ['Delete', 'Backspace'],
    isOffered: (state) => canDelete(state.capabilities) && !isBusy(state),
  },
  cancel: {
    keys: ['c'],
    isOffered: (state) => canCancel(state.capabilities) && !hasEnded(state) && !isBusy(state),
  },
  rerun: { keys: ['r'], isOffered: canRerun },
  togglePin: { keys: ['p'], isOffered: ({ capabilities }) => capabilities.pin === true },
  rename: { keys: ['F2'], isOffered: ({ capabilities }) => capabilities.rename === true },
};

/** The commands of `ROW_KEYS`, in its order. */
export const ROW_COMMANDS = Object.keys(ROW_KEYS) as readonly RowCommand[];

/** Returns the command that a key gives to a row; undefined when it has none, or when it is not possible now. */
export function rowCommandOf(key: string, state: RowState): RowCommand | undefined {
  return ROW_COMMANDS.find((command) => {
    const { keys, isOffered, isNative } = ROW_KEYS[command];
    return isNative !== true && keys.includes(key) && isOffered(state);
  });
}

/** True when the run of a session has ended and can be started again: one that was imported is a record. */
export function canRerun({ session, capabilities }: Pick<RowState, 'session' | 'capabilities'>): boolean {
  return capabilities.rerun === true && session.imported !== true && isTerminalStatus(session.status);
}

function hasEnded({ session }: RowState): boolean {
  return isTerminalStatus(session.status);
}

/** True while a command of the session is under way. */
function isBusy({ operation }: RowState): boolean {
  return operation !== undefined && operation.error === undefined;
}
