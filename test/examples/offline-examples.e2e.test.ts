import { after, before, describe, it } from 'node:test';
import { chromium, type Browser } from 'playwright-core';
import { browserArguments, findOrInstallBrowser } from '../../scripts/find-browser.mjs';
import { ExampleApp } from '../support/examples/example-app.js';
import { useExample } from '../support/examples/use-example.js';
import { PackedPackage } from '../support/packed-package.js';

/** The examples whose packages this project has, too; `npm run test:examples` is for all. */
const NAMES = ['ag-ui', 'html-bundle', 'html-import-map', 'lit', 'no-server', 'vscode-webview'];

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
        // The types of VS Code are not among the packages of this project.
        if (name !== 'vscode-webview') await app.run('check');
        await app.run('build');
        await useExample(name, app, browser);
      } finally {
        await app.remove();
      }
    });
  }
});
