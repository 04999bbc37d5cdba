/**
 * The part of the panel's benchmarks that runs in the page: adds the panel and counts its work. Bundled as a
 * host would, with the production build of Lit.
 */
import type { LitElement } from 'lit';
import { createSessions, HttpGraphRunService, watch, type Sessions } from 'graph-sessions';
import 'graph-sessions/define.js';

/** Counters in the page since `begin`. */
export interface PageFigures {
  /** Tasks of the main thread over 50 ms, in milliseconds. */
  readonly longTasks: readonly number[];
  /** The longest time between two animation frames, and how many were longer than 100 ms. */
  readonly longestFrameMs: number;
  readonly slowFrames: number;
  /** Maximum number of elements in the panel, including shadow roots. */
  readonly mostElements: number;
  /** Maximum number of rows in the list. */
  readonly mostRows: number;
  /** Batches with changed rows, and the number of these rows. */
  readonly batches: number;
  readonly changes: number;
  /** Updates of the panel and of its list; `most…`: maximum between two batches. */
  readonly panelUpdates: number;
  readonly listUpdates: number;
  readonly mostListUpdates: number;
  /** Rows that were rendered, and those of them that were outside the visible list afterwards. */
  readonly rowRenders: number;
  readonly offScreenRenders: number;
}

/** The counters of a page. */
export interface PanelBench {
  /** Adds a panel to the page and monitors the graph. */
  open(endpoint: string, graphId: string): void;
  /** Opens a session; resolves with the duration in milliseconds when its replay is complete. */
  replay(sessionId: string): Promise<number>;
  /** Resolves when everything in the page is drawn. */
  drawn(): Promise<void>;
  sessionCount(): number;
  /** Restarts counting. */
  begin(): void;
  end(): PageFigures;
  /** Reads the log of a session, as one of `Reading` does, without a panel. Resolves when its replay is complete. */
  read(reading: Reading, endpoint: string, sessionId: string): Promise<void>;
  /** Scrolls the list of events page by page, one per frame, and several per frame after the first 300. */
  scrollEvents(pagesAtOnce: number): Promise<number>;
}

/** Ways to read a log: each does what the one before it does, and more. */
export type Reading =
  /** Fetches and decodes the bytes, splits them at line ends, and parses the JSON of each line of data. */
  | 'floor'
  /** The client. */
  | 'client'
  /** The client and the state. */
  | 'state';

declare global {
  var panelBench: PanelBench;
}

type Updating = HTMLElement & { isUpdatePending: boolean; performUpdate(): void; render(): unknown };

const SAMPLE_MS = 250;

let sessions: Sessions | undefined;
let panel: HTMLElement | undefined;
let figures = noFigures();
let isCounting = false;
let begunMs = 0;
/** Ids of the rows rendered by the current update; undefined outside of `render`. */
let rendered: Set<string> | undefined;
let updatesOfBatch = 0;
let lastFrameMs = 0;
let frame = 0;

function noFigures() {
  return {
    longTasks: [] as number[],
    longestFrameMs: 0,
    slowFrames: 0,
    mostElements: 0,
    mostRows: 0,
    batches: 0,
    changes: 0,
    panelUpdates: 0,
    listUpdates: 0,
    mostListUpdates: 0,
    rowRenders: 0,
    offScreenRenders: 0,
  };
}

function open(endpoint: string, graphId: string): void {
  const made = createSessions(new HttpGraphRunService({ baseUrl: endpoint }));
  sessions = made;
  countBatches(made);
  const element = document.createElement('sessions-panel');
  Object.assign(element, made);
  element.graphId = graphId;
  document.body.append(element);
  panel = element;
  void element.updateComplete.then(() => {
    onUpdate(element, () => (figures.panelUpdates += 1));
    const list = element.shadowRoot?.querySelector('sessions-panel-list');
    if (list !== null && list !== undefined) countList(list);
  });
  new PerformanceObserver((entries) => {
    for (const { duration, startTime } of entries.getEntries()) {
      if (isCounting && startTime >= begunMs) figures.longTasks.push(duration);
    }
  }).observe({ type: 'longtask' });
  setInterval(sample, SAMPLE_MS);
}

function countBatches({ history }: Sessions): void {
  const apply = history.apply.bind(history);
  history.apply = (messages) => {
    const changes = messages.filter(({ kind }) => kind === 'row').length;
    figures.changes += changes;
    if (changes > 0) figures.batches += 1;
    updatesOfBatch = 0;
    apply(messages);
  };
  const getSession = history.getSession.bind(history);
  history.getSession = (sessionId) => {
    rendered?.add(sessionId);
    return getSession(sessionId);
  };
}

function countList(list: Element): void {
  const target = list as Updating;
  const render = target.render.bind(target);
  target.render = () => {
    rendered = new Set();
    return render();
  };
  onUpdate(list, () => {
    const ids = rendered ?? new Set();
    rendered = undefined;
    updatesOfBatch += 1;
    figures.listUpdates += 1;
    figures.mostListUpdates = Math.max(figures.mostListUpdates, updatesOfBatch);
    figures.rowRenders += ids.size;
    const shown = new Set(
      [...(target.shadowRoot?.querySelectorAll<HTMLElement>('.item') ?? [])].map(
        (item) => item.dataset['id'],
      ),
    );
    for (const sessionId of ids) if (!shown.has(sessionId)) figures.offScreenRenders += 1;
  });
}

