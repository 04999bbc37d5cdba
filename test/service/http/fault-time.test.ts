import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EnvironmentEvent } from '../../../src/service/http/environment.js';
import { FakeEnvironment } from '../../support/fake-environment.js';
import {
  completeEvent,
  eventFrame,
  FakeServer,
  FakeStream,
  markerFrame,
  networkFailure,
  startFrame,
  streamAnswer,
  thoughtFrames,
} from '../../support/fake-server.js';
import { eventually, watch } from '../../support/watch.js';

const HEARTBEAT = { comment: 'hb' };

/** Creates a client that is live after event 2, and the stream that it reads. */
async function liveClient(randomNumbers: readonly number[] = [0.5]) {
  const environment = new FakeEnvironment({ randomNumbers });
  const streams: FakeStream[] = [];
  const server = new FakeServer(({ query }) => {
    const after = Number(query.get('after'));
    const stream = new FakeStream();
    streams.push(stream);
    stream.send(startFrame(after, 2), ...thoughtFrames(after + 1, 2), markerFrame(2));
    return stream.response;
  });
  const service = server.client(environment);
  const abort = new AbortController();
  const watched = watch(service.connectSession('s', { signal: abort.signal }));
  await eventually(() => watched.connection?.phase === 'live');
  const stream = () => streams.at(-1) as FakeStream;
  return { environment, server, streams, stream, watched, abort };
}

/** Lets time pass in short steps, so that the effects of a step happen before the next one. */
async function pass(environment: FakeEnvironment, ms: number, stepMs = 250): Promise<void> {
  for (let left = ms; left > 0; left -= stepMs) await environment.advance(Math.min(stepMs, left));
}

