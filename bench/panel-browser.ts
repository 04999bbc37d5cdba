import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';
import { build } from 'vite';
import { browserArguments, findOrInstallBrowser } from '../scripts/find-browser.mjs';
import type { ServerLimits } from '../src/server/limits.js';
import type { PageFigures } from './panel-page.js';
import { figure } from './support.js';

/** Longer tasks are noticeable: the threshold of the Long Tasks API. */
const LONG_MS = 50;

const RUN_TASK = 'ThreadControllerImpl::RunTask';
const MICROTASKS = 'BlinkScheduler_PerformMicrotaskCheckpoint';

/** Costs of a period of time on the page. */
export interface Cost extends PageFigures {
  /** The longest task of the page's main thread, in milliseconds of wall-clock time and of processor time. */
  readonly longestMs: number;
  readonly longestCpuMs: number;
  /** Tasks that took more than 50 ms of processor time, which excludes other load of the machine. */
  readonly longCpuTasks: number;
  /** Share of the time in which the main thread was busy. */
  readonly share: number;
}

/** A page with the built panel, in a real browser, with its own server. */
export class PanelPage {
  readonly page: Page;
  readonly endpoint: string;
  readonly #browser: Browser;
  readonly #files: Server;
  readonly #server: ChildProcess;
  readonly #session: CDPSession;

  private constructor(
    page: Page,
    endpoint: string,
    parts: { browser: Browser; files: Server; server: ChildProcess; session: CDPSession },
  ) {
    this.page = page;
    this.endpoint = endpoint;
    this.#browser = parts.browser;
    this.#files = parts.files;
    this.#server = parts.server;
    this.#session = parts.session;
  }

  static async open(limits: Partial<ServerLimits> = {}): Promise<PanelPage> {
    const server = fork(fileURLToPath(new URL('panel-server.ts', import.meta.url)), [JSON.stringify(limits)]);
    const [{ url }] = (await once(server, 'message')) as [{ url: string }];
    const files = await serve(await bundle());
    const browser = await chromium.launch({
      executablePath: findOrInstallBrowser(),
      args: browserArguments(),
    });
    const page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
    page.on('pageerror', (error) => console.error(error));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') console.error(message.text());
    });
    await page.goto(`http://127.0.0.1:${(files.address() as AddressInfo).port}/`);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    return new PanelPage(page, url, { browser, files, server, session });
  }

  /** Starts a session. Resolves with its id when its run has started. */
  async create(graphId: string, title: string, type: string, configuration: object = {}): Promise<string> {
    const graph = { title, nodes: [{ id: 'n', type, configuration }] };
    const response = await fetch(`${this.endpoint}/new`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ graphId, graph }),
    });
    if (response.status !== 200) throw new Error(await response.text());
    const { sessionId } = (await response.json()) as { sessionId: string };
    return sessionId;
  }

  /** Resolves when a session has ended. */
  async ended(sessionId: string): Promise<void> {
    const response = await fetch(`${this.endpoint}/${sessionId}?protocol=1`);
    // The server closes the stream then.
    await response.text();
  }

  /** Adds the panel to the page and waits until it lists at least the given number of sessions of the graph. */
  async monitor(graphId: string, count: number): Promise<void> {
    await this.page.evaluate(([endpoint, id]) => globalThis.panelBench.open(endpoint, id), [
      this.endpoint,
      graphId,
    ] as const);
    await this.page.waitForFunction((least) => globalThis.panelBench.sessionCount() >= least, count);
  }

  /** Lets the server change the status of sessions of the node type `idle`. */
  async change(perSecond: number, seconds: number): Promise<void> {
    this.#server.send({ perSecond, seconds });
    await once(this.#server, 'message');
  }

  /** Runs an action and returns the costs on the page's main thread. */
  async cost(work: () => Promise<unknown>): Promise<Cost> {
    await this.#browser.startTracing(this.page, {
      categories: ['toplevel', 'scheduler', 'blink.user_timing'],
    });
    await this.page.evaluate(() => {
      performance.mark('bench-begin');
      globalThis.panelBench.begin();
    });
    const before = await this.#metrics();
    await work();
    const after = await this.#metrics();
    const counts = await this.page.evaluate(() => globalThis.panelBench.end());
    const trace = await this.#browser.stopTracing();
    return {
      ...counts,
      ...tasksOf(trace.toString()),
      share: (after.taskSeconds - before.taskSeconds) / (after.seconds - before.seconds),
    };
  }

  /** Runs an action on a page that was loaded anew. Returns the processor time of its main thread, in milliseconds. */
  async processorMs(work: () => Promise<unknown>): Promise<number> {
    await this.page.reload();
    const session = await this.page.context().newCDPSession(this.page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const taskMs = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
    };
    const before = await taskMs();
    await work();
    const after = await taskMs();
    await session.detach();
    return after - before;
  }

  async #metrics(): Promise<{ readonly taskSeconds: number; readonly seconds: number }> {
    const { metrics } = await this.#session.send('Performance.getMetrics');
    const valueOf = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
    return { taskSeconds: valueOf('TaskDuration'), seconds: valueOf('Timestamp') };
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#files.close();
    const ended = once(this.#server, 'close');
    this.#server.kill('SIGKILL');
    await ended;
  }
}

