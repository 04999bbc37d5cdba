import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { GraphRunError } from '../../../src/protocol/problems.js';
import { decodeSse, encodeFrame, type SseItem } from '../../../src/protocol/stream/sse.js';
import { eventFrame } from '../../support/fake-server.js';

const encoder = new TextEncoder();

/** A stream of these chunks that counts how many were read. */
function streamOf(chunks: Iterable<Uint8Array>) {
  const iterator = chunks[Symbol.iterator]();
  const seen = { pulls: 0, isCancelled: false };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        seen.pulls += 1;
        const { done, value } = iterator.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      cancel() {
        seen.isCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, seen };
}

async function decode(chunks: Iterable<Uint8Array>, maxFrameChars?: number): Promise<SseItem[]> {
  const items: SseItem[] = [];
  for await (const batch of decodeSse(streamOf(chunks).body, maxFrameChars)) items.push(...batch);
  return items;
}

const decodeText = (...texts: readonly string[]) => decode(texts.map((text) => encoder.encode(text)));

/** Cuts bytes before each of these positions. */
function cutAt(bytes: Uint8Array, ...positions: readonly number[]): Uint8Array[] {
  const ends = [...positions, bytes.length];
  return ends.map((end, count) => bytes.subarray(count === 0 ? 0 : ends[count - 1], end));
}

const singleBytes = (bytes: Uint8Array) => Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));

function message(data: string, { event = 'message', id }: { event?: string; id?: string } = {}): SseItem {
  return { kind: 'message', event, data, ...(id === undefined ? {} : { id }) };
}

const SHORT =
  '\ufeff: hi\r\nretry: 7\r\n\r\nid: 1\r\nevent: é\r\ndata: {"a":"😀"}\r\n\r\ndata:x\r\rdata: y\n\n';
const SHORT_ITEMS: readonly SseItem[] = [
  { kind: 'comment', text: 'hi' },
  { kind: 'retry', retryMs: 7 },
  message('{"a":"😀"}', { event: 'é', id: '1' }),
  message('x'),
  message('y'),
];

