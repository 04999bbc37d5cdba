/**
 * The ten commonest tasks, with the steps that a person takes for them: clicks and keys, on what is in sight. They are no
 * more than a very good product needs. Prints a table of them.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { HttpGraphRunService } from '../../src/service/http/http-graph-run-service.js';
import type { Graph } from '../../src/protocol/graph.js';
import { DemoBrowser } from '../support/demo-browser.js';
import { DemoPage } from '../support/demo-page.js';
import { InboxPerson } from '../support/inbox-person.js';

/** Steps of a task; a text is typed at once. */
interface Steps {
  readonly clicks: number;
  readonly keys: number;
  readonly texts: number;
}

interface Task {
  readonly number: number;
  readonly name: string;
  /** What it took in November 2026, in words. */
  readonly before: string;
  /** The most that it may take. */
  readonly limit: Steps;
}

const TASKS: readonly Task[] = [
  task(1, 'Run and watch', '1 click', { clicks: 1 }),
  task(2, 'Answer the first question after Run', '2 clicks and a text, or 26 Tabs', { keys: 1, texts: 1 }),
  task(3, 'Answer three questions in a row', '2 clicks and a text for each', { keys: 3, texts: 3 }),
  task(4, 'What failed, and why', 'scroll the chips, a click, scroll', { clicks: 1 }),
  task(5, 'Where did the time go', '2 clicks', { clicks: 2 }),
  task(6, 'Read and copy the result', '1 click, scroll, drag to select', { clicks: 2 }),
  task(7, 'Find an old session by its content', '1 click and a text', { clicks: 1, texts: 1 }),
  task(8, 'Stop a run', '2 clicks', { clicks: 2 }),
  task(9, 'Delete, and undo it', '2 clicks', { clicks: 2 }),
  task(10, 'Answer everything that waits: 12 sessions', '3 clicks and a text for each', {
    clicks: 1,
    keys: 9,
    texts: 12,
  }),
];

function task(number: number, name: string, earlier: string, limit: Partial<Steps>): Task {
  return { number, name, before: earlier, limit: { clicks: 0, keys: 0, texts: 0, ...limit } };
}

const GRAPH_ID = 'haiku';

/** A graph of one node that asks. */
function asking(type: 'ask-text' | 'ask-choice', prompt: string): Graph {
  const configuration = { prompt, ...(type === 'ask-choice' ? { choices: ['A', 'B'] } : {}) };
  return { title: 'Note', nodes: [{ id: 'ask', type, configuration }] };
}

