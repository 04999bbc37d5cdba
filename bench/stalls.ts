import type { Graph, GraphEdge, GraphNode } from '../src/protocol/graph.js';
import { PauseWatcher } from './pauses.js';
import { BenchServer, sleep, times } from './support.js';

/** A request that is not answered by then, and whose server is then stopped. */
const GIVE_UP_MS = 60_000;
const IDLE_MS = 3000;
/** How long the others are watched after the last answer. */
const SETTLE_MS = 500;
/** Connections that may be reset while a state is waited for. */
const MAX_RESETS = 20;
const EVENT_BYTES = 1200;
const LIMITS = { openSessionsPerPrincipal: 1_000_000, sessionsPerGraph: 1_000_000 };

/** One hard request, or a few, on a server that is there already. Resolves with what was answered. */
type Work = (server: BenchServer) => Promise<number | string>;

/** How long others wait at most while the server does something hard. */
export async function stalls(events = 190_000, waiting = 1000): Promise<void> {
  console.log(row(['request', 'answer', 'after ms', 'others waited ms', 'of idle']));
  const idleMs = await measureIdle();
  await measureSingleRequests(idleMs);
  await measureBigLogs(idleMs, events);
  await measureManyWaiting(idleMs, waiting);
}

async function measureIdle(): Promise<number> {
  const server = await BenchServer.start();
  const watcher = await PauseWatcher.start(server.base);
  try {
    await sleep(SETTLE_MS);
    await watcher.read();
    await sleep(IDLE_MS);
    const { longestMs, medianMs } = await watcher.read();
    console.log(row(['nothing (median)', '', '', medianMs.toFixed(1), '']));
    console.log(row(['nothing (longest)', '', '', longestMs.toFixed(1), '1']));
    return longestMs;
  } finally {
    watcher.stop();
    await server.stop();
  }
}

/** Requests that need nothing but an empty server; each has one of its own. */
async function measureSingleRequests(idleMs: number): Promise<void> {
  for (const [name, work] of Object.entries(SINGLE_REQUESTS)) {
    const server = await BenchServer.start(LIMITS);
    try {
      await measure(server, name, idleMs, work);
    } finally {
      await server.stop();
    }
  }
}

const COMMAS = '{},'.repeat(5_000_000);

const SINGLE_REQUESTS: Readonly<Record<string, Work>> = {
  'an answer to no session, 15 MB of {},': async (server) =>
    post(server, '/x:resume', `{"interactionId":"x","response":{"a":[${COMMAS}1]}}`),
  'a cancellation of no session, 15 MB of {},': async (server) =>
    post(server, '/x:cancel', `{"reason":[${COMMAS}1]}`),
  'a creation that is refused, 15 MB of {},': async (server) =>
    post(
      server,
      '/new',
      `{"graphId":"g","graph":{"nodes":[{"id":"a","type":"nope","configuration":{"a":[${COMMAS}1]}}]}}`,
    ),
  'a creation with a key, 9900 different names (canonical JSON)': async (server) =>
    create(server, { nodes: [{ id: 'a', type: 'output', configuration: members(9900) }] }, '"k"'),
  'a creation with a key, one text of 8 MB': async (server) =>
    create(
      server,
      { nodes: [{ id: 'a', type: 'output', configuration: { a: 'x'.repeat(8_000_000) } }] },
      '"k"',
    ),
  'an answer to no session, 3 MB in 190,000 different names': async (server) =>
    post(server, '/x:resume', JSON.stringify({ interactionId: 'x', response: members(190_000) })),
  '1000 nodes, 10,000 edges': async (server) =>
    create(server, { nodes: nodes(1000, 'output'), edges: ladder(1000, 10) }),
  '300 nodes, 10,000 edges': async (server) =>
    create(server, { nodes: nodes(300, 'output'), edges: ladder(300, 39) }),
  '1000 nodes in a row': async (server) =>
    create(server, { nodes: nodes(1000, 'output'), edges: ladder(1000, 1) }),
  '1000 nodes side by side that ask': async (server) =>
    create(server, { nodes: nodes(1000, 'ask-text', { prompt: '?' }) }),
  'a prompt “about x” and 20,000 spaces': async (server) =>
    runPrompt(server, `about x${' '.repeat(20_000)}y`),
  'a prompt of 20,000 spaces': async (server) => runPrompt(server, `x${' '.repeat(20_000)}y`),
  'a prompt “about” × 4000': async (server) => runPrompt(server, 'about a '.repeat(4000)),
  'a prompt “{{” and 3000 spaces': async (server) => runPrompt(server, `{{${' '.repeat(3000)}`),
};