describe('decodeSse', () => {
  it('P1 P4 a stream byte by byte, with characters of several bytes, is the same stream', async () => {
    assert.deepEqual(await decode(singleBytes(encoder.encode(SHORT))), SHORT_ITEMS);
  });

  it('P1 P4 a short stream cut at every pair of positions is the same stream', async () => {
    const bytes = encoder.encode(SHORT);
    for (let first = 0; first <= bytes.length; first += 1) {
      for (let second = first; second <= bytes.length; second += 1) {
        const items = await decode(cutAt(bytes, first, second));
        assert.deepEqual(items, SHORT_ITEMS, `cut at ${first} and ${second}`);
      }
    }
  });

  it('P1 P2 any lines with any line ends mean the same however they are cut', async () => {
    const line = fc.constantFrom(
      'data: a',
      'data',
      'data:',
      'event: e',
      'id: 3',
      'id',
      ':',
      '',
      '',
      'junk',
      'retry: 5',
    );
    const stream = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r', '\r\n')), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(stream, fc.array(fc.nat(200), { maxLength: 8 }), async (lines, cuts) => {
        // A bare CR followed by an empty line that ends with LF would be one CRLF.
        const text = lines.map(([content, end]) => content + end).join('');
        const normal = text.replace(/\r\n?/g, '\n');
        const bytes = encoder.encode(text);
        const positions = cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b);
        assert.deepEqual(await decode(cutAt(bytes, ...positions)), await decodeText(normal));
      }),
      { numRuns: 500 },
    );
  });

  const EXAMPLES: readonly (readonly [string, string, readonly SseItem[]])[] = [
    ['lines of data are joined', 'data: YHOO\ndata: +2\ndata: 10\n\n', [message('YHOO\n+2\n10')]],
    [
      'a comment, an id, an empty id, and one leading space only',
      ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n',
      [
        { kind: 'comment', text: 'test stream' },
        message('first event', { id: '1' }),
        message('second event', { id: '' }),
        message(' third event'),
      ],
    ],
    [
      'empty data is data, a block without data is none',
      'data\n\ndata\ndata\n\nid: 4\n\ndata:',
      [message(''), message('\n')],
    ],
    [
      'the space after the colon may be missing',
      'data:test\n\ndata: test\n\n',
      [message('test'), message('test')],
    ],
    ['empty data with an id', 'id: 9\ndata\n\n', [message('', { id: '9' })]],
    ['an id with NUL is ignored', 'id: 1\u00002\ndata: x\n\n', [message('x')]],
    [
      'a retry that is not a number is ignored',
      'retry: 1s\nretry: -1\nretry:\nretry: 1.5\nretry: 10\n\n',
      [{ kind: 'retry', retryMs: 10 }],
    ],
    [
      'a field without a colon, and one that is unknown',
      'data\nnonsense\nfoo: bar\n: c\n\n',
      [{ kind: 'comment', text: 'c' }, message('')],
    ],
    [
      'an empty event name is “message”',
      'event:\ndata: x\n\nevent: a\nevent: b\ndata: y\n\n',
      [message('x'), message('y', { event: 'b' })],
    ],
    ['a name is forgotten with its frame', 'event: a\n\ndata: x\n\n', [message('x')]],
    ['names of fields are not made small', 'Data: x\ndata: y\n\n', [message('y')]],
    ['a bare CR ends a line', 'data: a\rdata: b\r\rdata: c\r\r', [message('a\nb'), message('c')]],
    ['CRLF ends a line', 'data: a\r\ndata: b\r\n\r\n', [message('a\nb')]],
    [
      'a byte order mark at the beginning only',
      '\ufeffdata: a\n\n\ufeffdata: b\n\ndata: \ufeffc\n\n',
      [message('a'), message('\ufeffc')],
    ],
    [
      'what looks like a byte order mark in another encoding is text',
      'ï»¿data: a\n\ndata: b\n\n',
      [message('b')],
    ],
    [
      'U+2028, U+0085 and NUL end no line',
      'data: a\u2028b\u0085c\u0000d\n\n',
      [message('a\u2028b\u0085c\u0000d')],
    ],
  ];
  for (const [name, text, items] of EXAMPLES) {
    it(`P2 ${name}`, async () => {
      assert.deepEqual(await decodeText(text), items);
      assert.deepEqual(await decode(singleBytes(encoder.encode(text))), items);
    });
  }

  it('P2 a frame is delivered with its last byte, also when a line may still become a CRLF', async () => {
    const { body } = streamOf(
      ['data: a\r\n\r', '\ndata: b\r\r', 'data: c\n\n'].map((text) => encoder.encode(text)),
    );
    const batches: (readonly SseItem[])[] = [];
    for await (const batch of decodeSse(body)) batches.push(batch);
    assert.deepEqual(batches, [[message('a')], [message('b')], [message('c')]]);
  });

  it('P3 a frame that the end of the stream cuts off is never delivered, at whatever byte', async () => {
    const whole = encoder.encode('id: 0\ndata: a\n\n');
    const cut = encoder.encode('id: 1\nevent: event\ndata: {"index":1}\n\n');
    for (let end = 0; end < cut.length; end += 1) {
      const items = await decode([whole, cut.subarray(0, end)]);
      assert.deepEqual(items, [message('a', { id: '0' })], `cut at ${end}`);
    }
    assert.equal((await decode([whole, cut])).length, 2);
  });

  it('P4 bytes that are not UTF-8 become replacement characters and nothing is thrown', async () => {
    const bytes = Uint8Array.from([...encoder.encode('data: a'), 0xff, 0xc3, ...encoder.encode('\n\n')]);
    assert.deepEqual(await decode([bytes]), [message('a\ufffd\ufffd')]);
  });

  it('a large chunk is several batches, wherever it is cut', async () => {
    const text = ': ½ of a line that is long enough\r\n\r\ndata: ½\r\n\r\n'.repeat(10_000);
    const counts: number[] = [];
    for await (const batch of decodeSse(streamOf([encoder.encode(text)]).body)) {
      counts.push(batch.filter(({ kind }) => kind === 'message').length);
    }
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      10_000,
    );
    assert.ok(Math.max(...counts) < 2000, `${Math.max(...counts)} messages at once`);
  });

  it('every chunk is one batch, also one that completes nothing', async () => {
    const { body } = streamOf(
      [': a', '\n', 'data: x\n\ndata: y\n\n', 'da'].map((text) => encoder.encode(text)),
    );
    const sizes: number[] = [];
    for await (const batch of decodeSse(body)) sizes.push(batch.length);
    assert.deepEqual(sizes, [0, 1, 2, 0]);
  });

  it('C13 nothing is read before it is asked for, and leaving the loop cancels the stream', async () => {
    const { body, seen } = streamOf(Array.from({ length: 10 }, () => encoder.encode('data: x\n\n')));
    for await (const batch of decodeSse(body)) {
      assert.equal(batch.length, 1);
      assert.equal(seen.pulls, 1);
      break;
    }
    assert.ok(seen.isCancelled);
  });

  it('leaving the loop does not hide the error of a stream that failed', async () => {
    const failure = new Error('reset');
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(failure);
      },
    });
    await assert.rejects(async () => {
      for await (const batch of decodeSse(body)) assert.deepEqual(batch, []);
    }, failure);
  });
});

