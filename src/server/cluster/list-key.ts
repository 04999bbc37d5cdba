/**
 * The name of a list (a principal's sessions of a graph; `graphId` undefined: of all graphs) in a hint: short, whatever
 * the names are, and without them. Two lists with the same key are only looked at more often.
 */
export function listKeyOf(principal: string, graphId: string | undefined): string {
  // FNV-1a with two seeds: 64 bits are enough, and it needs no platform.
  const text = JSON.stringify([principal, graphId ?? null]);
  return hash(text, 0x81_1c_9d_c5) + hash(text, 0x01_00_01_93);
}

function hash(text: string, seed: number): string {
  let value = seed;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01_00_01_93);
  }
  return (value >>> 0).toString(36);
}
