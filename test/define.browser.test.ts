import { expect } from '@open-wc/testing';
import { takeConsoleProblems } from './support/fail-on-console.js';

class Stranger extends HTMLElement {}

describe('define', () => {
  it('registers the elements, and warns instead of throwing when a name is taken', async () => {
    customElements.define('sessions-panel-node', Stranger);
    await import('../src/define.js');
    expect(customElements.get('sessions-panel-node')).to.equal(Stranger);
    for (const tag of [
      'sessions-panel',
      'sessions-panel-list',
      'sessions-panel-view',
      'sessions-panel-question',
    ]) {
      expect(customElements.get(tag), tag).to.be.a('function');
    }
    expect(takeConsoleProblems().join()).to.contain('<sessions-panel-node> is already defined');
  });
});
