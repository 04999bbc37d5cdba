import type { PanelMemory } from './view-memory.js';

const NAME = 'next-question-key';
/** A key that was used this often needs no hint. */
const ENOUGH = 2;

/** True once a person has used the keys that go to the next question often enough to know them. */
export function isNextKeyKnown(memory: PanelMemory): boolean {
  return usesOf(memory) >= ENOUGH;
}

/** Counts a use of one of these keys. */
export function countNextKey(memory: PanelMemory): void {
  const uses = usesOf(memory);
  if (uses < ENOUGH) memory.write(NAME, String(uses + 1));
}

function usesOf(memory: PanelMemory): number {
  return Number(memory.read(NAME) ?? 0) || 0;
}