describe('steps in the demo', () => {
  let browser: DemoBrowser;
  const counted = new Map<number, Steps>();
  before(async () => {
    browser = await DemoBrowser.start();
  });
  after(async () => {
    await browser.stop();
    const rows = TASKS.map(({ number, name, before: earlier, limit }) => {
      const steps = counted.get(number);
      const found = steps === undefined ? 'not counted' : inWords(steps);
      return `| ${number} | ${name} | ${earlier} | ${inWords(limit)} | ${found} |`;
    });
    console.log(['| # | task | before | limit | counted |', '|---|---|---|---|---|', ...rows].join('\n'));
  });

  /** Does a task on a page of its own, once `prepare` has led to where it begins, and counts its steps. */
  function counts(
    number: number,
    name: string,
    body: (demo: DemoPage, person: InboxPerson, page: Page) => Promise<void>,
    prepare: (demo: DemoPage) => Promise<void> = () => Promise.resolve(),
    options: BrowserContextOptions = {},
  ): void {
    it(name, () =>
      browser.withPage(
        async ({ page }) => {
          const demo = new DemoPage(page);
          await prepare(demo);
          const person = new InboxPerson(page);
          await body(demo, person, page);
          const { clicks, keys, texts } = person;
          counted.set(number, { clicks, keys, texts });
          const limit = TASKS.find((each) => each.number === number)?.limit;
          assert.ok(
            limit !== undefined && clicks <= limit.clicks && keys <= limit.keys && texts <= limit.texts,
            inWords({ clicks, keys, texts }),
          );
        },
        { viewport: { width: 1440, height: 900 }, ...options },
      ),
    );
  }

  counts(1, 'one click runs the graph and shows the run', async (demo, person, page) => {
    await person.click(page.getByRole('button', { name: 'Run', exact: true }));
    await demo.opened('Haiku');
    await demo.status('Needs input');
  });

  counts(
    2,
    'after Run, one types the answer to the first question',
    async (demo, person) => {
      await person.caretAt('What is the topic?');
      await person.type('The sea');
      await person.press('Control+Enter');
      await demo.question('Stanzas').waitFor();
    },
    (demo) => demo.run(),
  );

  counts(
    3,
    'one types the answers to three questions, without a click or a key between them',
    async (demo, person) => {
      await person.caretAt('What is the topic?');
      await person.type('The sea');
      await person.press('Control+Enter');
      await person.caretAt('How many stanzas');
      await person.type('Two');
      await person.press('Control+Enter');
      await person.caretAt('Which mood?');
      // The digit is the answer, as a text is.
      await person.type('1');
      await person.press('Enter');
      await demo.status('Running');
    },
    (demo) => demo.run(),
  );

  counts(
    4,
    'one click on a failed session shows why it failed',
    async (demo, person, page) => {
      await person.click(demo.row(/Failed/).first());
      await expectInSight(demo.panel.getByText(/503 Service Unavailable/).first(), page);
      await expectInSight(demo.panel.getByText('Sources failed').first(), page);
    },
    async (demo) => {
      await demo.selectExample('A failing branch');
      await demo.run();
      await demo.status('Failed');
      await close(demo);
    },
  );

  counts(
    5,
    'two clicks show when each node of a session worked and waited',
    async (demo, person, page) => {
      await person.click(demo.row(/Completed/).first());
      await person.click(demo.panel.getByRole('tab', { name: 'Timeline' }));
      await expectInSight(demo.panel.locator('[part~=timeline-row]').last(), page);
    },
    completed,
  );

  counts(
    6,
    'one click on a finished session shows its result, and a second one copies it',
    async (demo, person, page) => {
      await person.click(demo.row(/Completed/).first());
      await expectInSight(demo.panel.getByRole('heading', { name: 'Result' }), page);
      const result = demo.panel.locator('sessions-panel-output').first();
      await expectInSight(result.getByText(/Basil/).first(), page);
      await result.hover();
      await person.click(result.getByRole('button', { name: 'Copy', exact: true }));
      await demo.panel.getByText('Copied').first().waitFor();
      assert.match(await page.evaluate(() => navigator.clipboard.readText()), /Basil/i);
    },
    completed,
    { permissions: ['clipboard-read', 'clipboard-write'] },
  );

  counts(
    7,
    'one click and a word of its content find a session, and the row shows where it matches',
    async (demo, person, page) => {
      await person.click(demo.panel.getByRole('searchbox'));
      await person.type('basil');
      await demo.panel.locator('mark').getByText(/basil/i).first().waitFor();
      await expectInSight(demo.row(/Basil/i).first(), page);
    },
    completed,
  );

  counts(
    8,
    'two clicks stop a run from its row',
    async (demo, person) => {
      await demo
        .row(/Running/)
        .first()
        .hover();
      await person.click(demo.panel.getByRole('button', { name: /^Cancel run of/ }).first());
      await person.click(
        demo.panel.getByRole('alertdialog').getByRole('button', { name: 'Cancel run', exact: true }),
      );
      await demo.status('Cancelled');
    },
    async (demo) => {
      await demo.selectExample('A long run');
      await demo.run();
      await demo.status('Running');
    },
  );

  counts(
    9,
    'two clicks delete a session and undo it',
    async (demo, person) => {
      await demo
        .row(/Completed/)
        .first()
        .hover();
      await person.click(demo.panel.getByRole('button', { name: /^Delete session/ }).first());
      await person.click(demo.panel.getByRole('button', { name: 'Undo', exact: true }));
      await demo
        .row(/Completed/)
        .first()
        .waitFor();
    },
    completed,
  );

  counts(
    10,
    'one click opens the inbox, and an answer and Ctrl+Enter lead to the next of twelve sessions',
    async (_demo, person) => {
      await person.click(person.panel.getByRole('button', { name: '12 need input' }));
      for (let position = 1; position <= 12; position += 1) {
        await person.caretAt(`Question ${position}?`);
        // A digit answers a choice at once.
        await person.type(position % 4 === 0 ? '1' : 'An answer');
        if (position % 4 !== 0) await person.press('Control+Enter');
      }
      await person.panel.getByText('All answered.').waitFor();
    },
    async ({ page, panel }) => {
      const service = new HttpGraphRunService({ baseUrl: `${browser.server.url}v1beta1/graphSessions` });
      // What the other tests have left.
      const left = panel.getByRole('button', { name: /^\d+ needs? input$/ });
      for await (const messages of service.monitorSessions(GRAPH_ID)) {
        const rows = messages.flatMap((message) => (message.kind === 'row' ? message.row : []));
        for (const row of rows) await service.deleteSession(row.sessionId);
        if (messages.some(({ kind }) => kind === 'snapshotComplete')) break;
      }
      await left.waitFor({ state: 'detached' });
      for (let position = 1; position <= 12; position += 1) {
        const graph = asking(position % 4 === 0 ? 'ask-choice' : 'ask-text', `Question ${position}?`);
        await service.createSession({ graphId: GRAPH_ID, graph });
      }
      await page.getByRole('button', { name: '12 need input' }).waitFor();
    },
  );
});

/** Leads to a list with a completed session. */
async function completed(demo: DemoPage): Promise<void> {
  await demo.selectExample('Multiple choice');
  await demo.run();
  await demo.answerChoice('Toppings', 'Basil');
  await demo.status('Completed');
  await close(demo);
}

async function close(demo: DemoPage): Promise<void> {
  await demo.panel.getByRole('button', { name: 'Close', exact: true }).first().click();
}

/** Fails unless all of an element is in the window. */
async function expectInSight(target: Locator, page: Page): Promise<void> {
  await target.waitFor();
  const box = await target.boundingBox();
  const size = page.viewportSize();
  assert.ok(
    box !== null && size !== null && box.y >= 0 && box.y + box.height <= size.height,
    `${String(target)} is out of sight`,
  );
}

/** “1 click, 2 keys, 3 texts”; “nothing” for no step. */
function inWords({ clicks, keys, texts }: Steps): string {
  const parts = [
    [clicks, 'click'],
    [keys, 'key'],
    [texts, 'text'],
  ] as const;
  const words = parts.flatMap(([count, name]) =>
    count === 0 ? [] : [`${count} ${name}${count === 1 ? '' : 's'}`],
  );
  return words.length === 0 ? 'nothing' : words.join(', ');
}
