import { expect } from '@open-wc/testing';
import { SignalWatcher } from '@lit-labs/signals';
import { html, LitElement } from 'lit';
import { Signal } from 'signal-polyfill';
import { SessionHistoryController } from '../../../src/controller/session-history-controller.js';
import { SignalElement, untracked } from '../../../src/elements/base/signal-element.js';
import { areCollected, countUpdates, until } from '../../support/elements/page.js';
import { load, push, row } from '../../support/elements/sample.js';
import { itInChromium } from '../../support/in-chromium.js';

const count = new Signal.State(0);
const other = new Signal.State('a');

class Counter extends SignalElement {
  protected override render() {
    return html`${count.get()}${untracked(() => other.get())}`;
  }
}
customElements.define('test-counter', Counter);

function mount(): Counter {
  const element = new Counter();
  document.body.append(element);
  return element;
}

describe('SignalElement', () => {
  it('renders again when a signal changes that it has read', async () => {
    count.set(0);
    const element = mount();
    await element.updateComplete;
    for (const value of [1, 2, 3]) {
      count.set(value);
      await element.updateComplete;
      expect(element.shadowRoot?.textContent).to.equal(`${value}a`);
    }
    element.remove();
  });

  it('renders once for many writes', async () => {
    const element = mount();
    await element.updateComplete;
    const updates = countUpdates(element);
    for (let value = 10; value < 60; value += 1) count.set(value);
    await element.updateComplete;
    expect(updates()).to.equal(1);
    expect(element.shadowRoot?.textContent).to.equal('59a');
    element.remove();
  });

  it('does not depend on what it reads untracked', async () => {
    const element = mount();
    await element.updateComplete;
    const updates = countUpdates(element);
    other.set('b');
    await element.updateComplete;
    expect(updates()).to.equal(0);
    other.set('a');
    element.remove();
  });

  it('does not render while it is away, and catches up when it is back', async () => {
    const element = mount();
    await element.updateComplete;
    element.remove();
    const updates = countUpdates(element);
    count.set(100);
    await Promise.resolve();
    expect(updates()).to.equal(0);
    document.body.append(element);
    await element.updateComplete;
    expect(element.shadowRoot?.textContent).to.equal('100a');
    count.set(101);
    await element.updateComplete;
    expect(element.shadowRoot?.textContent).to.equal('101a');
    element.remove();
  });

  it('continues after a move within a task', async () => {
    const element = mount();
    await element.updateComplete;
    const place = document.createElement('div');
    document.body.append(place);
    place.append(element);
    count.set(200);
    await element.updateComplete;
    expect(element.shadowRoot?.textContent).to.equal('200a');
    count.set(201);
    await element.updateComplete;
    expect(element.shadowRoot?.textContent).to.equal('201a');
    place.remove();
  });

  itInChromium('can be collected once it is removed', async () => {
    const references: WeakRef<Counter>[] = [];
    for (let turn = 0; turn < 50; turn += 1) {
      const element = mount();
      await element.updateComplete;
      references.push(new WeakRef(element));
      element.remove();
    }
    count.set(300);
    expect(await areCollected(references)).to.equal(true);
  });

  it('reads the same signals as a host that is made with SignalWatcher', async () => {
    const history = new SessionHistoryController();
    class Host extends SignalWatcher(LitElement) {
      protected override render() {
        return html`${history.sessionIds.map((sessionId) => history.getSession(sessionId)?.status)}`;
      }
    }
    customElements.define('test-host', Host);
    const host = new Host();
    document.body.append(host);
    load(history, [row('a', { status: 'running' })]);
    await host.updateComplete;
    expect(host.shadowRoot?.textContent).to.equal('running');
    push(history, row('a', { status: 'completed' }));
    await until(() => host.shadowRoot?.textContent === 'completed');
    host.remove();
  });
});