/** A session that fills its log almost to the limits, and one that asks at the end of such a log. */
async function measureBigLogs(idleMs: number, events: number): Promise<void> {
  let server = await BenchServer.start(LIMITS);
  try {
    const flood = { id: 'f', type: 'flood', configuration: { events, bytes: EVENT_BYTES } };
    const question = { id: 'q', type: 'ask-text', configuration: { prompt: '?' } };
    const ended = await createdId(server, { nodes: [flood] });
    const asking = await createdId(server, { nodes: [flood, question], edges: [{ from: 'f', to: 'q' }] });
    await untilClosed(server, ended, ({ closed }) => closed === true);
    await untilClosed(server, asking, ({ status }) => status === 'suspended');
    const big = `${events.toLocaleString('en')} events`;
    await measure(server, `status, ${big}`, idleMs, () => get(server, `/${ended}/status`));
    await measure(server, `status again, ${big}`, idleMs, () => get(server, `/${ended}/status`));
    await measure(server, `pin, ${big}`, idleMs, () => send(server, 'PATCH', `/${ended}`, '{"pinned":true}'));
    await measure(server, `one stream to its end, ${big}`, idleMs, () => get(server, `/${ended}?protocol=1`));
    await measure(server, `all pages of 1000, ${big}`, idleMs, () => readPages(server, ended));
    const started = performance.now();
    server = await server.restart(LIMITS);
    console.log(row([`restart: until it listens, ${big} waiting`, '', since(started), '', '']));
    await measure(server, 'restart: status of the waiting one', idleMs, () =>
      get(server, `/${asking}/status`),
    );
    await measure(server, `answer at the end of ${big} (history of a node)`, idleMs, async () => {
      const status = await answer(server, asking);
      await untilClosed(server, asking, ({ closed }) => closed === true);
      return status;
    });
  } finally {
    await server.stop();
  }
}

/** Many sessions that wait for an answer. */
async function measureManyWaiting(idleMs: number, count: number): Promise<void> {
  let server = await BenchServer.start(LIMITS);
  try {
    const graph = { nodes: nodes(1, 'ask-text', { prompt: '?' }) };
    const ids = await times(count, () => createdId(server, graph));
    const name = `${count.toLocaleString('en')} waiting sessions`;
    await measure(server, `the list of ${name}`, idleMs, () => readList(server));
    const started = performance.now();
    server = await server.restart(LIMITS);
    console.log(row([`restart: until it listens, ${name}`, '', since(started), '', '']));
    await measure(server, `restart: status of ${name}`, idleMs, async () => {
      const answers = await times(ids.length, (turn) => get(server, `/${ids[turn] ?? ''}/status`));
      return answers.filter((status) => status === 200).length;
    });
    await measure(server, `answers to ${name}`, idleMs, async () => {
      const answers = await times(ids.length, (turn) => answer(server, ids[turn] ?? ''));
      return answers.filter((status) => status === 200).length;
    });
  } finally {
    await server.stop();
  }
}

/** Prints how long the work took, and how long others waited at most meanwhile. */
async function measure(server: BenchServer, name: string, idleMs: number, work: Work): Promise<void> {
  const watcher = await PauseWatcher.start(server.base);
  try {
    await sleep(SETTLE_MS);
    await watcher.read();
    const started = performance.now();
    const outcome = await Promise.race([
      work(server).catch((error: unknown) => String(error)),
      sleep(GIVE_UP_MS).then(() => 'none'),
    ]);
    const after = outcome === 'none' ? `> ${GIVE_UP_MS}` : since(started);
    await sleep(SETTLE_MS);
    const { longestMs, failures } = await watcher.read();
    const resets = failures === 0 ? '' : `, ${failures} resets`;
    const ratio = Math.round(longestMs / idleMs).toLocaleString('en');
    console.log(row([name, `${outcome}`, after, `${longestMs.toFixed(0)}${resets}`, ratio]));
  } finally {
    watcher.stop();
  }
}

function since(started: number): string {
  return (performance.now() - started).toFixed(0);
}

const WIDTHS = [64, 9, 9, 18, 8];

