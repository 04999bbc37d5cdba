import { ALL_GRAPHS } from '../protocol/all-graphs.js';
import { ALL_GRAPHS_FEATURE, RERUN_FROM } from '../protocol/stream/features.js';
import { isJsonObject, type JsonObject } from '../protocol/values/json.js';
import { expect, expectEqual } from './expect.js';
import { SCENARIO_GRAPHS } from './scenarios.js';
import {
  isMarker,
  loggedOf,
  newGraphId,
  textResponse,
  Wire,
  type ServerUnderTest,
  type WireAnswer,
} from './wire.js';
import { uniqueId } from '../protocol/values/unique-id.js';

/** One case: a sentence, and a function that throws when the sentence is not true of the server. */
export interface ServerCase {
  readonly name: string;
  readonly run: (server: ServerUnderTest) => Promise<void>;
}

function expectProblem({ status, headers, body }: WireAnswer, expected: number, code: string): void {
  expectEqual([status, body['code']], [expected, code], 'Status and code');
  expect(
    (headers.get('content-type') ?? '').startsWith('application/problem+json'),
    `${code} is application/problem+json.`,
  );
  expectEqual(body['status'], expected, `The status in the body of ${code}`);
  expect(typeof body['detail'] === 'string' && body['detail'] !== '', `${code} has a detail for people.`);
  expectEqual(headers.get('graph-session-protocol'), '1', 'Graph-Session-Protocol of an error');
}

/** Makes a case that gets a `Wire`. */
function serverCase(name: string, run: (wire: Wire) => Promise<void>): ServerCase {
  return { name, run: (server) => run(new Wire(server)) };
}

