const BLOCK_BYTES = 64;

/** Returns the first 32 bits of the fractional part of a root of each of the first primes (FIPS 180-4, section 4.2.2). */
function fractionsOfRoots(count: number, root: (prime: number) => number): Uint32Array {
  const words = new Uint32Array(count);
  for (let candidate = 2, found = 0; found < count; candidate += 1) {
    if (!isPrime(candidate)) continue;
    words[found] = (root(candidate) % 1) * 2 ** 32;
    found += 1;
  }
  return words;
}

function isPrime(candidate: number): boolean {
  for (let divisor = 2; divisor * divisor <= candidate; divisor += 1) {
    if (candidate % divisor === 0) return false;
  }
  return true;
}

const ROUND_WORDS = fractionsOfRoots(64, Math.cbrt);
const INITIAL_WORDS = fractionsOfRoots(8, Math.sqrt);

/**
 * Returns the SHA-256 of a text in UTF-8, in hexadecimal. Web Crypto offers it only asynchronously and only in secure
 * contexts; a receiver has to decide synchronously, and also on a page without TLS.
 */
export function sha256(text: string): string {
  const bytes = padded(new TextEncoder().encode(text));
  const view = new DataView(bytes.buffer);
  const hash = INITIAL_WORDS.slice();
  const schedule = new Uint32Array(64);
  for (let offset = 0; offset < bytes.length; offset += BLOCK_BYTES) {
    for (let i = 0; i < 16; i += 1) schedule[i] = view.getUint32(offset + 4 * i);
    addBlock(hash, schedule);
  }
  return Array.from(hash, (word) => word.toString(16).padStart(8, '0')).join('');
}

/** Pads a message to whole blocks: with a one bit, zeros, and its length in bits. */
function padded(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const blocks = Math.ceil((message.length + 9) / BLOCK_BYTES);
  const bytes = new Uint8Array(blocks * BLOCK_BYTES);
  bytes.set(message);
  bytes[message.length] = 0x80;
  new DataView(bytes.buffer).setBigUint64(bytes.length - 8, BigInt(message.length) * 8n);
  return bytes;
}

/** Mixes one block, whose words are the first 16 of the schedule, into the hash (section 6.2.2). */
function addBlock(hash: Uint32Array, schedule: Uint32Array): void {
  const w = (i: number) => schedule[i] ?? 0;
  for (let i = 16; i < 64; i += 1) {
    const s0 = rotated(w(i - 15), 7) ^ rotated(w(i - 15), 18) ^ (w(i - 15) >>> 3);
    const s1 = rotated(w(i - 2), 17) ^ rotated(w(i - 2), 19) ^ (w(i - 2) >>> 10);
    schedule[i] = w(i - 16) + s0 + w(i - 7) + s1;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash;
  for (let i = 0; i < 64; i += 1) {
    const s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const chosen = (e & f) ^ (~e & g);
    const first = (h + s1 + chosen + (ROUND_WORDS[i] ?? 0) + w(i)) | 0;
    const s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + s0 + majority) | 0];
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) hash[i] = (hash[i] ?? 0) + word;
}

function rotated(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}
