import { isolatingStrings } from './bidi.js';
import { number, plural } from './english-numbers.js';

/**
 * The texts in English of what the panel loads first: its list, toolbar, menus and messages. `english.ts` adds all
 * others to this same table, so that a panel that was given it before has them as soon as their code is there.
 */
export const firstEnglishStrings = isolatingStrings({
  /** Language of the texts (BCP 47). Times and numbers use the reader's variant of it. */
  locale: 'en',

  // Durations, and times in the past: the number is already formatted
  inDays: (days: string): string => `${days} d`,
  inHours: (hours: string): string => `${hours} h`,
  inMinutes: (minutes: string): string => `${minutes} m`,
  inSeconds: (seconds: string): string => `${seconds} s`,
  inMilliseconds: (milliseconds: string): string => `${milliseconds} ms`,
  minutesAgo: (minutes: string): string => `${minutes} min ago`,
  hoursAgo: (hours: string): string => `${hours} h ago`,

  // Toolbar and connection
  panelTitle: 'Sessions',
  live: 'Live',
  liveByRequests: 'Live by requests',
  updatedEvery: (interval: string): string => `Updated every ${interval}`,
  heldBack: 'Something between here and the server holds live updates back; following by requests.',
  connecting: 'Connecting…',
  reconnectingIn: (duration: string): string => `Reconnecting in ${duration}`,
  reconnecting: 'Reconnecting…',
  retryNow: 'Retry now',
  tryAgain: 'Try again',
  loadingPart: 'Loading…',
  partFailed: 'This part of the panel could not be loaded. The run is not affected.',
  reloadPage: 'If it keeps failing, reload the page.',
  offline: 'Offline',
  offlineLong: 'You’re offline. This list updates when you’re back.',
  offlineEmpty: 'You’re offline. Sessions load when you’re back.',
  paused: 'Paused',
  resume: 'Resume',
  signingIn: 'Signing in again…',
  notConnected: 'Not connected',
  otherCopy:
    'This page loads graph-sessions twice. The panel and its sessions must come from the same copy: load the package only once.',
  listFailed: (reason: string): string => `Could not load the list. ${reason}`,
  errorNetwork: 'Can’t reach the server.',
  errorTimeout: 'The server took too long.',
  errorAnswered: (status: number): string => `The server answered ${status}.`,
  errorForeignAnswer: (status: number | undefined): string =>
    `Something else answered in place of the session server${status === undefined ? '' : ` (status ${status})`}: a sign-in page, a proxy or a router, perhaps.`,
  errorNoServer: (address: string | undefined, status: number | undefined): string =>
    address === undefined || status === undefined
      ? 'There is no session server at this address.'
      : `There is no session server at ${address}: it answered ${status}.`,
  noGraphId: 'This panel shows the sessions of one graph. Set graph-id to the id of that graph.',
  errorAllGraphs: 'This server lists the sessions of one graph at a time. Set graph-id to the id of a graph.',
  errorSignedOut: 'You are signed out.',
  errorUnsupported: 'This service does not support that.',
  errorProtocol: (detail: string): string => `Unexpected response from the server: ${detail}`,
  /** A sentence that an adapter or a runner wrote in English, in the language of the texts; any other text as it is. */
  sentence: (text: string): string => text,
  listStale: (reason: string): string => `This list has stopped updating. ${reason}`,

  // Drawer
  drawerHeight: 'Height of the sessions drawer',
  drawerWidth: 'Width of the sessions drawer',
  drawerNeedsInput: (count: number): string =>
    count === 1 ? '1 needs input' : `${number(count)} need input`,

  // Statuses: a word, and one sentence of explanation
  statusRunning: 'Running',
  statusSuspended: 'Needs input',
  statusCompleted: 'Completed',
  statusFailed: 'Failed',
  statusCancelled: 'Cancelled',
  explainRunning: 'At least one node is running.',
  explainSuspended: 'Paused until someone answers.',
  explainCompleted: 'Finished without errors.',
  explainFailed: 'Ended with an error.',
  explainCancelled: 'Stopped before it finished.',
  nodeWaiting: 'Not started',
  nodeSkipped: 'Skipped',

  // List
  listLabel: 'Sessions, newest first',
  listLabelLongest: 'Sessions, longest first',
  listLabelCostliest: 'Sessions, most expensive first',
  /** Button of the menu that chooses which time the list shows, and its order. */
  timeAndOrder: 'Time and order',
  sinceAny: 'Any time',
  sinceToday: 'Today',
  sinceDays: (days: number): string => `Last ${number(days)} days`,
  sinceDate: (date: string): string => `Since ${date}`,
  sinceChoose: 'Since a date…',
  listWidth: 'Width of the list',
  listWidthHint: 'Drag to change the width of the list; double click for the usual one',
  orderNewest: 'Newest first',
  orderLongest: 'Longest first',
  orderCostliest: 'Most expensive first',
  filterLabel: 'Filter by status',
  filterAll: 'All',
  loadingSessions: 'Loading sessions…',
  emptyTitle: 'No sessions yet',
  startSession: 'Run',
  startTitle: 'Start a session',
  startFailed: (reason: string): string => `Could not start: ${reason}`,
  /** What one gets, a line each. */
  emptyLines: [
    'Run the graph to start one, and follow each step here.',
    'Runs keep going when you close this tab.',
    'When a run needs your answer, it waits here for you.',
  ] as readonly string[],
  noMatchTitle: (filter: string): string => `No “${filter}” sessions`,
  noMatchText: (text: string): string => `No sessions match “${text}”`,
  noMatchBoth: (text: string, filter: string): string => `No “${filter}” sessions match “${text}”`,
  clearFilter: 'Clear filters',
  searchSessions: 'Search sessions',
  searchShort: 'Search',
  clearSearch: 'Clear search',
  pinned: 'Pinned',
  matchCount: (count: number): string => plural(count, 'session found', 'sessions found'),
  showOlder: 'Show older',
  loadingOlder: 'Loading older sessions…',
  noOlder: 'No older sessions',
  olderFailed: (reason: string) => `Could not load older sessions. ${reason}`,
  olderNotListed: 'Older sessions are not shown: the server sends only the most recent.',
  openedSession: 'Opened session',
  newSessions: (count: number): string => plural(count, 'new session', 'new sessions'),
  untitled: 'Session',
  untitledAt: (time: string): string => `Session from ${time}`,
  titleWithInput: (title: string, input: string): string => `${title} · ${input}`,
  nodesDone: (done: number, total: number): string => `${done} of ${total}`,
  turn: (position: number, size: number): string => `${position} of ${size}`,
  turnLong: (position: number, size: number): string => `Turn ${position} of ${size} of this conversation`,
  asks: (question: string): string => `“${question}”`,
  cancelledWaitingFor: (node: string): string => `Cancelled while waiting for ${node}`,
  needsInputCount: (count: number): string => `${plural(count, 'session needs', 'sessions need')} your input`,
  starting: 'Starting…',
  /** In a row, of a run that its engine may have lost. */
  silentRow: (time: string): string => `No sign since ${time}`,
  startedAt: (time: string): string => `Started ${time}`,
  /** After a time, or alone: who did it. */
  byPerson: (name: string): string => `by ${name}`,
  startedByPerson: (name: string): string => `${name} started`,
  /** In a list of all graphs: the title of the session's graph, or its id. */
  ofGraph: (graph: string): string => `Graph: ${graph}`,
  updatedAt: (time: string): string => `Last updated ${time}`,
  cancelling: 'Cancelling…',
  deleting: 'Deleting…',
  cancelFailed: (reason: string): string => `Could not cancel: ${reason}`,
  deleteFailed: (reason: string): string => `Could not delete: ${reason}`,
  cancelRunOf: (title: string): string => `Cancel run of “${title}”`,
  deleteSessionOf: (title: string): string => `Delete session “${title}”`,
  renameFailed: (reason: string): string => `Could not rename: ${reason}`,
  pinFailed: (reason: string): string => `Could not pin: ${reason}`,
  rerunFailed: (reason: string): string => `Could not run again: ${reason}`,
  rerunOf: (title: string): string => `Run “${title}” again`,
  deletedSession: (title: string): string => `Deleted “${title}”.`,
  deletedSessions: (count: number): string => `Deleted ${plural(count, 'session', 'sessions')}.`,
  undo: 'Undo',
  today: 'Today',
  yesterday: 'Yesterday',

  // Several selected
  select: 'Select',
  deselect: 'Deselect',
  selected: 'Selected',
  selectSession: (title: string): string => `Select “${title}”`,
  selectedCount: (count: number): string => `${number(count)} selected`,
  selectionCleared: 'Nothing is selected',

  // Menu and keys
  menu: 'More',
  moreOf: (title: string): string => `More actions for “${title}”`,
  openSession: 'Open',
  delete: 'Delete',
  /** Label of a key on the keyboard. */
  keyNames: {
    Enter: 'Enter',
    ' ': 'Space',
    'Shift+↓': 'Shift+↓',
    Delete: 'Del',
    Home: 'Home',
    End: 'End',
    Escape: 'Esc',
    'Ctrl+Z': 'Ctrl+Z',
    'Ctrl+Enter': 'Ctrl+Enter',
    'Alt+↑': 'Alt+↑',
    'Alt+↓': 'Alt+↓',
  },
  pin: 'Pin',
  unpin: 'Unpin',
  densityComfortable: 'Density: comfortable',
  densityCompact: 'Density: compact',
  clearFinished: 'Delete finished sessions…',
  nothingFinished: 'Nothing to delete',
  shortcuts: 'Keyboard shortcuts',
  close: 'Close',

  // Attention
  notifyMe: 'Notify me when a session needs input',
  notificationsOn: 'Notifications are on: you will be notified when a session needs input',
  notificationsOff: 'Notifications are off',
  notificationsBlocked: 'The browser blocks notifications from this page',
  notificationTitle: (title: string): string => `${title} needs your input`,
  noOpenQuestions: 'No open questions',

  // Confirmations and renaming
  rename: 'Rename',
  cancelRun: 'Cancel run',

  // Session
  copyId: 'Copy session ID',
  copiedId: 'Session ID copied',
  copyLink: 'Copy link',
  copiedLink: 'Link copied',
  copyMarkdown: 'Copy as Markdown',
  downloadSession: 'Download…',

  // What calls of models used: the counts are already formatted
  tokens: (count: string): string => `${count} tokens`,
  tokensIn: (count: string): string => `${count} in`,
  tokensOut: (count: string): string => `${count} out`,
  tokensCached: (count: string): string => `${count} of them cached`,
  tokensReasoning: (count: string): string => `${count} of them for reasoning`,
  unnamedModel: 'Other models',
  /** Mark of a session that was imported from a file. */
  importedMark: 'imported',
  openFile: 'Open a session file…',
  rerun: 'Run again',
  rerunFailedNode: 'Run again from the failed node',
  rerunFailedNodes: (count: number): string => `Run again from the ${number(count)} failed nodes`,
  rerunSameAnswers: 'Run again with the same answers…',
  /** Before the title of the session that this one runs again, and after it the node it ran from. */
  againOf: (title: string): string => `Again of “${title}”`,
  solved: 'Solved',
  solvedLater: 'Solved by a later run',
  unknownRun: 'an earlier run',
  copyFailed: 'Could not copy: the browser does not allow it',
  sessionGone: 'Session no longer exists',
  /** Goes to the node that failed. */
  showNode: 'Show',

  // Activity of a node
  answerNone: 'None of these',
  answerSkipped: 'Skipped',
  answerAllowed: 'Allowed',
  answerNotAllowed: 'Not allowed',
  answerApproved: 'approved',
  answerEdited: 'changed',
  answerRejected: 'rejected',
  answerResponded: 'answered',
  answerContinued: 'Continued',

  // Question cards
  /** Follows the name of a node whose question has an unsent answer. */
  hasDraft: 'draft',
  choiceLabel: (position: number): string => `Choice ${position}`,
  /** The same without the name of the node, for the list. */
  consentAsked: (what: string): string => `Allow it to ${what}?`,
  /** Names of known kinds of consent; for other kinds the name from the server is shown. */
  consentNames: { GET_ANY_WEBPAGE: 'read any web page' } as Readonly<Record<string, string>>,

  // Inbox: all sessions that need input, one question after the other
  inbox: 'Inbox',
  /** Button in the toolbar. */
  openInbox: (count: number): string => `${number(count)} ${count === 1 ? 'needs' : 'need'} input`,
  openInboxHint: 'Answer one after the other',
  answerNotSent: (question: string, title: string, reason: string): string =>
    `The answer to “${question}” (${title}) was not sent. ${reason}`,

  // Why an answer was not accepted
  refusedUnknown:
    'We couldn’t confirm that your answer arrived. If the question is still here after reopening, send it again.',
  refusedConflict: 'Someone already answered. Yours wasn’t sent.',
  refusedClosed: 'This question has closed. Your answer wasn’t sent.',
  refusedEnded: 'The session has ended. Your answer wasn’t sent.',
  refusedGone: 'The session no longer exists. Your answer wasn’t sent.',
  refusedSignedOut: 'You are signed out. Sign in, then send again.',
  refusedForbidden: 'You are not allowed to answer this question.',
  refusedTooLarge: 'The answer is too large for the server. Remove a file or shorten the text.',
  refusedNetwork: 'Can’t reach the server. Your answer is saved; try again.',
  refusedTimeout: 'The server took too long. Your answer is saved; try again.',
  refusedUnavailable: 'The server is unavailable. Your answer is saved; try again.',
  answerRefused: (reason: string): string => `The server did not accept the answer: ${reason}`,
});

/** The texts that the panel needs before anything else of it is loaded. */
export type FirstStrings = Readonly<typeof firstEnglishStrings>;
