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

/** Follows a session with the browser's EventSource: everything that it received until it was closed. */
function follow(
  sessionId: string,
): Promise<{ ids: string[]; events: string[]; opens: number; errors: number }> {
  return new Promise((resolve) => {
    const received = { ids: [] as string[], events: [] as string[], opens: 0, errors: 0 };
    const source = new EventSource(`${BASE}/${sessionId}?protocol=1`);
    const listen = (name: string): void =>
      source.addEventListener(name, (event) => {
        if (!(event instanceof MessageEvent)) return;
        received.events.push(name);
        if (name === 'event' && event.lastEventId !== '') received.ids.push(event.lastEventId);
      });
    for (const name of ['start', 'event', 'done', 'bye', 'message']) listen(name);
    source.addEventListener('open', () => {
      received.opens += 1;
    });
    source.addEventListener('error', () => {
      received.errors += 1;
      // While it is going to reconnect, its state is CONNECTING; only a response like 204 closes it.
      if (source.readyState === EventSource.CLOSED) resolve(received);
    });
  });
}

describe('the EventSource of a browser', () => {
  it('S13 reconnects once to a session that has ended, gets 204, and stays away', async () => {
    const graph = { nodes: [{ id: 'n', type: 'flood', configuration: { events: 20 } }] };
    const { sessionId } = await post('/new', { graphId: 'eventsource', graph });
    const received = await follow(String(sessionId));
    expect(received.opens).to.equal(1);
    // The end of the stream, after which it reconnects, and the 204.
    expect(received.errors).to.equal(2);
    expect(received.events.filter((name) => name === 'start')).to.have.length(1);
    expect(received.events.at(-1)).to.equal('done');
    // The marker has no id of its own, so the browser repeats the one before it.
    expect([...new Set(received.ids)]).to.deep.equal(Array.from({ length: 24 }, (_, index) => String(index)));
  });
});