describe('time and the connection to a session', () => {
  it('C3 a silent connection is given up after 37.5 s, and the next one resumes from the cursor', async () => {
    const { environment, server, streams, watched, abort } = await liveClient();
    await pass(environment, 37_000);
    assert.equal(server.requests.length, 1);
    await pass(environment, 1000);
    assert.ok(streams[0]?.isCancelled);
    await eventually(() => server.requests.length === 2 && watched.connection?.phase === 'live');
    assert.equal(server.requests[1]?.query.get('after'), '2');
    assert.equal(server.requests[1]?.query.get('log'), 'log');
    assert.equal(watched.events.length, 3);
    abort.abort();
    assert.equal(await watched.ended, undefined);
  });

  it('C3 a connection ends 5 s after the terminal event if nothing more arrives', async () => {
    const { environment, server, stream, watched } = await liveClient();
    stream().send(eventFrame(completeEvent(3)));
    await eventually(() => watched.events.length === 4);
    await environment.advance(4900);
    assert.equal(watched.hasEnded, false);
    await environment.advance(200);
    await eventually(() => watched.hasEnded);
    assert.equal(await watched.ended, undefined);
    assert.equal(watched.connection?.phase, 'terminal');
    assert.equal(server.requests.length, 1);
  });

  it('C4 a connection that was live for a while counts as progress, although it delivered nothing', async () => {
    const { environment, stream, watched, abort } = await liveClient();
    /** Cuts the connection after a time; returns the number of the next attempt. */
    const attemptAfter = async (ms: number): Promise<number | undefined> => {
      await environment.advance(ms);
      const cuts = watched.phases.filter((phase) => phase === 'backoff').length;
      stream().fail();
      await eventually(() => watched.phases.filter((phase) => phase === 'backoff').length > cuts);
      const attempt = watched.connection?.attempt;
      await environment.advance(environment.nextTimerMs ?? 0);
      await eventually(() => watched.connection?.phase === 'live');
      return attempt;
    };
    assert.equal(await attemptAfter(100), 1, 'it had delivered events');
    assert.equal(await attemptAfter(9900), 2);
    assert.equal(await attemptAfter(10_000), 1);
    abort.abort();
    await watched.ended;
  });

  it('C3 heartbeats keep a silent connection', async () => {
    const { environment, server, stream, abort } = await liveClient();
    for (let count = 0; count < 40; count += 1) {
      await pass(environment, 15_000, 5000);
      stream().send(HEARTBEAT);
      await environment.advance(0);
    }
    assert.equal(server.requests.length, 1);
    abort.abort();
  });

  it('C3 an attempt ends after 15 s without a response, and after 10 s more without a start', async () => {
    const environment = new FakeEnvironment({ randomNumbers: [0.9] });
    const server = new FakeServer();
    const service = server.client(environment);
    const abort = new AbortController();
    const watched = watch(service.connectSession('s', { signal: abort.signal }));
    await eventually(() => server.requests.length === 1);
    await pass(environment, 14_900);
    assert.equal(watched.connection?.phase, 'connecting');
    server.answer = () => new FakeStream().response;
    await pass(environment, 200);
    assert.equal(watched.connection?.phase, 'backoff');
    assert.equal(watched.connection.error?.code, 'timeout');
    await eventually(() => environment.nextTimerMs !== undefined);
    await environment.advance(environment.nextTimerMs ?? 0);
    await eventually(() => server.requests.length === 2);
    await pass(environment, 9900);
    assert.equal(watched.connection?.phase, 'connecting');
    await pass(environment, 200);
    // Two streams stayed silent: a page shows whether the server is out of reach.
    assert.match(server.requests[2]?.path ?? '', /\/events\?/);
    assert.equal(watched.connection?.phase, 'connecting');
    await pass(environment, 15_000);
    assert.equal(watched.connection?.phase, 'backoff');
    abort.abort();
    await watched.ended;
  });

  for (const [name, answer] of [
    ['200, start, end', streamAnswer(startFrame(-1, -1))],
    ['200, start, marker, end', streamAnswer(startFrame(-1, -1), markerFrame(-1))],
    ['200, end', streamAnswer()],
    ['no answer', networkFailure],
  ] as const) {
    it(`C4 a server that always does “${name}” gets at most 12 requests in the first minute`, async () => {
      const environment = new FakeEnvironment({ randomNumbers: [0, 0.1, 0] });
      const server = new FakeServer(answer);
      const service = server.client(environment);
      const abort = new AbortController();
      const watched = watch(service.connectSession('s', { signal: abort.signal }));
      await eventually(() => server.requests.length === 1);
      while (environment.now() < 60_000) {
        const attempts = server.requests.length;
        await eventually(() => watched.phases.filter((phase) => phase === 'backoff').length === attempts);
        await eventually(() => environment.timerCount === 1);
        assert.equal(watched.connection?.attempt, attempts, 'the count of failures grows');
        await environment.advance(environment.nextTimerMs ?? 0);
        await eventually(() => server.requests.length === attempts + 1);
      }
      // The last request came after the minute.
      assert.ok(server.requests.length - 1 <= 12, `${server.requests.length - 1} requests`);
      assert.ok(server.requests.length - 1 >= 6, 'and it keeps trying');
      abort.abort();
      assert.equal(await watched.ended, undefined);
    });
  }

  it('C15 after an hour of sleep a dead connection is replaced within 2 s', async () => {
    const { environment, server, watched, abort } = await liveClient([0.999]);
    await pass(environment, 12_000);
    await environment.sleep(3_600_000);
    const awake = environment.now();
    while (server.requests.length === 1) await pass(environment, 50, 50);
    assert.ok(environment.now() - awake <= 2000, `${environment.now() - awake} ms`);
    await eventually(() => watched.connection?.phase === 'live');
    abort.abort();
  });

  it('C15 also where the monotonic clock stands still in sleep, as in some browsers', async () => {
    const { environment, server, abort } = await liveClient([0.999]);
    await pass(environment, 12_000);
    await environment.sleep(3_600_000, { isClockStopped: true });
    const awake = environment.now();
    // A timer that was running continues after the sleep; it is at most 5 s away.
    while (server.requests.length === 1) await pass(environment, 50, 50);
    assert.ok(environment.now() - awake <= 7000, `${environment.now() - awake} ms`);
    abort.abort();
  });

  it('C15 bytes that waited in a buffer while the machine slept keep the connection', async () => {
    const { environment, server, stream, watched, abort } = await liveClient();
    await environment.sleep(3_600_000);
    stream().send(...thoughtFrames(3, 3));
    await pass(environment, 10_000);
    assert.equal(server.requests.length, 1);
    assert.equal(watched.events.length, 4);
    abort.abort();
  });

  it('C16 a hidden tab whose timers fire once a minute keeps its stream, also when it becomes visible again', async () => {
    const { environment, server, stream, watched, abort } = await liveClient();
    for (let minute = 0; minute < 10; minute += 1) {
      for (let beat = 0; beat < 4; beat += 1) {
        // Time passes and bytes arrive, but no timer fires.
        environment.jump(15_000);
        stream().send(HEARTBEAT);
        await eventually(() => true);
        await environment.turn();
      }
      await environment.advance(0);
    }
    environment.emit('visible');
    await pass(environment, 10_000);
    assert.equal(server.requests.length, 1);
    assert.equal(watched.connection?.phase, 'live');
    abort.abort();
  });

  describe('C14 events of the page and the network', () => {
    it('offline: shows at once; a working connection stays; a dead one is noticed after 18 s', async () => {
      const { environment, server, stream, streams, watched, abort } = await liveClient();
      environment.emit('offline');
      await eventually(() => watched.connection?.phase === 'offline');
      await pass(environment, 15_000);
      stream().send(HEARTBEAT);
      await eventually(() => watched.connection?.phase === 'live');
      environment.emit('online');
      await pass(environment, 1000);
      assert.ok(!streams[0]?.isCancelled);
      assert.equal(server.requests.length, 1);
      environment.emit('offline');
      await eventually(() => watched.connection?.phase === 'offline');
      await pass(environment, 18_500);
      assert.ok(streams[0]?.isCancelled);
      await eventually(() => watched.connection?.phase === 'offline');
      await pass(environment, 55_000, 5000);
      assert.equal(server.requests.length, 1, 'offline, nothing is asked');
      environment.emit('online');
      await pass(environment, 500);
      await eventually(() => server.requests.length === 2);
      abort.abort();
    });

    it('online again: a connection that has been silent since is replaced at once', async () => {
      const { environment, server, watched, abort } = await liveClient([0.5]);
      for (let times = 1; times <= 3; times += 1) {
        environment.emit('offline');
        await eventually(() => watched.connection?.phase === 'offline');
        environment.emit('online');
        await pass(environment, 500);
        await eventually(() => server.requests.length === times + 1);
        await eventually(() => watched.connection?.phase === 'live');
      }
      abort.abort();
      await watched.ended;
      assert.deepEqual([environment.timerCount, environment.listenerCount], [0, 0]);
    });

    it('offline while it connects: shows at once', async () => {
      const environment = new FakeEnvironment();
      const server = new FakeServer(() => new Promise<never>(() => undefined));
      const abort = new AbortController();
      const watched = watch(server.client(environment).connectSession('s', { signal: abort.signal }));
      await eventually(() => server.requests.length === 1);
      environment.emit('offline');
      await eventually(() => watched.connection?.phase === 'offline');
      abort.abort();
      await watched.ended;
    });

    it('offline: once a minute, an attempt checks whether the browser is right', async () => {
      const { environment, server, stream, watched, abort } = await liveClient();
      environment.emit('offline');
      stream().end();
      await eventually(() => watched.connection?.phase === 'offline');
      await pass(environment, 59_000, 5000);
      assert.equal(server.requests.length, 1);
      await pass(environment, 1500);
      await eventually(() => server.requests.length === 2);
      abort.abort();
    });

    it('online, visible and show end a wait, each client after a random delay', async () => {
      for (const event of ['online', 'visible', 'show'] as const) {
        const { environment, server, watched, abort } = await liveClient([0.5]);
        server.answer = networkFailure;
        await pass(environment, 38_000);
        for (let attempt = 1; attempt < 5; attempt += 1) {
          await eventually(() => watched.connection?.phase === 'backoff' && environment.timerCount === 1);
          await environment.advance(environment.nextTimerMs ?? 0);
          await eventually(() => server.requests.length > attempt);
        }
        await eventually(() => watched.connection?.phase === 'backoff' && environment.timerCount === 1);
        assert.ok((environment.nextTimerMs ?? 0) > 2000);
        const before = server.requests.length;
        environment.emit(event);
        await environment.turn();
        assert.equal(server.requests.length, before);
        await environment.advance(250);
        await eventually(() => server.requests.length === before + 1, event);
        abort.abort();
      }
    });

    it('visible: a connection with recent data stays, an overdue one gets a short grace period', async () => {
      const { environment, server, abort } = await liveClient();
      environment.jump(30_000);
      environment.emit('visible');
      await environment.advance(3000);
      assert.equal(server.requests.length, 1);
      environment.jump(30_000);
      environment.emit('visible');
      await pass(environment, 2000);
      await eventually(() => server.requests.length === 2);
      abort.abort();
    });

    it('hide: the connection is closed so that the page can be kept, and show opens it again', async () => {
      const { environment, server, streams, watched, abort } = await liveClient();
      environment.emit('hide');
      await eventually(() => streams[0]?.isCancelled === true);
      await environment.advance(600_000);
      assert.equal(server.requests.length, 1);
      environment.emit('show');
      await eventually(() => server.requests.length === 2);
      await eventually(() => watched.connection?.phase === 'live');
      assert.equal(watched.events.length, 3);
      abort.abort();
      await watched.ended;
    });

    it('hide and show while the application is busy: it continues with the next read', async () => {
      const environment = new FakeEnvironment();
      const server = new FakeServer(({ query }) => {
        const after = Number(query.get('after'));
        return new FakeStream().send(startFrame(after, 2), ...thoughtFrames(after + 1, 2), markerFrame(2))
          .response;
      });
      const service = server.client(environment);
      const iterator = service.connectSession('s')[Symbol.asyncIterator]();
      await iterator.next();
      const second = await iterator.next();
      assert.ok(second.done !== true && second.value.messages.some(({ kind }) => kind === 'event'));
      const events: EnvironmentEvent[] = ['hide', 'show'];
      for (const event of events) environment.emit(event);
      const reading = [iterator.next(), iterator.next()];
      await eventually(() => server.requests.length === 2, 'a second connection');
      await iterator.return?.();
      await Promise.all(reading);
    });
  });
});
