/**
 * Lets a browser test say how its page is displayed (`display.ts`): colours that the system forces,
 * reduced motion, a colour scheme. The command `emulate-media` of the test runner knows no forced colours
 * in the browser that we start. Only Chromium can change them; Firefox and WebKit always run with reduced motion (their launchers say
 * so), and the tests that need another display are skipped there.
 */

/** @typedef {import('@web/test-runner-chrome').ChromeLauncher} ChromeLauncher */
/** @typedef {Readonly<Record<string, string>>} Features media features and their values */

/** @returns {import('@web/test-runner').TestRunnerPlugin<Features>} */
export function displayEmulation() {
  /** @type {WeakMap<object, Promise<import('puppeteer-core').CDPSession>>} */
  const clients = new WeakMap();
  return {
    name: 'emulate-display',
    async executeCommand({ command, payload, session }) {
      if (command !== 'emulate-display') return undefined;
      const page = /** @type {ChromeLauncher} */ (session.browser).getPage(session.id);
      if (/^(firefox|webkit)/.test(await page.browser().version())) {
        const { 'prefers-reduced-motion': _, ...others } = payload ?? {};
        if (Object.values(others).some(Boolean))
          throw new Error('This browser can be displayed in one way only.');
        return true;
      }
      // What a client has emulated ends with it, so there is one as long as the page is there.
      const client = clients.get(page) ?? page.createCDPSession();
      clients.set(page, client);
      const { hover, ...media } = payload ?? {};
      const features = Object.entries(media).map(([name, value]) => ({ name, value }));
      await (await client).send('Emulation.setEmulatedMedia', { features });
      // A touch screen is no media feature that can be set: it comes with the device.
      await (await client).send('Emulation.setTouchEmulationEnabled', { enabled: hover === 'none' });
      return true;
    },
  };
}