const STREAMS: readonly ServerCase[] = [
  serverCase('S1 S2 S3 ids are the positions in the log, contiguous from any cursor', async (wire) => {
    const sessionId = await wire.create('plain');
    const whole = loggedOf(await wire.session(sessionId)).map(({ data }) => data);
    for (let after = -1; after < whole.length; after += 1) {
      const messages = await wire.session(sessionId, undefined, after);
      const logged = loggedOf(messages);
      expectEqual(
        logged.map(({ data }) => data),
        whole.slice(after + 1),
        `Events after ${after}`,
      );
      expectEqual(
        logged.map(({ id }) => id),
        logged.map(({ data }) => String(data['index'])),
        'Ids and indexes',
      );
      expectEqual(messages.filter(isMarker).length, 1, 'Number of markers');
      expectEqual(messages.at(-1)?.event, 'done', 'The last message');
    }
  }),
  serverCase('S3 S4 the marker has no id and no index, and follows the last replayed event', async (wire) => {
    const sessionId = await wire.create('question');
    const question = await wire.question(sessionId);
    const messages = await wire.session(sessionId, isMarker);
    const marker = messages.at(-1);
    expectEqual([marker?.id, marker?.data['index']], [undefined, undefined], 'Id and index of the marker');
    expectEqual(
      marker?.data['lastIndex'],
      loggedOf(messages).at(-1)?.data['index'],
      'lastIndex of the marker',
    );
    expectEqual(
      marker?.data['pending'],
      [{ nodeId: question['nodeId'], interactionId: question['interactionId'], index: question['index'] }],
      'Open questions of the marker',
    );
  }),
  serverCase('a question from before the cursor is sent again, without an id', async (wire) => {
    const sessionId = await wire.create('question');
    const { index, interactionId } = await wire.question(sessionId);
    const messages = await wire.session(sessionId, isMarker, Number(index));
    expectEqual(loggedOf(messages).length, 0, 'Logged events');
    const again = messages.find(({ data }) => data['type'] === 'inputRequired')?.data;
    expectEqual(
      [again?.['interactionId'], again?.['index'], again?.['redelivered']],
      [interactionId, index, true],
      'The question',
    );
  }),
  serverCase('the first message has the protocol, the log and the end of the replay', async (wire) => {
    const sessionId = await wire.create('plain');
    const messages = await wire.session(sessionId);
    const [start] = messages;
    expectEqual(start?.event, 'start', 'The first message');
    const { protocol, after, firstIndex, lastIndex, logId, heartbeatMs } = start?.data ?? {};
    expectEqual([protocol, after, firstIndex], [1, -1, 0], 'protocol, after, firstIndex');
    expect(typeof logId === 'string' && logId !== '', 'There is a logId.');
    expect(
      typeof lastIndex === 'number' && typeof heartbeatMs === 'number',
      'lastIndex and heartbeatMs are numbers.',
    );
  }),
  serverCase('S9 thoughts are part of the log', async (wire) => {
    const sessionId = await wire.create('plain');
    await wire.session(sessionId);
    const thoughts = (await wire.session(sessionId)).filter(({ data }) => data['type'] === 'thoughtEvent');
    expectEqual(thoughts.length, 3, 'Thoughts in a replay');
  }),
  serverCase('S10 a malformed cursor is refused', async (wire) => {
    const sessionId = await wire.create('plain');
    for (const after of ['abc', '-2', '1.5', '01', '', '1152921504606846976', '0&after=1']) {
      expectProblem(
        await wire.request('GET', `/${sessionId}?after=${after}&protocol=1`),
        400,
        'invalid-cursor',
      );
    }
  }),
  serverCase('S11 a cursor with the tag of another event is refused, if events have tags', async (wire) => {
    const sessionId = await wire.create('plain');
    const tags = loggedOf(await wire.session(sessionId)).map(({ data }) => data['tag']);
    const other = await wire.request('GET', `/${sessionId}/events?after=1&tag=no-such-tag`);
    if (tags.some((tag) => tag !== undefined)) expectProblem(other, 409, 'log-reset');
    else expectEqual(other.status, 200, 'The status without tags');
    const own = typeof tags[1] === 'string' ? tags[1] : '';
    const same = await wire.request('GET', `/${sessionId}/events?after=1&tag=${encodeURIComponent(own)}`);
    expectEqual(same.status, 200, 'The status with the tag of the event');
  }),
  serverCase('S11 a cursor beyond the log, or of another log, is refused', async (wire) => {
    const sessionId = await wire.create('plain');
    const { lastIndex } = (await wire.session(sessionId)).at(-1)?.data ?? {};
    const ahead = await wire.request('GET', `/${sessionId}?after=100000&protocol=1`);
    expectProblem(ahead, 409, 'cursor-ahead');
    expectEqual(ahead.body['lastIndex'], lastIndex, 'lastIndex');
    expectProblem(await wire.request('GET', `/${sessionId}?after=0&log=other&protocol=1`), 409, 'log-reset');
  }),
  serverCase(
    'S12 Last-Event-ID counts like the parameter; the larger one wins; junk is ignored',
    async (wire) => {
      const sessionId = await wire.create('question');
      await wire.question(sessionId);
      const startOf = async (after: number, header: string) => {
        const [start] = await wire.stream(`/${sessionId}?after=${after}&protocol=1`, () => true, {
          'Last-Event-ID': header,
        });
        return start?.data['after'];
      };
      expectEqual(
        [await startOf(-1, '1'), await startOf(1, '0'), await startOf(0, '1'), await startOf(0, 'junk')],
        [1, 1, 1, 0],
        'Effective cursors',
      );
    },
  ),
  serverCase('S13 an EventSource that reconnects to an ended session is stopped with 204', async (wire) => {
    const sessionId = await wire.create('plain');
    const last = loggedOf(await wire.session(sessionId)).at(-1)?.id ?? '';
    const { status } = await wire.request('GET', `/${sessionId}`, { headers: { 'Last-Event-ID': last } });
    expectEqual(status, 204, 'Status');
  }),
  serverCase('S17 hostile text stays inside its frame', async (wire) => {
    const sessionId = await wire.create('question');
    const { interactionId } = await wire.question(sessionId);
    const text = 'a\rb\nc\r\n\n\ndata: {"type":"graphComplete"}\n\nid: 99\n\u2028\u2029\u0000\ufeff';
    await wire.resume(sessionId, interactionId, textResponse(text));
    const messages = await wire.session(sessionId);
    expectEqual(
      loggedOf(messages).map(({ data }) => data),
      await wire.log(sessionId),
      'The stream and the log',
    );
    expect(
      JSON.stringify(messages).includes(JSON.stringify(text).slice(1, -1)),
      'The text is there as it was.',
    );
  }),
  serverCase('the events as JSON have the indexes of the stream, and limits', async (wire) => {
    const sessionId = await wire.create('plain');
    await wire.session(sessionId);
    const { status, body } = await wire.request('GET', `/${sessionId}/events?after=0&limit=2`);
    expectEqual(status, 200, 'Status');
    expectEqual(body['events'], (await wire.log(sessionId)).slice(1, 3), 'A page');
    expectEqual([body['status'], body['closed']], ['completed', true], 'status and closed');
  }),
];

