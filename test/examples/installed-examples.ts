/**
 * `npm run test:examples`: each example, installed by npm from the packed package, built, served and used in a browser.
 * `--test-name-pattern vue` is for one of them.
 */
import { after, before, describe, it } from 'node:test';
import { chromium, type Browser } from 'playwright-core';
import { browserArguments, findOrInstallBrowser } from '../../scripts/find-browser.mjs';
import { ExampleApp, exampleNames } from '../support/examples/example-app.js';
import { newerNode } from '../support/examples/newer-node.js';
import { useExample } from '../support/examples/use-example.js';
import { visit } from '../support/examples/visit.js';
import { PackedPackage } from '../support/packed-package.js';

/** A Node that the tools of Angular accept. */
const ANGULAR_NODE = '22.23.3';

const names = await exampleNames();

describe('the examples, installed by npm', { concurrency: 2 }, () => {
  let packed: PackedPackage;
  let browser: Browser;

  before(async () => {
    packed = await PackedPackage.create();
    browser = await chromium.launch({ executablePath: findOrInstallBrowser(), args: browserArguments() });
  });
  after(async () => {
    await browser.close();
    await packed.remove();
  });

  for (const name of names) {
    it(`${name}: builds, and shows, runs and answers a session`, async (t) => {
      const app = await ExampleApp.install(name, packed);
      try {
        if (name === 'angular') app.node = await newerNode(ANGULAR_NODE, app.folder);
        await app.run('check');
        await app.run('build');
        await useExample(name, app, browser);
        if (!/^(react|next)/.test(name)) return;
        await t.test('also in development, where StrictMode mounts everything twice', async () => {
          await app.stop();
          await app.start('server');
          await app.start('dev');
          await visit(browser, app.url, { allowed: /Lit is in dev mode/ });
        });
      } finally {
        await app.remove();
      }
    });
  }
});
