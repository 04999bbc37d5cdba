import { expect } from '@open-wc/testing';
import { createSessions, type Sessions } from '../../../src/actions/create-sessions.js';
import { SCENARIO_GRAPHS } from '../../../src/conformance/scenarios.js';
import { exampleHandlers, createGraphRunner } from '../../../src/runner/index.js';
import { MemoryGraphRunService } from '../../../src/service/memory/memory-graph-run-service.js';
import { all, box, emptyPage, forgetful, one, settled, until } from '../../support/elements/page.js';

/** A panel showing these sessions, in its own box. */
async function show({ history, run, drafts, actions }: Sessions): Promise<HTMLElement> {
  const panel = document.createElement('sessions-panel');
  Object.assign(panel, { history, run, drafts, actions, memory: forgetful() });
  const parent = box();
  parent.append(panel);
  await settled(panel);
  return parent;
}

const fieldIn = (parent: Element) => all<HTMLTextAreaElement>(parent, 'textarea')[0];

async function type(parent: HTMLElement, text: string): Promise<void> {
  await until(() => fieldIn(parent) !== undefined);
  const field = one<HTMLTextAreaElement>(parent, 'textarea');
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await settled(parent);
}

describe('text typed into a panel', () => {
  const service = new MemoryGraphRunService({ runner: createGraphRunner({ handlers: exampleHandlers }) });
  const made: Sessions[] = [];

  function sessions(): Sessions {
    const of = createSessions(service);
    of.actions.monitor('g');
    made.push(of);
    return of;
  }

  async function asked(): Promise<{ readonly of: Sessions; readonly sessionId: string }> {
    const of = sessions();
    const sessionId = await of.actions.start({ graphId: 'g', graph: SCENARIO_GRAPHS.question });
    return { of, sessionId };
  }

  afterEach(() => {
    emptyPage();
    for (const { actions } of made.splice(0)) actions.dispose();
  });

  it('survives removing the panel from the page and putting it back', async () => {
    const { of } = await asked();
    const parent = await show(of);
    await type(parent, 'Green be');
    const panel = parent.firstElementChild!;
    panel.remove();
    await settled(panel);
    parent.append(panel);
    await settled(panel);
    expect(fieldIn(parent)?.value).to.equal('Green be');
  });

  it('is shown in another panel with the same sessions', async () => {
    const { of } = await asked();
    const first = await show(of);
    await type(first, 'Green be');
    first.remove();
    const second = await show(of);
    await until(() => fieldIn(second)?.value === 'Green be');
  });

  it('survives disposing the sessions and creating them again', async () => {
    const { of, sessionId } = await asked();
    const first = await show(of);
    await type(first, 'Green be');
    first.remove();
    of.actions.dispose();
    const again = sessions();
    const second = await show(again);
    again.actions.connect(sessionId);
    await until(() => fieldIn(second)?.value === 'Green be');
  });
});