const CALLS: readonly ServerCase[] = [
  serverCase(
    'a creation without graphId or with a graph that cannot run is refused with the reason',
    async (wire) => {
      const nodes = [{ id: 'a', type: 'output' }];
      const graphId = newGraphId();
      expectProblem(await wire.post('/new', { graph: { nodes } }), 400, 'missing-graph-id');
      expectProblem(await wire.post('/new', '{"graphId":'), 400, 'invalid-json');
      expectProblem(await wire.post('/new', '[]'), 400, 'invalid-request');
      const graphs: JsonObject[] = [
        { nodes: [] },
        { nodes: [...nodes, ...nodes] },
        { nodes, edges: [{ from: 'a', to: 'nowhere' }] },
        { nodes, edges: [{ from: 'a', to: 'a' }] },
        { nodes: [{ id: 'a', type: 'no-such-type' }] },
      ];
      for (const graph of graphs) {
        expectProblem(await wire.post('/new', { graphId, graph }), 400, 'invalid-graph');
      }
    },
  ),
  serverCase('S31 one idempotency key creates one session', async (wire) => {
    const headers = { 'Idempotency-Key': `"${uniqueId()}"` };
    const body = { graphId: newGraphId(), graph: { nodes: [{ id: 'a', type: 'output' }] } };
    const first = await wire.post('/new', body, headers);
    const again = await wire.post('/new', body, headers);
    expectEqual(again.body['sessionId'], first.body['sessionId'], 'The session of the repetition');
    expectEqual(again.headers.get('idempotent-replay'), 'true', 'Idempotent-Replay');
    const other = await wire.post('/new', { ...body, mode: 'headless' }, headers);
    expectProblem(other, 422, 'idempotency-key-reused');
  }),
  serverCase('S21 the same answer, 20 times at once, is accepted once', async (wire) => {
    const sessionId = await wire.create('question');
    const { interactionId } = await wire.question(sessionId);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => wire.resume(sessionId, interactionId, textResponse('beans'))),
    );
    expectEqual([...new Set(answers.map(({ status }) => status))], [200], 'Statuses');
    expectEqual(answers.filter(({ body }) => body['duplicate'] === false).length, 1, 'Answers accepted');
    expectEqual(new Set(answers.map(({ body }) => body['index'])).size, 1, 'Indexes of the answer');
  }),
  serverCase('S22 S23 later, the same answer is a duplicate and another one a conflict', async (wire) => {
    const sessionId = await wire.create('question');
    const { interactionId } = await wire.question(sessionId);
    await wire.resume(sessionId, interactionId, textResponse('beans'));
    await wire.session(sessionId);
    const again = await wire.resume(sessionId, interactionId, textResponse('beans'));
    expectEqual([again.status, again.body['duplicate']], [200, true], 'The same answer');
    const reordered = { input: { parts: [{ text: 'beans' }], role: 'user' } };
    expectEqual(
      (await wire.resume(sessionId, interactionId, reordered)).status,
      200,
      'The same in another order',
    );
    const other = await wire.resume(sessionId, interactionId, textResponse('peas'));
    expectProblem(other, 409, 'interaction-conflict');
  }),
  serverCase('S24 an invalid answer changes nothing', async (wire) => {
    const sessionId = await wire.create('question');
    const { interactionId } = await wire.question(sessionId);
    const before = await wire.log(sessionId);
    const path = `/${sessionId}:resume`;
    expectProblem(await wire.post(path, '{'), 400, 'invalid-json');
    expectProblem(await wire.post(path, '[]'), 400, 'invalid-request');
    expectProblem(await wire.post(path, { response: {} }), 400, 'missing-interaction-id');
    for (const response of ['text', [], null, 1]) {
      expectProblem(await wire.post(path, { interactionId, response }), 400, 'invalid-response');
    }
    expectProblem(await wire.resume(sessionId, 'nothing', {}), 404, 'interaction-not-found');
    expectEqual(await wire.log(sessionId), before, 'The log');
    await wire.request('POST', `/${sessionId}:cancel`);
    expectProblem(await wire.resume(sessionId, interactionId, textResponse('x')), 409, 'session-terminal');
  }),
  serverCase('S27 cancelling returns the real status, any number of times', async (wire) => {
    const sessionId = await wire.create('slow');
    const cancel = () => wire.request('POST', `/${sessionId}:cancel`);
    const answers = await Promise.all(Array.from({ length: 20 }, cancel));
    expectEqual(new Set(answers.map(({ body }) => body['status'])).size, 1, 'Statuses');
    expectEqual(answers[0]?.body['status'], 'cancelled', 'The status');
    const types = (await wire.log(sessionId)).map((event) => (isJsonObject(event) ? event['type'] : ''));
    expectEqual(types.filter((type) => type === 'graphCancelled').length, 1, 'graphCancelled in the log');
    expectEqual(types.at(-1), 'graphCancelled', 'The last event');
  }),
  serverCase('S29 S30 a deleted session is gone on every route', async (wire) => {
    const sessionId = await wire.create('question');
    await wire.question(sessionId);
    const deletion = await wire.request('DELETE', `/${sessionId}`);
    expectEqual([deletion.status, deletion.body['ok']], [200, true], 'The deletion');
    for (const [method, path] of [
      ['GET', `/${sessionId}?protocol=1`],
      ['GET', `/${sessionId}/status`],
      ['GET', `/${sessionId}/events`],
      ['POST', `/${sessionId}:cancel`],
      ['DELETE', `/${sessionId}`],
    ] as const) {
      expectProblem(await wire.request(method, path), 404, 'session-deleted');
    }
    expectProblem(await wire.request('GET', `/${uniqueId()}/status`), 404, 'session-not-found');
  }),
  serverCase('many sessions are deleted with one request, any number of times', async (wire) => {
    const sessionId = await wire.create('question');
    const { body } = await wire.request('GET', `/${sessionId}/events`);
    expect(Array.isArray(body['events']), 'The session exists.');
    const [start] = await wire.session(sessionId, ({ event }) => event === 'start');
    const features = start?.data['features'];
    if (!Array.isArray(features) || !features.includes('delete-many')) return;
    const unknown = uniqueId();
    for (let times = 0; times < 2; times += 1) {
      const answer = await wire.post('/:delete', { sessionIds: [sessionId, unknown] });
      expectEqual(answer.status, 200, 'The status');
      expectEqual(
        answer.body['results'],
        [
          { sessionId, result: 'deleted' },
          { sessionId: unknown, result: 'not-found' },
        ],
        'The results',
      );
    }
    expectProblem(await wire.request('GET', `/${sessionId}/status`), 404, 'session-deleted');
    for (const sessionIds of ['x', [''], [1], undefined]) {
      expectProblem(await wire.post('/:delete', { sessionIds }), 400, 'invalid-request');
    }
  }),
  serverCase('a session runs again from a node, once for each idempotency key', async (wire) => {
    const sessionId = await wire.create('question');
    const { interactionId } = await wire.question(sessionId);
    await wire.resume(sessionId, interactionId, textResponse('beans'));
    const messages = await wire.session(sessionId);
    const features = messages[0]?.data['features'];
    if (!Array.isArray(features) || !features.includes(RERUN_FROM)) return;
    const ends = loggedOf(messages).filter(({ data }) => data['type'] === 'nodeEnd');
    const from = ends.at(-1)?.data['nodeId'];
    const path = `/${sessionId}:rerun`;
    const headers = { 'Idempotency-Key': `"${uniqueId()}"` };
    const answers = [await wire.post(path, { from }, headers), await wire.post(path, { from }, headers)];
    const [first, second] = answers.map(({ body }) => body['sessionId']);
    expectEqual(second, first, 'The session of the repetition');
    expectProblem(await wire.post(path, {}, headers), 422, 'idempotency-key-reused');
    const again = loggedOf(await wire.session(String(first))).map(({ data }) => data);
    expectEqual(again[0]?.['rerunOf'], { sessionId, from: from ?? null }, 'rerunOf of graphStart');
    expect(
      again.every(({ type }) => type !== 'inputRequired'),
      'A node that is reused asks nothing.',
    );
    expectEqual(
      again.flatMap(({ type, reused }) => (type === 'nodeEnd' && reused !== undefined ? [reused] : [])),
      ends.slice(0, -1).map(({ data }) => ({ sessionId, index: data['index'] ?? null })),
      'The nodes that are reused',
    );
    for (const wrong of [1, '', null, ['a']]) {
      expectProblem(await wire.post(path, { from: wrong }), 400, 'invalid-request');
    }
    expectProblem(await wire.post(path, { inputs: { a: 1 } }), 400, 'invalid-request');
    expectProblem(await wire.post(path, { from: 'no-such-node' }), 400, 'unknown-node');
    expectProblem(await wire.post(path, { from: 'failed' }), 400, 'no-failed-node');
  }),
  serverCase('the status is the fold of the log', async (wire) => {
    const graphId = newGraphId();
    const sessionId = await wire.create('question', graphId);
    const { interactionId, index } = await wire.question(sessionId);
    const { body } = await wire.request('GET', `/${sessionId}/status`);
    expectEqual(
      [body['sessionId'], body['graphId'], body['status'], body['lastIndex']],
      [sessionId, graphId, 'suspended', index],
      'The status',
    );
    const pending = body['pending'];
    expect(Array.isArray(pending) && pending.length === 1, 'One question is open.');
    expectEqual(isJsonObject(pending[0]) && pending[0]['interactionId'], interactionId, 'The open question');
  }),
  serverCase('S39 wrong methods, verbs and media types are problems', async (wire) => {
    const sessionId = await wire.create('plain');
    const put = await wire.request('PUT', `/${sessionId}`);
    expectProblem(put, 405, 'method-not-allowed');
    expect((put.headers.get('allow') ?? '').includes('GET'), 'Allow names what is allowed.');
    expectProblem(await wire.request('POST', `/${sessionId}:fly`), 404, 'not-found');
    const text = { body: '{}', headers: { 'Content-Type': 'text/plain' } };
    expectProblem(await wire.request('POST', '/new', text), 415, 'unsupported-media-type');
    const json = { headers: { Accept: 'application/json' } };
    expectProblem(await wire.request('GET', `/${sessionId}?protocol=1`, json), 406, 'not-acceptable');
  }),
];

