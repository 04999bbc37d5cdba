import { expect } from '@open-wc/testing';

const BASE = '/v1beta1/graphSessions';

async function post(path: string, body: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${BASE}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).to.equal(200);
  const answer: Record<string, unknown> = await response.json();
  return answer;
}

/** What a plain EventSource of the browser made of a session: everything it told until it was closed. */
function follow(
  sessionId: string,
): Promise<{ ids: string[]; events: string[]; opens: number; errors: number }> {
  return new Promise((resolve) => {
    const told = { ids: [] as string[], events: [] as string[], opens: 0, errors: 0 };
    const source = new EventSource(`${BASE}/${sessionId}?protocol=1`);
    const listen = (name: string): void =>
      source.addEventListener(name, (event) => {
        if (!(event instanceof MessageEvent)) return;
        told.events.push(name);
        if (name === 'event' && event.lastEventId !== '') told.ids.push(event.lastEventId);
      });
    for (const name of ['start', 'event', 'done', 'bye', 'message']) listen(name);
    source.addEventListener('open', () => {
      told.opens += 1;
    });
    source.addEventListener('error', () => {
      told.errors += 1;
      // While it means to come back its state is CONNECTING; only an answer like 204 closes it for good.
      if (source.readyState === EventSource.CLOSED) resolve(told);
    });
  });
}

describe('the EventSource of a browser', () => {
  it('S13 comes back once to a session that has ended, is told 204, and stays away', async () => {
    const graph = { nodes: [{ id: 'n', type: 'flood', configuration: { events: 20 } }] };
    const { sessionId } = await post('/new', { graphId: 'eventsource', graph });
    const told = await follow(String(sessionId));
    expect(told.opens).to.equal(1);
    // The end of the stream, from which it comes back after `retry`, and the 204.
    expect(told.errors).to.equal(2);
    expect(told.events.filter((name) => name === 'start')).to.have.length(1);
    expect(told.events.at(-1)).to.equal('done');
    // The marker has no id of its own, so the browser repeats the one before it.
    expect([...new Set(told.ids)]).to.deep.equal(Array.from({ length: 24 }, (_, index) => String(index)));
  });
});
