import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, CDPSession } from 'playwright-core';

const WAIT_LIMIT_MS = 20_000;

/** Finds elements in all shadow trees, and reads their text. */
const DEEP = `
  const walk = function* (node) {
    yield node;
    for (const child of [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes]) yield* walk(child);
  };
  const all = (selector) => [...walk(document.documentElement)].filter((node) => node.matches?.(selector));
  const textOf = (node) =>
    [...(node ? walk(node) : [])]
      .filter((part) => part.nodeType === 3 && !['STYLE', 'SCRIPT'].includes(part.parentNode?.nodeName))
      .map((part) => part.data).join(' ').replace(/\\s+/g, ' ');
`;

/** A message of the DevTools protocol to a tab, and its answer. */
interface Reply {
  readonly result?: { readonly value?: unknown };
  readonly exceptionDetails?: unknown;
}

/**
 * The tabs of one real window: one is in front, the others are hidden, and hidden ones can be
 * frozen. Pages that Playwright itself opens all count as visible, and so are never frozen.
 */
export class RealTabs {
  readonly #browser: CDPSession;
  readonly #contextId: string;
  readonly #waiting = new Map<string, (reply: Reply) => void>();
  #count = 0;

  private constructor(browser: CDPSession, contextId: string) {
    this.#browser = browser;
    this.#contextId = contextId;
    browser.on('Target.receivedMessageFromTarget', ({ sessionId, message }) => {
      const { id, result } = JSON.parse(message) as { readonly id?: number; readonly result?: Reply };
      if (id !== undefined) this.#waiting.get(`${sessionId} ${id}`)?.(result ?? {});
    });
  }

  /** A window in a profile of its own. */
  static async open(browser: Browser): Promise<RealTabs> {
    const session = await browser.newBrowserCDPSession();
    const { browserContextId } = await session.send('Target.createBrowserContext');
    return new RealTabs(session, browserContextId);
  }

  /** Opens a tab in front of the others. */
  async newTab(url: string): Promise<RealTab> {
    const { targetId } = await this.#browser.send('Target.createTarget', {
      url,
      browserContextId: this.#contextId,
    });
    const { sessionId } = await this.#browser.send('Target.attachToTarget', { targetId, flatten: false });
    return new RealTab((method, params) => this.#send(sessionId, method, params));
  }

  /** Closes the window. */
  async close(): Promise<void> {
    await this.#browser.send('Target.disposeBrowserContext', { browserContextId: this.#contextId });
    await this.#browser.detach();
  }

  async #send(sessionId: string, method: string, params: object): Promise<Reply> {
    this.#count += 1;
    const id = this.#count;
    const reply = new Promise<Reply>((resolve) => {
      this.#waiting.set(`${sessionId} ${id}`, resolve);
    });
    const message = JSON.stringify({ id, method, params });
    await this.#browser.send('Target.sendMessageToTarget', { sessionId, message });
    // A tab that was frozen may not answer.
    const over = new AbortController();
    const silence = delay(WAIT_LIMIT_MS, undefined, { signal: over.signal }).then(() => {
      throw new Error(`The tab does not answer: ${message}`);
    });
    try {
      return await Promise.race([reply, silence]);
    } finally {
      over.abort();
      this.#waiting.delete(`${sessionId} ${id}`);
    }
  }
}

/** One of the tabs. */
export class RealTab {
  readonly #send: (method: string, params: object) => Promise<Reply>;

  constructor(send: (method: string, params: object) => Promise<Reply>) {
    this.#send = send;
  }

  /** Brings this tab to the front. */
  async show(): Promise<void> {
    await this.#send('Page.bringToFront', {});
  }

  /** Freezes the tab as the browser does after a long time in the background: nothing in it runs. */
  async freeze(): Promise<void> {
    await this.#send('Page.setWebLifecycleState', { state: 'frozen' });
  }

  /** Lets a frozen tab run again. */
  async thaw(): Promise<void> {
    await this.#send('Page.setWebLifecycleState', { state: 'active' });
  }

  /** Evaluates an expression in the page; it may use `all(selector)` and `textOf(element)`, which see into shadow trees. */
  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.#send('Runtime.evaluate', {
      expression: `(() => { ${DEEP}; return (${expression}); })()`,
      returnByValue: true,
      awaitPromise: true,
    });
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return result?.value;
  }

  /** Resolves when an expression has a value. */
  async until(expression: string, expected: unknown = true): Promise<void> {
    const end = Date.now() + WAIT_LIMIT_MS;
    for (;;) {
      const value = await this.evaluate(expression);
      if (JSON.stringify(value) === JSON.stringify(expected)) return;
      if (Date.now() > end) {
        const page = await this.evaluate('textOf(document.body)');
        throw new Error(`${expression} is still ${JSON.stringify(value)} in: ${String(page)}`);
      }
      // The page cannot report it itself: it may be frozen, or another one by then.
      await delay(50);
    }
  }

  /** Counts the occurrences of a text in the page. */
  times(text: string): string {
    return `textOf(document.body).split(${JSON.stringify(text)}).length - 1`;
  }

  /** Presses the first button with a text. */
  async press(text: string): Promise<void> {
    const button = `all('button').find((button) => textOf(button).includes(${JSON.stringify(text)}))`;
    await this.until(`${button} !== undefined`);
    await this.evaluate(`${button}.click()`);
  }
}