const HEADS: readonly ServerCase[] = [
  serverCase('HEAD has the status and the headers of GET, and no body, and opens no stream', async (wire) => {
    const graphId = newGraphId();
    const sessionId = await wire.create('question', graphId);
    await wire.question(sessionId);
    for (const path of [
      `/${sessionId}/status`,
      `/${sessionId}/events?wait=30&after=1000000`,
      `/${sessionId}/events/0`,
      `/${sessionId}?protocol=1`,
      `?graphId=${graphId}&protocol=1`,
      '?protocol=1',
      `/:list?graphId=${graphId}`,
      '/unknown/status',
    ]) {
      const got = await wire.headersOf('GET', path);
      const { status, headers, bodyText } = await wire.headersOf('HEAD', path);
      expectEqual(status, got.status, `Status of HEAD ${path}`);
      expectEqual(bodyText, '', `Body of HEAD ${path}`);
      for (const name of ['content-type', 'graph-session-protocol', 'cache-control', 'allow']) {
        expectEqual(headers.get(name), got.headers.get(name), `${name} of HEAD ${path}`);
      }
    }
  }),
];

const LISTS: readonly ServerCase[] = [
  serverCase('the list of all graphs has each graph, if the server has it (`all-graphs`)', async (wire) => {
    const [first, second] = [newGraphId(), newGraphId()];
    const a = await wire.create('question', first);
    const b = await wire.create('question', second);
    const [own] = await wire.stream(`?graphId=${first}&protocol=1`, () => true);
    const features = own?.data['features'];
    if (!Array.isArray(features) || !features.includes(ALL_GRAPHS_FEATURE)) return;
    const deleted: Promise<unknown>[] = [];
    const messages = await wire.stream('?graphs=all&protocol=1', ({ event, data }) => {
      if (event === 'snapshotComplete') deleted.push(wire.request('DELETE', `/${a}`));
      return data['status'] === 'deleted' && data['sessionId'] === a;
    });
    await Promise.all(deleted);
    const [start] = messages;
    expectEqual([start?.data['graphs'], start?.data['graphId']], ['all', undefined], 'What the list is of');
    const snapshot = messages.slice(
      0,
      messages.findIndex(({ event }) => event === 'snapshotComplete'),
    );
    const graphOf = (id: string) => snapshot.find(({ data }) => data['sessionId'] === id)?.data['graphId'];
    expectEqual([graphOf(a), graphOf(b)], [first, second], 'The graphs of the rows');
    const page = await wire.request('GET', '/:list?graphs=all');
    expectEqual([page.status, page.body['graphs']], [200, 'all'], 'The list as JSON');
    const { rows } = page.body;
    const listed = Array.isArray(rows) ? rows.filter(isJsonObject).map((row) => row['sessionId']) : [];
    expectEqual([listed.includes(a), listed.includes(b)], [false, true], 'The sessions of the list as JSON');
    expectProblem(await wire.request('GET', `/:list?graphs=all&graphId=${first}`), 400, 'invalid-request');
    expectProblem(
      await wire.post('/new', { graphId: ALL_GRAPHS, graph: SCENARIO_GRAPHS.plain }),
      400,
      'invalid-request',
    );
  }),
  serverCase('M1 M7 a list is a snapshot of its graph at one revision, then every change', async (wire) => {
    const graphId = newGraphId();
    const ids = [await wire.create('question', graphId), await wire.create('question', graphId)];
    await wire.create('question');
    for (const id of ids) await wire.question(id);
    let hasDeleted = false;
    const deleted: Promise<unknown>[] = [];
    const messages = await wire.stream(`?graphId=${graphId}&protocol=1`, ({ event, data }) => {
      if (event === 'snapshotComplete' && !hasDeleted) {
        hasDeleted = true;
        deleted.push(wire.request('DELETE', `/${ids[0]}`));
      }
      return data['status'] === 'deleted';
    });
    await Promise.all(deleted);
    const position = messages.findIndex(({ event }) => event === 'snapshotComplete');
    const snapshot = messages.slice(1, position);
    expectEqual(messages[0]?.event, 'monitorStart', 'The first message');
    expectEqual(
      snapshot.map(({ data }) => data['sessionId']),
      [...ids].reverse(),
      'The snapshot, newest first',
    );
    expectEqual(messages[0]?.data['revision'], messages[position]?.data['revision'], 'The revision');
    const revisions = messages.slice(position).map(({ data }) => Number(data['revision']));
    expect(
      revisions.every((revision, at) => at === 0 || revision > (revisions[at - 1] ?? 0)),
      'Revisions of changes grow.',
    );
    expectEqual(messages.at(-1)?.data['sessionId'], ids[0], 'The deleted session');
  }),
  serverCase('M3 a client older than version 1 gets nothing but rows', async (wire) => {
    const graphId = newGraphId();
    const sessionId = await wire.create('question', graphId);
    await wire.question(sessionId);
    let hasDeleted = false;
    const messages = await wire.stream(`?graphId=${graphId}`, ({ data }) => {
      if (!hasDeleted) {
        hasDeleted = true;
        void wire.request('DELETE', `/${sessionId}`);
      }
      return data['status'] === 'deleted';
    });
    expect(
      messages.every(({ event, data }) => event === 'sessionStatus' && data['sessionId'] === sessionId),
      'Every message is a row.',
    );
  }),
  serverCase('a list without a graphId is refused', async (wire) => {
    expectProblem(await wire.request('GET', '?protocol=1'), 400, 'missing-graph-id');
    expectProblem(await wire.request('GET', '?graphId=&protocol=1'), 400, 'missing-graph-id');
  }),
];

/** The cases that every server of the protocol must pass. They use graph ids of their own. */
export const SERVER_CASES: readonly ServerCase[] = [...STREAMS, ...CALLS, ...HEADS, ...LISTS];
