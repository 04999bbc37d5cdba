import assert from 'node:assert/strict';
import type { Browser, Page, Request } from 'playwright-core';

/** Long enough for a loaded machine; a wait normally ends at once. */
const WAIT_LIMIT_MS = 30_000;

/** A server for development compiles the page when it is first asked for it. */
const COMPILE_LIMIT_MS = 300_000;

/** What differs between the examples. */
export interface VisitOptions {
  /** False if the sessions live in the page, and end with it. */
  readonly hasServer?: boolean;
  /** Number of event streams that a list keeps open; default 1. */
  readonly listStreams?: number;
  /** Prepares the page before it is opened. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** Messages of the console that are no failure. */
  readonly allowed?: RegExp;
}

/**
 * Does with an example what a person does: runs the graph, finds the question in the panel and at the button, reloads,
 * opens the session, answers, hides the panel and shows it again. Fails on any warning or error of the console.
 */
export async function visit(
  browser: Browser,
  url: string,
  { hasServer = true, listStreams = 1, prepare, allowed = /^$/ }: VisitOptions = {},
): Promise<void> {
  const page = await browser.newPage();
  page.setDefaultTimeout(WAIT_LIMIT_MS);
  page.setDefaultNavigationTimeout(COMPILE_LIMIT_MS);
  const problems = problemsOf(page, allowed);
  const streams = openStreams(page);
  try {
    await prepare?.(page);
    await page.goto(url);
    await page.getByText('No sessions yet').waitFor();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await name(page).waitFor();
    await canvas(page).getByText('Name: suspended').waitFor();
    await button(page, 1).waitFor();

    if (hasServer) {
      await page.reload();
      await button(page, 1).waitFor();
      await page.getByRole('button', { name: /^Needs input.*Hello/ }).click();
      await page.getByText(/^Opened ./).waitFor();
    }

    await name(page).fill('Ada');
    await page.getByRole('button', { name: /^Send/ }).click();
    await page.getByRole('button', { name: /^Completed.*Hello/ }).waitFor();
    await canvas(page).getByText('Result: completed').waitFor();
    await button(page, 0).waitFor();

    await button(page, 0).click();
    await page.locator('sessions-panel').waitFor({ state: 'detached' });
    await button(page, 0).click();
    await page.getByRole('button', { name: /^Completed.*Hello/ }).waitFor();
    if (hasServer) {
      // LangGraph's server ends the stream of a run half a second after its last event.
      while (streams.size > listStreams) await page.waitForEvent('requestfinished', { timeout: 5000 });
      assert.equal(streams.size, listStreams, 'The panel that was shown again left its streams open.');
    } else {
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.getByRole('button', { name: /^Completed.*Hello/ }).click();
      await page.getByText(/^Opened ./).waitFor();
    }
  } catch (error) {
    throw problems.length === 0 ? error : new Error(problems.join('\n'), { cause: error });
  } finally {
    await page.close();
  }
  assert.deepEqual(problems, []);
}

/** The field of the question that the graph asks. */
function name(page: Page) {
  return page.getByRole('group', { name: 'Question · Name' }).getByRole('textbox');
}

/** The part of the editor that shows the nodes of the run. */
function canvas(page: Page) {
  return page.getByRole('list', { name: 'Canvas' });
}

/** The button that shows the panel, with the number of sessions that wait. */
function button(page: Page, waiting: number) {
  return page.getByRole('button', { name: `Sessions (${waiting})` });
}

/** Collects what the page complains about. */
function problemsOf(page: Page, allowed: RegExp): readonly string[] {
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(`uncaught: ${message}`));
  page.on('console', (message) => {
    const type = message.type();
    const text = message.text();
    if ((type === 'warning' || type === 'error') && !allowed.test(text)) {
      problems.push(`console.${type}: ${text}`);
    }
  });
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
  });
  return problems;
}

/** The event streams that are open at the moment. */
function openStreams(page: Page): ReadonlySet<Request> {
  const open = new Set<Request>();
  page.on('request', (request) => {
    if (request.headers()['accept']?.includes('text/event-stream')) open.add(request);
  });
  page.on('requestfinished', (request) => open.delete(request));
  page.on('requestfailed', (request) => open.delete(request));
  return open;
}
