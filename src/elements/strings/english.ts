import { isolatingStrings } from './bidi.js';
import { number, plural } from './english-numbers.js';
import { firstEnglishStrings } from './first-english.js';

/** “exactly 5”, “5 to 10”, “at least 5”, “at most 10”: a count within limits. */
function range(minimum: number, maximum: number): string {
  if (minimum === maximum) return `exactly ${number(minimum)}`;
  if (maximum === Number.POSITIVE_INFINITY) return `at least ${number(minimum)}`;
  return minimum === 0 ? `at most ${number(maximum)}` : `${number(minimum)} to ${number(maximum)}`;
}

const VALUE_TYPES: ReadonlyMap<string, string> = new Map([
  ['string', 'Text'],
  ['number', 'Number'],
  ['integer', 'Whole number'],
  ['boolean', 'Yes or no'],
  ['object', 'Object'],
  ['array', 'List'],
  ['null', 'Nothing'],
]);

/**
 * All texts of the elements in English. Functions take the values to insert; texts among them are isolated if
 * their script runs in the other direction.
 */
export const englishStrings = Object.assign(
  firstEnglishStrings,
  isolatingStrings({
    // Toolbar and connection
    formatFailed: 'This text could not be formatted.',

    // List
    sinceTitle: 'Show sessions since',
    sinceShow: 'Show',
    nodesDoneLong: (done: number, total: number): string => `${done} of ${plural(total, 'node', 'nodes')}`,
    secondsLeft: (seconds: number): string => `${seconds} s`,

    // Several selected
    selectionLabel: 'Selected sessions',
    clearSelection: 'Clear selection',
    cancelRuns: (count: number): string => (count === 1 ? 'Cancel run' : `Cancel ${number(count)} runs`),
    downloadMany: 'Download',
    preparingFiles: (position: number, count: number): string =>
      `Preparing file ${number(position)} of ${number(count)}…`,
    downloadsFailed: (failed: number, count: number, reason: string): string =>
      `Could not download ${number(failed)} of ${plural(count, 'session', 'sessions')}: ${reason}`,

    // Menu and keys
    shortcutsOfList: 'List',
    shortcutsOfSession: 'Session',
    shortcutsOfQuestions: 'Questions',
    shortcutTexts: {
      move: 'Move through the list',
      edge: 'First or last session',
      connect: 'Open the session',
      select: 'Select the session, or deselect it',
      range: 'Select several',
      delete: 'Delete the session',
      undo: 'Undo the deletion',
      cancel: 'Cancel the run',
      rerun: 'Run again',
      togglePin: 'Pin or unpin',
      rename: 'Rename',
      'next-question': 'Go to the next open question',
      inbox: 'Answer everything that waits, one after the other',
      search: 'Search',
      back: 'Clear search or selection, or back to the list',
      event: 'Previous or next event',
      'look-back': 'Look back: show or hide earlier moments',
      step: 'Previous or next step of the run',
      'step-event': 'Previous or next single event',
      'to-live': 'Return to live',
      copy: 'Copy the output that has the focus',
      'other-question': 'Previous or next question of the session',
      choose: 'Choose an option',
      send: 'Send the answer',
      answer: 'Answer with that option',
      'undo-answer': 'Undo that answer',
      skip: 'Skip for now, or go back',
      'leave-inbox': 'Back to sessions',
      shortcuts: 'Show these shortcuts',
    },

    // Confirmations and renaming
    confirmDeleteTitle: (title: string): string => `Delete session “${title}”?`,
    confirmDeleteRunning: 'The run stops now, and its events and outputs are permanently deleted.',
    confirmDeleteEnded: 'Its events and outputs are permanently deleted.',
    confirmClearTitle: (count: number): string =>
      `Delete ${plural(count, 'finished session', 'finished sessions')}?`,
    confirmClearText: 'Their events and outputs are permanently deleted. Pinned sessions are kept.',
    confirmDeleteManyTitle: (count: number): string => `Delete ${plural(count, 'session', 'sessions')}?`,
    confirmDeleteManyRunning: (running: number): string =>
      running === 1
        ? 'One run has not ended and stops. All their events and outputs are permanently deleted.'
        : `${number(running)} runs have not ended and stop. All their events and outputs are permanently deleted.`,
    confirmCancelManyTitle: (count: number): string => `Cancel ${plural(count, 'run', 'runs')}?`,
    confirmCancelManyText: 'The runs stop now. Finished nodes keep their output.',
    keepSessions: 'Keep sessions',
    deleteSessions: 'Delete sessions',
    renameTitle: (title: string): string => `Rename session “${title}”`,
    newTitle: 'New title',
    renameHint: 'Leave empty to use the automatic title.',
    keepTitle: 'Keep title',
    keepSession: 'Keep session',
    deleteSession: 'Delete session',
    confirmCancelTitle: (title: string): string => `Cancel run of “${title}”?`,
    confirmCancelText: 'The run stops now. Finished nodes keep their output.',
    keepRunning: 'Keep running',

    // Session
    /** Label of the button that opens the inbox, below the number of waiting sessions. */
    answerThem: 'Answer',
    back: 'Back to the list',
    sessionMenu: 'Session actions',
    copiedMarkdown: 'Copied as Markdown',
    copyMarkdownFailed: (reason: string): string => `Could not copy the session: ${reason}`,
    /** Labels in the copied text. */
    markdownStatus: 'Status',
    markdownStarted: 'Started',
    markdownDuration: 'Duration',
    markdownNodes: 'Nodes',
    markdownId: 'Session ID',
    markdownQuestion: 'Question',
    markdownAnswer: 'Answer',
    markdownOutput: 'Output',
    markdownError: 'Error',
    markdownCall: (title: string): string => `Call: ${title}`,
    charactersLeftOut: (count: number): string =>
      `[… ${plural(count, 'character', 'characters')} left out …]`,
    bytesLeftOut: (size: string): string => `[… ${size} left out, because the text is longer than 200 kB …]`,

    // What calls of models used: the counts are already formatted
    markdownUsage: 'Usage',
    openedFiles: 'Opened files',
    openingFile: (name: string): string => `Opening “${name}”…`,
    closeFile: (title: string): string => `Close the file of “${title}”`,
    /** Mark of a session that is shown from a file. */
    fileMark: 'File',
    fileSaved: (dateTime: string): string => `Saved on ${dateTime}`,
    fileRedacted: 'Parts were left out or changed when it was saved.',
    fileLacksOldest: 'The oldest events are not in the file.',
    fileCut: (events: number, expected: number): string =>
      `The file ends after event ${number(events)} of ${number(expected)}.`,
    fileDamaged: (line: number, events: number): string =>
      `Line ${number(line)} of the file cannot be read. Shown: the ${plural(events, 'event', 'events')} before it.`,
    notASessionFile: (name: string): string => `“${name}” is not a session file.`,
    newerSessionFile: (name: string): string =>
      `“${name}” was saved by a newer version, which this page cannot read.`,
    sessionFileTooLarge: (name: string): string => `“${name}” is larger than 512 MB.`,
    openFileFailed: (name: string, reason: string): string => `Could not open “${name}”: ${reason}`,
    preparingFile: 'Preparing the file…',
    downloadFailed: (reason: string): string => `Could not download the session: ${reason}`,
    noSuchNode: (nodeId: string): string => `This session has no node “${nodeId}”.`,
    nodeNotStarted: (title: string): string => `“${title}” has not started yet.`,
    eventNotKept: (index: number): string =>
      `Event ${number(index)} is not kept here: the log of this session is too long.`,
    momentNotKept: (index: number): string =>
      `The moment of event ${number(index)} is not kept here. Shown is the earliest one.`,
    noSuchEvent: (index: number): string => `This session has no event ${number(index)}.`,
    otherGraph: (graphId: string): string =>
      `This session belongs to another graph (“${graphId}”), so the list does not have it.`,
    rerunAll: 'Run all again',
    rerunTitle: (title: string): string => `Run “${title}” again`,
    rerunHint: 'Change what you like. An answer that you empty is asked for again.',
    askedAgain: (nodes: readonly string[]): string => `Asked again: ${nodes.join(', ')}`,
    answerWithFiles: 'The same files',
    answerNoJson: 'This is not a JSON object.',
    rerunFromNode: (node: string): string => `Run again from “${node}”`,
    solvedBy: (title: string): string => `Solved by “${title}”`,
    openOrigin: (title: string): string => `Open “${title}”`,
    /** Status of a node that did not run: its outputs are those of an earlier run. */
    nodeReused: 'Reused',
    useLastAnswer: 'Use the last answer',
    useLastAnswerHint: 'Fills in what was answered in the earlier run. Nothing is sent yet.',
    nodeReusedHint: 'This node did not run again: its output is that of an earlier run.',
    showOriginRun: 'Show its run',
    renameSession: 'Rename session',
    sessionId: (id: string): string => `Session ID ${id}`,
    copied: 'Copied',
    nothingOpenTitle: 'No session selected',
    nothingOpenText: 'Pick a session to follow it, answer it or run it again.',
    connectingSession: 'Connecting to the session…',
    replaying: (received: number, total: number): string =>
      `Replaying ${number(received)} of ${plural(total, 'event', 'events')}`,
    sessionConnectionLost: 'Lost connection to the server.',
    eventStuck: (index: number, size: string): string =>
      `Event ${index}${size === '' ? '' : ` (${size})`} is too large for something between here and the server. It and all after it are missing.`,
    sessionOffline: 'You’re offline. Newer activity appears when you’re back.',
    sessionPaused: 'Paused here while you work in another tab.',
    /** Follows one of the three texts above if the run has not ended. */
    runContinues: 'The run doesn’t depend on this page.',
    noSignSince: (time: string): string =>
      `No sign of this run since ${time}. It may still be busy, or have ended with its server.`,
    shownUntil: (time: string): string => `Showing what arrived until ${time}.`,
    /** A quiet note: what nodes streamed is missing. */
    piecesGone: 'The server no longer keeps what was streamed; steps, answers and results are complete.',
    sessionGoneText: 'It was deleted, or the server no longer keeps it.',
    closeSession: 'Close',
    /** Tooltip of the button that closes a session whose run has not ended. */
    closeSessionHint: 'Close. The run continues.',
    sessionFailedToConnect: 'Couldn’t open this session',
    noActivity: 'Nothing has happened yet.',
    jumpToLatest: 'Jump to latest',
    /** Followed by “: ” and the error. */
    nodeFailedNamed: (title: string): string => `${title} failed`,
    failureOf: (position: number, count: number): string => `${position} of ${count}`,
    previousFailure: 'Previous failure',
    nextFailure: 'Next failure',
    /** Followed by what the run was doing, if that is known. */
    cancelledAt: (time: string): string => `Cancelled at ${time}`,
    cancelledOn: (dateTime: string): string => `Cancelled on ${dateTime}`,
    whileWaitingFor: (nodes: string): string => `while waiting for ${nodes}`,
    whileRunning: (nodes: string): string => `while running ${nodes}`,
    /** After a question that was open when its run ended. */
    notAnswered: 'not answered',
    /** In place of a question that was answered, while the session has no other. */
    waitingForNextQuestion: 'Sent. Waiting for the next question…',
    openQuestions: (count: number): string => plural(count, 'open question', 'open questions'),
    showMoreChoices: (count: number): string => `Show ${plural(count, 'more choice', 'more choices')}`,
    showMoreQuestions: (count: number): string => `Show ${plural(count, 'more question', 'more questions')}`,
    activityLabel: 'Activity by node',
    tabsLabel: 'Views of the session',
    tabActivity: 'Activity',
    tabTimeline: 'Timeline',
    tabEvents: 'Events',
    showEarlierNodes: (count: number): string => `Show ${plural(count, 'earlier node', 'earlier nodes')}`,
    showLaterNodes: (count: number): string => `Show ${plural(count, 'later node', 'later nodes')}`,
    runFailed: 'The run failed',

    // Activity of a node
    thoughts: (count: number): string => plural(count, 'thought', 'thoughts'),
    calls: (count: number): string => plural(count, 'call', 'calls'),
    steps: 'Steps',
    callRunning: 'running',
    callDone: 'done',
    callArguments: 'Arguments',
    callResult: 'Result',
    /** Followed by the answer. */
    answeredWith: 'Answered:',
    /** After an answer that no person gave: it came with the request for the run. */
    answeredByInputs: 'from the inputs of the run',
    skippedBecause: (node: string): string => `Skipped: “${node}” failed`,
    skippedAlone: 'Skipped: an earlier node failed',
    waitingFor: (duration: string): string => `waiting ${duration}`,
    /** Goes to the card of a question. */
    answerQuestion: 'Answer',
    answerQuestionOf: (node: string): string => `Answer ${node}`,
    attempt: (attempt: number): string => `Attempt ${attempt}`,
    omittedEntries: (count: number): string => `${plural(count, 'earlier entry', 'earlier entries')} trimmed`,
    noOutput: 'No output',
    outputOf: (node: string): string => `Output of ${node}`,
    /** Heading of the outputs of a completed run, above its steps. */
    result: 'Result',
    /** In place of an output that is shown there. */
    outputInResult: 'Output shown under Result',
    finishedIn: (duration: string): string => `Finished in ${duration}`,
    showResult: 'Show result',
    /** What is still to come; both parts are joined by “ · ”. */
    nextNodes: (nodes: string): string => `Next: ${nodes}`,
    thenMore: (count: number): string => `then ${number(count)} more`,
    showEarlierEntries: (count: number): string =>
      `Show ${plural(count, 'earlier entry', 'earlier entries')}`,
    showMoreParts: (count: number): string => `Show ${plural(count, 'more part', 'more parts')}`,

    // Timeline of a session
    timelineLabel: 'Timeline of the nodes',
    timelineNoTimes: 'This server sends no timestamps.',
    /** A node and its facts: “Poet: 1.2 s, waited 12 s for an answer, completed”, or its status alone. */
    timelineRow: (node: string, parts: readonly string[]): string => `${node}: ${parts.join(', ')}`,
    /** Name of the first row, which has the whole run. */
    timelineRun: 'Run',
    timelineTotal: (duration: string): string => `${duration} total`,
    timelineWorked: (duration: string): string => `${duration} working`,
    timelineWaited: (duration: string): string => `${duration} waiting for answers`,
    attempts: (count: number): string => plural(count, 'attempt', 'attempts'),
    showMoreNodes: (count: number): string => `Show ${plural(count, 'more node', 'more nodes')}`,
    legendLabel: 'Legend',
    legendWork: 'Working',
    legendWait: 'Waiting for answers',
    legendFailed: 'Failed',
    legendIdle: 'Gap, not to scale',

    // Earlier moments of a session
    lookBack: 'Look back',
    /** Label of the slider. */
    momentLabel: 'Moment of the run',
    /** Where the slider is while the newest event of an ended run is shown. */
    momentEnd: 'End',
    momentOf: (after: string, total: string): string => `+${after} of ${total}`,
    previousStep: 'Previous step',
    nextStep: 'Next step',
    play: 'Play',
    pausePlay: 'Pause',
    playSpeed: (times: number): string => `Speed: ${times}×`,
    returnToLive: 'Return to live',
    returnToEnd: 'Return to the end',
    behindNewest: (duration: string, count: number): string =>
      `${duration} and ${plural(count, 'event', 'events')} behind`,
    openNow: (count: number): string => `${plural(count, 'question is', 'questions are')} open now`,
    eventsNotKept: (index: number): string => `Events before #${index} are no longer kept.`,
    copyMomentLink: 'Copy link to this moment',
    questionsThen: 'Questions open at this moment',
    /** Below a question of an earlier moment, followed by the answer. */
    answeredLater: 'Answered later:',
    expiredLater: 'Expired later, without an answer',
    answerNow: 'Answer now',
    showToScale: (duration: string): string => `Show gap of ${duration} to scale`,
    shortenGap: (duration: string): string => `Shorten gap of ${duration}`,
    /** What just happened at a moment: of the run, and of a node. */
    happened: {
      graphStart: 'Run started',
      graphComplete: 'Run completed',
      graphError: 'Run failed',
      graphCancelled: 'Run cancelled',
      nodeStart: (node: string): string => `${node} started`,
      nodeEnd: (node: string): string => `${node} completed`,
      nodeError: (node: string): string => `${node} failed`,
      nodeSkipped: (node: string): string => `${node} skipped`,
      nodeRetry: (node: string, attempt: number): string => `${node}: attempt ${attempt}`,
      inputRequired: (node: string): string => `${node} asks`,
      inputResolved: (node: string): string => `${node}: question answered`,
      inputExpired: (node: string): string => `${node}: question expired`,
      thoughtEvent: (node: string): string => `${node} thinks`,
      firstWords: (node: string): string => `${node}: first words`,
      words: (node: string): string => `${node} writes`,
      call: (node: string, name: string): string => `${node} calls ${name}`,
      result: (node: string): string => `${node}: call returned`,
      other: (node: string, name: string): string => `${node}: ${name}`,
    },

    // Events of a session
    eventsLabel: 'Events, oldest first',
    filterEvents: 'Filter events',
    searchEvents: 'Search events',
    searching: '· searching…',
    eventType: 'Event type',
    allTypes: 'All types',
    eventNode: 'Node',

    // Names of the columns
    eventTime: 'Time',
    eventTypeColumn: 'Type',
    eventWhat: 'What',
    /** Labels of the button that switches the kind of times; they begin with its text. */
    showClockTimes: 'Time since the start. Show clock times',
    showElapsedTimes: 'Time of day. Show times since the start',
    allNodes: 'All nodes',
    /** A choice of the filter and its number of events. */
    choiceCount: (choice: string, count: number): string => `${choice} (${number(count)})`,
    failedEvents: 'Failed',
    eventsNotPrinted: (count: number): string =>
      count === 1 ? '1 more event is not printed.' : `${number(count)} more events are not printed.`,
    eventCount: (count: number): string => plural(count, 'event', 'events'),
    eventsOf: (shown: number, total: number): string =>
      `${number(shown)} of ${plural(total, 'event', 'events')}`,
    noEventMatches: 'No events match.',
    jumpToLive: 'Jump to live',
    liveBehind: (duration: string): string => `${duration} behind live`,
    eventDetail: (index: number): string => `Event ${index} as JSON`,
    copyEvent: 'Copy as JSON',
    closeEvent: 'Close event',
    syntheticEvent: 'Inferred by this client; the server never sent it.',

    // Content
    image: 'Image',
    audio: 'Audio',
    video: 'Video',
    webPage: 'Web page',
    file: 'File',
    download: 'Download',
    openLink: 'Open link',
    contentUnavailable: 'Can’t be shown here',
    pageLeft: 'This page tried to leave its frame, so it is no longer shown.',
    pageForbidden: 'The security policy of this site does not allow this page to be shown.',
    pageUnsafe: 'This page is too complex to be shown safely.',
    showPicture: 'Show picture',
    pictureOfSize: (size: string): string => `picture, ${size}`,
    alerts: {
      note: 'Note',
      tip: 'Tip',
      important: 'Important',
      warning: 'Warning',
      caution: 'Caution',
    },
    code: (language: string): string => (language === '' ? 'Code' : `Code (${language.toLowerCase()})`),
    json: 'JSON',
    codeOutput: 'Code output',
    showSource: 'View source',
    wrapLines: 'Wrap lines',
    copyOutput: 'Copy',
    copyCode: 'Copy code',
    downloadFile: (name: string): string => `Download ${name}`,
    showAll: (length: number): string => `Show all ${plural(length, 'character', 'characters')}`,
    showLess: 'Show less',
    jsonKeys: (count: number): string => plural(count, 'key', 'keys'),
    jsonItems: (count: number): string => plural(count, 'item', 'items'),
    jsonHidden: (count: number): string => `… ${plural(count, 'more character', 'more characters')}`,
    copyJson: 'Copy JSON',

    // Question cards
    /** Head of a card: its position among the open questions of the session, and the node that asks. */
    questionOf: (position: number, total: number, node: string): string =>
      `Question ${number(position)} of ${number(total)} · ${node}`,
    /** The same for the only open question. */
    onlyQuestion: (node: string): string => `Question · ${node}`,
    questionTabs: 'Open questions, by node',
    toPreviousQuestion: 'Previous question',
    toNextQuestion: 'Next question',
    showAllQuestions: 'Show all',
    showOneQuestion: 'One at a time',
    send: 'Send',
    sendKeys: 'Ctrl ↵',
    sendKeysMac: '⌘↵',
    /** Keys that go to the next question while the caret is in a text, and what they do. */
    nextKeys: 'Alt ↓',
    nextKeysMac: '⌥↓',
    nextKeyHint: 'next question',
    sendAgain: 'Send again',
    sending: 'Sending…',
    skip: 'Skip',
    draftKept: 'Draft saved',
    draftKeptWithoutFiles: 'Draft saved. Files are kept only until you close this page.',
    draftInMemory: 'Draft not saved: browser storage is full. Keep this page open.',
    alreadyAnswered: 'Already answered',
    answeredElsewhere: (question: string, answer: string): string =>
      answer === ''
        ? `“${question}” was answered elsewhere.`
        : `“${question}” was answered elsewhere: “${answer}”.`,
    questionExpired: 'Expired',
    expiredQuestion: (question: string, node: string): string =>
      `“${question}” timed out, so “${node}” failed.`,
    questionEnded: 'No longer needed',
    endedQuestion: (question: string): string => `The session ended before “${question}” was answered.`,
    nodeEndedQuestion: (question: string, node: string): string =>
      `“${node}” ended before “${question}” was answered.`,
    typedNotSent: 'Not sent:',
    copyTyped: 'Copy text',
    otherDraft: 'Draft from another tab:',
    otherDraftEmpty: 'Cleared in another tab.',
    takeOtherDraft: 'Use it',
    keepOwnDraft: 'Keep mine',
    dismiss: 'Dismiss',
    answerLabel: 'Your answer',
    answerPlaceholder: 'Type your answer',
    notePlaceholder: 'Add a note',
    typeFirst: 'Type an answer first',
    typeOrAddFile: 'Type an answer or add a file first',
    addFileFirst: 'Add a file first',
    chooseFirst: 'Choose an option first',
    chooseAny: 'Choose one or more',
    consentQuestion: (node: string, what: string): string => `Allow “${node}” to ${what}?`,
    /** What a request to read web pages asks for when it names some. */
    consentReadPages: (urls: readonly string[]): string => `read ${urls.join(', ')}`,
    /** The limits of a consent; a part is a name and a value: “depth: 2”. */
    consentLimits: (parts: readonly string[]): string => `Limited to ${parts.join('; ')}.`,
    /** Asks whether a run continues that has stopped; `before`: the nodes that run next, if they are known. */
    confirmQuestion: (before: readonly string[]): string =>
      before.length === 0
        ? 'The run has stopped here. Continue?'
        : `The run has stopped before ${before.map((node) => `“${node}”`).join(', ')}. Continue?`,
    continueRun: 'Continue',
    reviewQuestion: (node: string, count: number): string =>
      count === 1 ? `“${node}” wants to do this:` : `“${node}” wants to do ${count} things:`,
    reviewApprove: 'Approve',
    reviewEdit: 'Change',
    reviewReject: 'Reject',
    reviewRespond: 'Answer instead',
    reviewApproveRest: 'Approve all',
    reviewDecision: (action: string): string => `Decision about ${action}`,
    reviewArgs: 'Changed arguments, as JSON',
    reviewReason: 'Reason (optional)',
    reviewResponse: 'Answer to the agent',
    reviewNoArgs: 'No arguments.',
    decideFirst: 'Decide about this action first.',
    consentNoScope: 'No limits given.',
    allow: 'Allow',
    doNotAllow: 'Don’t allow',
    unknownQuestion: (kind: string): string =>
      kind === ''
        ? 'There’s no form for this question. Answer in JSON.'
        : `There’s no form for “${kind}” questions. Answer in JSON.`,
    requestDetails: 'Request (JSON)',
    answerAsJson: 'Answer (JSON)',

    // Inbox: all sessions that need input, one question after the other
    inboxQueue: 'Sessions that need input, longest waiting first',
    leaveInbox: 'Back to sessions',
    positionOf: (position: number, count: number): string => `${number(position)} of ${number(count)}`,
    moreBefore: (count: number): string => `${number(count)} more above`,
    moreAfter: (count: number): string => `${number(count)} more below`,
    inboxAnswered: 'Answered',
    inboxSkipped: 'Skipped for now',
    /** Goes to the next question; the question can be answered later. */
    skipForNow: 'Skip for now',
    skipForNowHint: 'Leave it open and go to the next question',
    openRun: 'Open run',
    contextLabel: 'What came before',
    loadingQuestion: 'Loading the question…',
    nextQuestion: (question: string, title: string): string =>
      question === '' ? `Next: ${title}` : `Next: “${question}” (${title})`,
    nextInInbox: 'Next',
    answeredUndo: (answer: string, title: string): string => `Answered “${answer}” · ${title}`,
    answerAlike: (count: number): string => `Answer all ${number(count)} alike`,
    alikeTitle: (count: number): string => `Answer ${plural(count, 'session', 'sessions')} alike?`,
    alikeText: (question: string, answer: string): string => `“${question}” – “${answer}”`,
    alikeChecking: 'Checking…',
    alikeDifferent: 'Asks something else',
    alikeUnreachable: 'Can’t be reached',
    alikeSent: 'Sent',
    alikeReport: (sent: number, failed: number): string =>
      failed === 0 ? `${number(sent)} sent.` : `${number(sent)} sent, ${number(failed)} failed.`,
    sendAnswers: (count: number): string => `Send ${plural(count, 'answer', 'answers')}`,
    doNotSend: 'Don’t send',
    allAnswered: 'All answered.',
    finishedMeanwhile: (count: number): string => `${plural(count, 'run', 'runs')} finished meanwhile.`,
    skippedLeft: (count: number): string => `${plural(count, 'session was', 'sessions were')} skipped.`,
    reviewSkipped: 'Answer the skipped ones',

    // Files of an answer
    addFiles: 'Add files',
    filesHint: (limit: string): string => `Drop, paste or choose files, ${limit} in total.`,
    chooseFile: 'Choose file',
    replaceFile: 'Choose another file',
    limitBytes: (limit: string): string => `up to ${limit}`,
    removeFile: (name: string): string => `Remove ${name}`,
    readingFiles: (count: number): string => `Reading ${plural(count, 'file', 'files')}…`,
    filesTooLarge: (name: string, limit: string): string =>
      `“${name}” is too large: files can total ${limit}`,
    fileUnreadable: (name: string): string => `“${name}” could not be read`,

    // Forms
    /** Name of the switch between the form and its JSON. */
    answerView: 'Answer in',
    formView: 'Form',
    emptyForm: 'Nothing to fill in. Send to continue.',
    /** Explains the mark on labels. */
    requiredMark: '* required',
    clearField: (label: string): string => `Clear ${label}`,
    unanswerableForm:
      'This question asks for a value that is not an object. Answers are always objects, so there is no answer that fits.',
    /** Below a form whose schema has members that depend on others, or any number of them. */
    partialForm: 'Other values can be entered as JSON.',
    invalidJson: 'This is not valid JSON',
    invalidJsonAt: (line: number, column: number): string =>
      `This is not valid JSON: see line ${line}, column ${column}`,
    mustBeObject: 'Enter a JSON object: {…}',
    mustBeArray: 'Enter a JSON array: […]',
    fieldsWrong: (count: number): string => `${plural(count, 'field needs', 'fields need')} your attention`,
    fieldRequired: 'Required',
    fieldOptional: 'optional',
    fieldReadOnly: 'read-only',
    fieldDeprecated: 'deprecated',
    /** Limits of a field, below its label: lower-case, because several follow each other. */
    limitAtLeast: (minimum: number): string => `at least ${number(minimum)}`,
    limitAtMost: (maximum: number): string => `at most ${number(maximum)}`,
    limitAbove: (limit: number): string => `more than ${number(limit)}`,
    limitBelow: (limit: number): string => `less than ${number(limit)}`,
    limitSteps: (of: number): string => `in steps of ${number(of)}`,
    /** A number of characters: “exactly 5 characters”, “5 to 10 characters”; Infinity is no maximum. */
    limitLength: (minimum: number, maximum: number): string =>
      `${range(minimum, maximum)} ${maximum === 1 || (minimum === 1 && maximum === Number.POSITIVE_INFINITY) ? 'character' : 'characters'}`,
    /** A number of items of a list, likewise. */
    limitItems: (minimum: number, maximum: number): string =>
      `${range(minimum, maximum)} ${maximum === 1 || (minimum === 1 && maximum === Number.POSITIVE_INFINITY) ? 'item' : 'items'}`,
    limitPattern: (pattern: string): string => `in the form ${pattern}`,
    examples: (examples: string): string => `for example ${examples}`,
    fieldType: 'Wrong type of value',
    fieldNotANumber: 'Enter a number, such as 2.5',
    fieldNotAnInteger: 'Enter a whole number',
    numberInexact: (number: string): string => `${number} cannot be stored exactly`,
    fieldTooSmall: (minimum: number): string => `Enter ${number(minimum)} or more`,
    fieldTooLarge: (maximum: number): string => `Enter ${number(maximum)} or less`,
    fieldNotAbove: (limit: number): string => `Enter more than ${number(limit)}`,
    fieldNotBelow: (limit: number): string => `Enter less than ${number(limit)}`,
    fieldNotAMultiple: (of: number): string => `Enter a multiple of ${number(of)}`,
    fieldTooShort: (length: number): string => `Enter at least ${plural(length, 'character', 'characters')}`,
    fieldTooLong: (length: number): string => `Enter at most ${plural(length, 'character', 'characters')}`,
    fieldTooFew: (count: number): string => `At least ${number(count)} required`,
    fieldTooMany: (count: number): string => `At most ${number(count)} allowed`,
    fieldNotUnique: 'Already in the list',
    fieldUnwanted: 'Not allowed here',
    fieldUnfit: 'Doesn’t match what’s expected',
    fieldNone: 'No value is allowed here',
    fieldEither: (problems: readonly string[]): string => `Either: ${problems.join('; or: ')}`,
    fieldSeveral: 'This can be read in several ways, but only one is allowed',
    fieldOnlyOne: (labels: readonly string[]): string => `Fill in only one of ${labels.join(', ')}`,
    fieldNotTogether: (labels: readonly string[]): string => `Do not fill in all of ${labels.join(', ')}`,
    fieldMissing: (groups: readonly (readonly string[])[]): string =>
      `Fill in ${groups.map((labels) => labels.join(' and ')).join(' or ')}`,
    fieldExcluded: 'This value is not allowed',
    fieldName: (name: string): string => `The name “${name}” is not allowed`,
    fieldLacksItem: 'A required item is missing in this list',
    fieldTooFewSuch: (count: number): string => `At least ${number(count)} of the required items needed`,
    fieldTooManySuch: (count: number): string => `At most ${number(count)} of these items allowed`,
    fieldTooFewMembers: (count: number): string => `Fill in at least ${number(count)}`,
    fieldTooManyMembers: (count: number): string => `Fill in at most ${number(count)}`,
    problemInside: (path: string, problem: string): string => `${path}: ${problem}`,
    fieldPattern: 'Wrong format',
    fieldEmail: 'Enter an email address, such as name@example.org',
    fieldUri: 'Enter a full URL, such as https://example.org',
    fieldDate: 'Enter a date',
    fieldTime: 'Enter a time',
    fieldDateTime: 'Enter a date and time',
    fieldOneOf: (values: string): string => `Must be one of ${values}`,
    moreProblems: (count: number): string => `and ${number(count)} more`,
    fieldOption: 'Choose one of these',
    numberRange: (minimum: number, maximum: number): string => `${number(minimum)} to ${number(maximum)}`,
    addItem: 'Add item',
    removeItem: (label: string): string => `Remove ${label}`,
    /** Labels of a member that a person names. */
    pairName: 'Name',
    pairValue: 'Value',
    addPair: 'Add entry',
    nameDoubled: 'This name is already used',
    moveItemUp: (label: string): string => `Move ${label} up`,
    moveItemDown: (label: string): string => `Move ${label} down`,
    /** An alternative of a schema that has no title, by its JSON type; with a position where several have the same. */
    variantName: (type: string, position?: number): string =>
      `${VALUE_TYPES.get(type) ?? 'Option'} ${position ?? ''}`.trim(),
    chooseValue: 'Choose…',
    noAnswer: 'No answer',
    /** Name of an option that is an empty text. */
    emptyOption: '(empty)',
    yes: 'Yes',
    no: 'No',
    /** Placeholder of a field for a value of any type. */
    textOrJson: 'Text or JSON',
  }),
);

/**
 * The catalogue of texts. A translation has all of them and is created with `isolatingStrings({…})`;
 * `{...englishStrings, send: 'Post'}` changes one text.
 */
export type PanelStrings = Readonly<typeof englishStrings>;
