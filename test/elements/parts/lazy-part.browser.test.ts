import { expect } from '@open-wc/testing';
import { LazyPart } from '../../../src/elements/parts/lazy-part.js';
import { takeConsoleProblems } from '../../support/fail-on-console.js';

/** A part whose module can be fetched only after a number of failures. */
function partAfter(failures: number): LazyPart {
  let left = failures;
  return new LazyPart(async () => {
    left -= 1;
    if (left >= 0) throw new TypeError('Failed to fetch.');
    return {};
  });
}

describe('a lazy part', () => {
  it('that cannot be fetched ahead has not failed, and is loaded when it is wanted', async () => {
    const part = partAfter(1);
    expect(await part.fetchAhead()).to.equal(false);
    expect([part.failures, part.isLoading, part.module]).to.deep.equal([0, false, undefined]);
    expect(await part.load()).to.equal(true);
    expect(part.module).to.not.equal(undefined);
  });

  it('that is wanted while it is fetched ahead has failed when that fails', async () => {
    const part = partAfter(1);
    const ahead = part.fetchAhead();
    expect(await Promise.all([ahead, part.load()])).to.deep.equal([false, false]);
    expect(part.failures).to.equal(1);
    expect(takeConsoleProblems().join('\n')).to.contain('could not be loaded');
    expect(await part.load()).to.equal(true);
    expect(part.failures).to.equal(0);
  });
});
