import { expect } from '@open-wc/testing';
import { importAgain } from '../../src/loading/import-again.js';

const ADDRESS = new URL('/src/protocol/all-graphs.ts', location.href).href;

describe('importAgain', () => {
  let failures = 0;
  /** Fails as in a browser that remembers that the module could not be fetched. */
  const load = (message: string) => async (): Promise<object> => {
    failures += 1;
    throw new TypeError(message);
  };

  beforeEach(() => {
    failures = 0;
  });

  for (const message of [
    `Failed to fetch dynamically imported module: ${ADDRESS}`,
    `error loading dynamically imported module: ${ADDRESS}`,
  ]) {
    it(`requests the file by another address where the browser repeats “${message.split(':')[0]}”`, async () => {
      expect(await importAgain(load(message), 1)).to.have.property('ALL_GRAPHS');
      expect(failures).to.equal(1);
    });
  }

  it('does so only for another try', async () => {
    let error: unknown;
    await importAgain(load(`Failed: ${ADDRESS}`), 0).catch((reason: unknown) => {
      error = reason;
    });
    expect(error).to.be.instanceOf(TypeError);
  });

  it('rejects with the error of a browser that names no address', async () => {
    let error: unknown;
    await importAgain(load('Importing a module script failed.'), 1).catch((reason: unknown) => {
      error = reason;
    });
    expect(String(error)).to.contain('Importing a module script failed.');
  });
});
