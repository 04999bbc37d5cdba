/**
 * Returns a random UUID (RFC 9562, version 4). Like `crypto.randomUUID`, but also in pages that are no secure context
 * (an editor on `http://10.0.0.7`), where that function is missing.
 */
export function uniqueId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  // Version and variant are fixed bits in bytes 6 and 8.
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