describe('decodeSse and large frames', () => {
  const CHUNK_BYTES = 64 * 1024;

  /** A frame of about `bytes` bytes in chunks of 64 KiB, which are not kept. */
  function* largeFrame(bytes: number, lineBytes = bytes): Generator<Uint8Array> {
    const filler = new Uint8Array(CHUNK_BYTES).fill(0x61);
    const line = encoder.encode('\ndata: ');
    yield line.subarray(1);
    for (let sent = 0, inLine = 0; sent < bytes; sent += CHUNK_BYTES, inLine += CHUNK_BYTES) {
      if (inLine >= lineBytes) {
        inLine = 0;
        yield line;
      }
      yield filler;
    }
    yield encoder.encode('\n\n');
  }

  /** CPU time instead of elapsed time: other programs run too. */
  async function msToDecode(bytes: number): Promise<number> {
    const start = process.cpuUsage();
    const [item] = await decode(largeFrame(bytes));
    assert.ok(item?.kind === 'message' && item.data.length === bytes);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  }

  it('P5 the time for a frame grows with its size and not faster: 16 and 32 MB in 64 KiB chunks', async () => {
    await msToDecode(2 ** 20);
    const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let round = 0; round < 20; round += 1) {
      best[0] = Math.min(best[0]!, await msToDecode(16_000 * 1024));
      best[1] = Math.min(best[1]!, await msToDecode(32_000 * 1024));
      if (best[1] <= 2.5 * best[0]) return;
    }
    assert.fail(`16 MB took ${best[0]} ms, 32 MB ${best[1]} ms`);
  });

  it('P5 a frame beyond the limit is given up when the limit is reached, not when it ends', async () => {
    const limit = 2 ** 20;
    for (const lineBytes of [2 ** 40, 3 * CHUNK_BYTES]) {
      const { body, seen } = streamOf(largeFrame(2 ** 40, lineBytes));
      await assert.rejects(
        async () => {
          for await (const batch of decodeSse(body, limit)) assert.deepEqual(batch, []);
        },
        (error) => error instanceof GraphRunError && error.code === 'protocol-error',
      );
      assert.ok(seen.pulls <= (2 * limit) / CHUNK_BYTES, `${seen.pulls} chunks were read`);
      assert.ok(seen.isCancelled);
    }
  });

  it('P5 the frames before the one that is too large are delivered', async () => {
    const items: SseItem[] = [];
    const { body } = streamOf([encoder.encode(`data: a\n\ndata: ${'b'.repeat(100)}`)]);
    await assert.rejects(
      async () => {
        for await (const batch of decodeSse(body, 50)) items.push(...batch);
      },
      { code: 'protocol-error' },
    );
    assert.deepEqual(items, [message('a')]);
  });

  it('P5 several small frames may exceed the limit in total', async () => {
    const items = await decode([encoder.encode('data: aaaa\n\n'.repeat(100))], 50);
    assert.equal(items.length, 100);
  });
});

describe('encodeFrame', () => {
  it('S16 S17 what was encoded is decoded as it was, in one frame, whatever text it has', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('a\r\nb\n\ndata: x\n\nid: 9', '\u2028\u2029\u0000', '\ud800', '\ufeff', ':'),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(), text, text, async (index, nodeId, thought) => {
        const frame = encodeFrame(eventFrame({ type: 'thoughtEvent', nodeId, text: thought, index }));
        assert.equal(frame.split('\n').length, 5, 'id, event, data and the empty line');
        const [item, ...others] = await decode(singleBytes(encoder.encode(frame)));
        assert.deepEqual(others, []);
        assert.ok(item?.kind === 'message' && item.id === String(index) && item.event === 'event');
        assert.deepEqual(JSON.parse(item.data), { type: 'thoughtEvent', nodeId, text: thought, index });
      }),
      { numRuns: 300 },
    );
  });
});