/** Prints the figures that every period of time has. */
export function tell(name: string, cost: Cost): void {
  console.log(`\n${name}`);
  figure('tasks over 50 ms', cost.longTasks.length);
  figure('tasks over 50 ms of processor time', cost.longCpuTasks);
  figure('longest task', cost.longestMs, 'ms');
  figure('longest task, processor time', cost.longestCpuMs, 'ms');
  figure('share of the main thread', cost.share * 100, '%');
  figure('frames later than 100 ms', cost.slowFrames);
  figure('longest time between two frames', cost.longestFrameMs, 'ms');
  figure('most elements', cost.mostElements);
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
}

/** The tasks of the thread on which the page's script has set its mark: the main thread. */
function tasksOf(json: string): Pick<Cost, 'longestMs' | 'longestCpuMs' | 'longCpuTasks'> {
  const { traceEvents } = JSON.parse(json) as { traceEvents: readonly TraceEvent[] };
  const begin = traceEvents.find((event) => event.name === 'bench-begin');
  if (begin === undefined) throw new Error('The trace does not have the page.');
  const ofPage = traceEvents
    .filter(({ ph, pid, tid, ts }) => ph === 'X' && pid === begin.pid && tid === begin.tid && ts > begin.ts)
    .sort((a, b) => a.ts - b.ts);
  const tasks: { ms: number; cpuMs: number }[] = [];
  for (const { name, dur = 0, tdur = dur } of ofPage) {
    if (name === RUN_TASK) tasks.push({ ms: dur / 1000, cpuMs: tdur / 1000 });
    const last = tasks.at(-1);
    // Microtasks run after the task itself and belong to it.
    if (name !== MICROTASKS || last === undefined) continue;
    last.ms += dur / 1000;
    last.cpuMs += tdur / 1000;
  }
  return {
    longestMs: Math.max(0, ...tasks.map(({ ms }) => ms)),
    longestCpuMs: Math.max(0, ...tasks.map(({ cpuMs }) => cpuMs)),
    longCpuTasks: tasks.filter(({ cpuMs }) => cpuMs > LONG_MS).length,
  };
}

/** Builds the page as a host would: one script, with the production build of every package. */
async function bundle(): Promise<string> {
  const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
  const output = await build({
    configFile: pathOf('../vite.config.ts'),
    root: pathOf('.'),
    logLevel: 'warn',
    build: {
      write: false,
      target: 'es2022',
      rolldownOptions: {
        input: pathOf('panel-page.ts'),
        // The package declares side effects only for its built modules.
        treeshake: false,
        output: { codeSplitting: false },
      },
    },
  });
  if (!Array.isArray(output) && !('output' in output)) throw new Error('Nothing was built.');
  const chunks = [output].flat().flatMap((part) => part.output);
  const [script] = chunks.flatMap((part) => (part.type === 'chunk' && part.isEntry ? [part.code] : []));
  if (script === undefined) throw new Error('Nothing was built.');
  return script;
}

const PAGE = `<!doctype html><meta charset="utf-8"><title>Bench</title>
<link rel="icon" href="data:,"><style>html,body{height:100%;margin:0}</style>
<script type="module" src="/page.js"></script>`;

async function serve(script: string): Promise<Server> {
  const server = createServer(({ url }, response) => {
    const isScript = url === '/page.js';
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : PAGE);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
