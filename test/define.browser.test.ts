import { expect } from '@open-wc/testing';
import { takeConsoleProblems } from './support/fail-on-console.js';

class Stranger extends HTMLElement {}

describe('define', () => {
  it('registers the panel at once and the rest when it is loaded, and warns when a name is taken', async function () {
    // The first file of a run has every module compiled.
    this.timeout(60_000);
    customElements.define('sessions-panel-node', Stranger);
    const { loadAll } = await import('../src/define.js');
    for (const tag of ['sessions-panel', 'sessions-panel-list', 'sessions-panel-menu']) {
      expect(customElements.get(tag), tag).to.be.a('function');
    }
    expect(customElements.get('sessions-panel-view')).to.equal(undefined);
    expect(await loadAll()).to.equal(true);
    expect(customElements.get('sessions-panel-node')).to.equal(Stranger);
    for (const tag of ['view', 'question', 'inbox', 'timeline', 'events', 'text']) {
      expect(customElements.get(`sessions-panel-${tag}`), tag).to.be.a('function');
    }
    expect(takeConsoleProblems().join()).to.contain('<sessions-panel-node> is already defined');
  });
});
