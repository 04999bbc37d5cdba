/** Signs of the keys of a US keyboard that are no letters and no digits, without and with Shift. */
const SIGNS: Readonly<Record<string, readonly [plain: string, shifted: string]>> = {
  Slash: ['/', '?'],
  Backslash: ['\\', '|'],
  Comma: [',', '<'],
  Period: ['.', '>'],
  Semicolon: [';', ':'],
  Quote: ["'", '"'],
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  Minus: ['-', '_'],
  Equal: ['=', '+'],
};

/** A single character that Latin layouts have: ASCII, or a letter such as `é`. */
const LATIN = /^[\x20-\x7e\p{Script=Latin}]$/u;
const LETTER_KEY = /^Key([A-Z])$/;
const DIGIT_KEY = /^Digit([1-9])$/;
/** `keyCode` of a key that an input method takes, also in Safari, where `isComposing` is already false. */
const COMPOSING = 229;

/**
 * Returns the key of a shortcut: as `KeyboardEvent.key`, but where the layout is not Latin, the letter or sign of the
 * same key on a US keyboard; a letter is upper case only with Shift, whatever Caps Lock is. Empty while an input method
 * composes, for dead keys, and with AltGraph, which types signs. All shortcuts of the elements are read with it.
 */
export function pressedKey(event: KeyboardEvent): string {
  const { key, code, shiftKey } = event;
  if (isTyping(event)) return '';
  // A named key, such as `Enter`; a single character may consist of two code units.
  if ([...key].length !== 1) return key;
  if (!LATIN.test(key)) return usKey(code, shiftKey) ?? key;
  return /^[a-z]$/i.test(key) ? withShift(key, shiftKey) : key;
}

/**
 * Returns the digit from 1 to 9 of a key; undefined for other keys. On layouts that type digits with Shift (AZERTY,
 * Czech), the key of the digit counts without Shift as well.
 */
export function pressedDigit(event: KeyboardEvent): number | undefined {
  const { key, code, shiftKey } = event;
  if (isTyping(event)) return undefined;
  if (/^[1-9]$/.test(key)) return Number(key);
  // Shift and the key of a digit type a sign on most layouts, and named keys are those of a number pad.
  if (shiftKey || [...key].length !== 1 || key === '/' || key === '0') return undefined;
  const digit = DIGIT_KEY.exec(code)?.[1];
  return digit === undefined ? undefined : Number(digit);
}

/** True for a key that is part of typing a character: it is no shortcut. */
function isTyping(event: KeyboardEvent): boolean {
  return (
    event.isComposing ||
    event.keyCode === COMPOSING ||
    event.key === 'Dead' ||
    event.getModifierState('AltGraph')
  );
}

function usKey(code: string, shiftKey: boolean): string | undefined {
  const letter = LETTER_KEY.exec(code)?.[1];
  if (letter !== undefined) return withShift(letter, shiftKey);
  return Object.hasOwn(SIGNS, code) ? SIGNS[code]?.[shiftKey ? 1 : 0] : undefined;
}

function withShift(letter: string, shiftKey: boolean): string {
  return shiftKey ? letter.toUpperCase() : letter.toLowerCase();
}