function row(cells: readonly string[]): string {
  return cells.map((cell, column) => pad(cell, WIDTHS[column] ?? 0, column < 2)).join('  ');
}

function pad(text: string, width: number, isLeft: boolean): string {
  return isLeft ? text.padEnd(width) : text.padStart(width);
}

async function runPrompt(server: BenchServer, prompt: string): Promise<number> {
  return create(server, { nodes: [{ id: 'a', type: 'generate', configuration: { prompt } }] });
}

/** Starts a session and waits until its nodes have done what they can. */
async function create(server: BenchServer, graph: Graph, key?: string): Promise<number> {
  const { sessionId } = await created(server, graph, key);
  await untilClosed(server, sessionId, ({ status }) => status !== 'running');
  return 200;
}

async function createdId(server: BenchServer, graph: Graph): Promise<string> {
  return (await created(server, graph)).sessionId;
}

async function created(server: BenchServer, graph: Graph, key?: string): Promise<{ sessionId: string }> {
  const response = await fetch(`${server.base}/new`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(key === undefined ? {} : { 'Idempotency-Key': key }) },
    body: JSON.stringify({ graphId: 'bench', graph }),
  });
  if (response.status !== 200) throw new Error(await response.text());
  return (await response.json()) as { sessionId: string };
}

interface Page {
  readonly status: string;
  readonly closed: boolean;
  readonly events: readonly { readonly index: number }[];
}

/** Waits for a state of a session, and asks for one event at a time, which costs next to nothing. */
async function untilClosed(server: BenchServer, id: string, isThere: (page: Page) => boolean): Promise<void> {
  for (let failures = 0; ;) {
    try {
      const response = await fetch(`${server.base}/${id}/events?limit=1`);
      if (isThere((await response.json()) as Page)) return;
    } catch (error) {
      // After a long pause the server resets idle connections. A connection that has ended answers nothing.
      failures += 1;
      if (failures > MAX_RESETS) throw error;
    }
    await sleep(20);
  }
}

async function readPages(server: BenchServer, id: string): Promise<number> {
  for (let after = -1; ;) {
    const response = await fetch(`${server.base}/${id}/events?limit=1000&after=${after}`);
    const { events } = (await response.json()) as Page;
    const last = events.at(-1);
    if (last === undefined) return response.status;
    after = last.index;
  }
}

async function readList(server: BenchServer): Promise<number> {
  const abort = new AbortController();
  const response = await fetch(`${server.base}?graphId=bench&protocol=1`, { signal: abort.signal });
  const decoder = new TextDecoder();
  let tail = '';
  for await (const chunk of response.body ?? []) {
    tail = tail.slice(-100) + decoder.decode(chunk, { stream: true });
    if (tail.includes('snapshotComplete')) break;
  }
  abort.abort();
  return response.status;
}

async function answer(server: BenchServer, id: string): Promise<number> {
  const response = await fetch(`${server.base}/${id}/status`);
  const { pending } = (await response.json()) as { pending: readonly { interactionId: string }[] };
  const interactionId = pending[0]?.interactionId;
  return post(
    server,
    `/${id}:resume`,
    JSON.stringify({ interactionId, response: { input: { parts: [{ text: 'yes' }] } } }),
  );
}

async function get(server: BenchServer, path: string): Promise<number> {
  const response = await fetch(server.base + path);
  for await (const _ of response.body ?? []);
  return response.status;
}

function post(server: BenchServer, path: string, body: string): Promise<number> {
  return send(server, 'POST', path, body);
}

async function send(server: BenchServer, method: string, path: string, body: string): Promise<number> {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(server.base + path, { method, headers, body });
  await response.text();
  return response.status;
}

function nodes(count: number, type: string, configuration: GraphNode['configuration'] = {}): GraphNode[] {
  return Array.from({ length: count }, (_, index) => ({ id: `n${index}`, type, configuration }));
}

/** Each node leads to the next ones, so many of them, up to 10,000 edges in all. */
function ladder(count: number, next: number): GraphEdge[] {
  return Array.from({ length: count }, (_, from) =>
    Array.from({ length: Math.min(next, count - 1 - from) }, (_, step) => ({
      from: `n${from}`,
      to: `n${from + step + 1}`,
    })),
  )
    .flat()
    .slice(0, 10_000);
}

function members(count: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${count - index}`, index]));
}
