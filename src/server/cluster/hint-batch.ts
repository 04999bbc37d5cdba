import type { WakeHint } from './wake-bus.js';

/** PostgreSQL refuses a payload of 8000 bytes or more. */
const MAX_PAYLOAD_BYTES = 7900;

const encoder = new TextEncoder();

/** What one payload says: who sent it, and its hints; or a text by which the sender recognises its own connection. */
export interface HintPayload {
  readonly sender: string;
  readonly nonce?: string;
  readonly hints: readonly WakeHint[];
}

/** Hints that wait to be sent: of each log and each list only the newest, and every other once. */
export class HintBatch {
  readonly #logs = new Map<string, number>();
  readonly #lists = new Map<string, number>();
  readonly #turns = new Set<string>();
  #isReady = false;

  get isEmpty(): boolean {
    return !this.#isReady && this.#logs.size === 0 && this.#lists.size === 0 && this.#turns.size === 0;
  }

  add(hint: WakeHint): void {
    switch (hint.kind) {
      case 'log':
        raise(this.#logs, hint.sessionId, hint.lastIndex);
        break;
      case 'list':
        raise(this.#lists, hint.listKey, hint.revision);
        break;
      case 'turn':
        this.#turns.add(hint.sessionId);
        break;
      case 'ready':
        this.#isReady = true;
    }
  }

  /** Removes all hints, and returns them as payloads of one sender. */
  take(sender: string): readonly string[] {
    const hints: WakeHint[] = [
      ...(this.#isReady ? [{ kind: 'ready' } as const] : []),
      ...[...this.#logs].map(([sessionId, lastIndex]) => ({ kind: 'log', sessionId, lastIndex }) as const),
      ...[...this.#lists].map(([listKey, revision]) => ({ kind: 'list', listKey, revision }) as const),
      ...[...this.#turns].map((sessionId) => ({ kind: 'turn', sessionId }) as const),
    ];
    this.#turns.clear();
    this.#logs.clear();
    this.#lists.clear();
    this.#isReady = false;
    return encodeHints(sender, hints);
  }
}

function raise(newest: Map<string, number>, key: string, value: number): void {
  newest.set(key, Math.max(value, newest.get(key) ?? value));
}

/** Encodes hints as payloads below the limit of PostgreSQL. A hint that is too large by itself is left out. */
export function encodeHints(sender: string, hints: readonly WakeHint[]): readonly string[] {
  const head = JSON.stringify([sender, null]).length;
  const payloads: string[] = [];
  let items: string[] = [];
  let bytes = head;
  const finish = (): void => {
    if (items.length > 0) payloads.push(`[${JSON.stringify(sender)},null,${items.join(',')}]`);
    items = [];
    bytes = head;
  };
  for (const hint of hints) {
    const item = JSON.stringify(shortOf(hint));
    const itemBytes = encoder.encode(item).byteLength + 1;
    if (head + itemBytes > MAX_PAYLOAD_BYTES) continue;
    if (bytes + itemBytes > MAX_PAYLOAD_BYTES) finish();
    items.push(item);
    bytes += itemBytes;
  }
  finish();
  return payloads;
}

/** Encodes a payload that only its sender needs. */
export function encodeNonce(sender: string, nonce: string): string {
  return JSON.stringify([sender, nonce]);
}

/** Reads a payload; undefined for one that no process of this kind has sent. Hints of an unknown kind are left out. */
export function decodeHints(payload: string): HintPayload | undefined {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    // Anyone who may use the database may notify.
    return undefined;
  }
  if (!Array.isArray(value)) return undefined;
  const [sender, nonce, ...items]: readonly unknown[] = value;
  if (typeof sender !== 'string') return undefined;
  const hints = items.flatMap((item) => hintOf(item) ?? []);
  return { sender, hints, ...(typeof nonce === 'string' ? { nonce } : {}) };
}

function shortOf(hint: WakeHint): readonly (string | number)[] {
  switch (hint.kind) {
    case 'log':
      return ['l', hint.sessionId, hint.lastIndex];
    case 'list':
      return ['r', hint.listKey, hint.revision];
    case 'turn':
      return ['t', hint.sessionId];
    case 'ready':
      return ['y'];
  }
}

function hintOf(item: unknown): WakeHint | undefined {
  if (!Array.isArray(item)) return undefined;
  const [kind, key, value]: readonly unknown[] = item;
  if (kind === 'y') return { kind: 'ready' };
  if (typeof key !== 'string') return undefined;
  if (kind === 't') return { kind: 'turn', sessionId: key };
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return undefined;
  if (kind === 'l') return { kind: 'log', sessionId: key, lastIndex: value };
  return kind === 'r' ? { kind: 'list', listKey: key, revision: value } : undefined;
}
