import { after, before, describe, it } from 'node:test';
import { chromium, type Browser } from 'playwright-core';
import { browserArguments, findOrInstallBrowser } from '../../scripts/find-browser.mjs';
import { ExampleApp } from '../support/examples/example-app.js';
import { visit } from '../support/examples/visit.js';
import { PackedPackage } from '../support/packed-package.js';

/** The examples whose packages this project has, too; `npm run test:examples` is for all. */
const NAMES = ['html-import-map', 'lit', 'no-server'];

describe('the examples that need no packages of their own', () => {
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

  for (const name of NAMES) {
    it(`${name}: builds, and shows, runs and answers a session`, async () => {
      const app = await ExampleApp.install(name, packed, true);
      try {
        await app.run('check');
        await app.run('build');
        await app.start('server');
        await app.start('start');
        await visit(browser, app.url, { hasServer: name !== 'no-server' });
      } finally {
        await app.remove();
      }
    });
  }
});