/** Calls `callback` after each update of an element. */
function onUpdate(element: Element, callback: () => void): void {
  const target = element as Updating;
  const performUpdate = target.performUpdate.bind(target);
  target.performUpdate = () => {
    const isUpdating = target.isUpdatePending;
    performUpdate();
    if (isUpdating) callback();
  };
}

/** Runs only while frames are counted: the browser draws each for which there is a callback. */
function onFrame(nowMs: number): void {
  if (lastFrameMs > 0) {
    const gapMs = nowMs - lastFrameMs;
    figures.longestFrameMs = Math.max(figures.longestFrameMs, gapMs);
    if (gapMs > 100) figures.slowFrames += 1;
  }
  lastFrameMs = nowMs;
  frame = requestAnimationFrame(onFrame);
}

function sample(): void {
  if (!isCounting || panel === undefined) return;
  figures.mostElements = Math.max(figures.mostElements, elementsOf(panel));
  const list = panel.shadowRoot?.querySelector('sessions-panel-list');
  figures.mostRows = Math.max(figures.mostRows, list?.shadowRoot?.querySelectorAll('.item').length ?? 0);
}

function elementsOf(root: Element | ShadowRoot): number {
  let count = 0;
  for (const element of root.querySelectorAll('*')) {
    count += 1;
    if (element.shadowRoot !== null) count += elementsOf(element.shadowRoot);
  }
  return root instanceof Element && root.shadowRoot !== null ? count + elementsOf(root.shadowRoot) : count;
}

/** Resolves when the condition is true; checks it in each frame. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => requestAnimationFrame(resolve));
}

async function replay(sessionId: string): Promise<number> {
  if (sessions === undefined) throw new Error('There is no panel.');
  const { run, actions } = sessions;
  const startedMs = performance.now();
  actions.connect(sessionId);
  // Asking in each frame would make the browser draw all of them, which the floor does not do.
  let stop: (() => void) | undefined;
  await new Promise<void>((resolve) => {
    stop = watch(
      () => run.connection.phase === 'live' || run.connection.phase === 'terminal',
      (isComplete) => {
        if (isComplete) resolve();
      },
    );
  });
  stop?.();
  return performance.now() - startedMs;
}

async function drawn(): Promise<void> {
  // What is drawn may need to draw more in the next frame.
  for (let frames = 0; frames < 2; frames += 1) {
    const pending = pendingIn(document);
    if (pending.length > 0) frames = -1;
    await Promise.all(pending);
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

/** The updates that elements wait for, in any shadow root. */
function pendingIn(root: ParentNode): Promise<unknown>[] {
  return [...root.querySelectorAll<Element & Partial<LitElement>>('*')].flatMap((element) => [
    ...(element.isUpdatePending === true && element.updateComplete !== undefined
      ? [element.updateComplete]
      : []),
    ...(element.shadowRoot === null ? [] : pendingIn(element.shadowRoot)),
  ]);
}

async function read(reading: Reading, endpoint: string, sessionId: string): Promise<void> {
  if (reading === 'floor') {
    await readFloor(`${endpoint}/${sessionId}?protocol=1`);
    return;
  }
  const service = new HttpGraphRunService({ baseUrl: endpoint });
  if (reading === 'state') {
    sessions = createSessions(service);
    await replay(sessionId);
    return;
  }
  for await (const { messages } of service.connectSession(sessionId)) {
    if (messages.some(({ kind }) => kind === 'replayComplete')) return;
  }
}

async function readFloor(url: string): Promise<void> {
  const response = await fetch(url);
  const reader = response.body?.getReader();
  if (reader === undefined) throw new Error('The stream has no body.');
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error('The stream ended before its replay.');
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('data: ')) continue;
      const data: unknown = JSON.parse(line.slice(6));
      if (typeof data === 'object' && data !== null && 'type' in data && data.type === 'replayComplete') {
        await reader.cancel();
        return;
      }
    }
  }
}

/** The first matching descendant, in any shadow root. */
function find(root: Element, selector: string): HTMLElement | undefined {
  for (const parent of [root, root.shadowRoot]) {
    for (const element of parent?.querySelectorAll('*') ?? []) {
      if (element instanceof HTMLElement && element.matches(selector)) return element;
      const found = element.shadowRoot === null ? undefined : find(element, selector);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

async function scrollEvents(pagesAtOnce: number): Promise<number> {
  const events = panel === undefined ? undefined : find(panel, 'sessions-panel-events');
  const scroller = events?.shadowRoot?.querySelector('.scroller');
  if (scroller === null || scroller === undefined) throw new Error('There is no list of events.');
  scroller.scrollTop = 0;
  let frames = 0;
  await until(() => {
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    scroller.scrollTop += clientHeight * (frames < 300 ? 1 : pagesAtOnce);
    frames += 1;
    return frames > 1 && scrollTop + clientHeight >= scrollHeight - 1;
  });
  return frames;
}

globalThis.panelBench = {
  open,
  replay,
  drawn,
  read,
  scrollEvents,
  sessionCount: () => sessions?.history.sessionIds.length ?? 0,
  begin() {
    figures = noFigures();
    begunMs = performance.now();
    lastFrameMs = 0;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(onFrame);
    isCounting = true;
  },
  end() {
    sample();
    isCounting = false;
    cancelAnimationFrame(frame);
    return figures;
  },
};
