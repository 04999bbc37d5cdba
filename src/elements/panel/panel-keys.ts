import { pressedKey } from '../base/pressed-key.js';

/** Command of a key that works anywhere in the panel. */
export type PanelKey =
  | 'next-question'
  | 'inbox'
  | 'search'
  | 'shortcuts'
  | 'look-back'
  | 'step-back'
  | 'step-on'
  | 'event-back'
  | 'event-on'
  | 'undo'
  | 'back';

/** Types of inputs that take no text. */
const WITHOUT_TEXT = new Set([
  'radio',
  'checkbox',
  'button',
  'submit',
  'reset',
  'file',
  'range',
  'color',
  'image',
]);

/** Keys that work without Ctrl, Alt and Command. */
export const PLAIN_KEYS = {
  n: 'next-question',
  i: 'inbox',
  '/': 'search',
  '?': 'shortcuts',
  t: 'look-back',
} as const satisfies Readonly<Record<string, PanelKey>>;

/** Keys that are signs, whatever keys type them: on many layouts AltGraph or Option does. They repeat. */
const SIGN_KEYS = {
  '[': 'step-back',
  ']': 'step-on',
  '{': 'event-back',
  '}': 'event-on',
} as const satisfies Readonly<Record<string, PanelKey>>;

/** Returns the command of a key; undefined if it is typed text or belongs to another element. */
export function panelKeyOf(event: KeyboardEvent): PanelKey | undefined {
  if (event.defaultPrevented) return undefined;
  const sign = signOf(event);
  if (sign !== undefined && !isTyped(event) && !isBetweenFields(event)) return sign;
  if (event.altKey) return undefined;
  const key = pressedKey(event);
  if (key === 'Escape') return 'back';
  const isUndo = (event.ctrlKey || event.metaKey) && key === 'z' && !event.shiftKey;
  // In a field with text, the browser undoes what was typed.
  if (isUndo && isEmptyField(event)) return 'undo';
  if (isTyped(event)) return undefined;
  if (event.ctrlKey || event.metaKey) return isUndo ? 'undo' : undefined;
  if (event.repeat || isBetweenFields(event)) return undefined;
  return Object.hasOwn(PLAIN_KEYS, key) ? PLAIN_KEYS[key as keyof typeof PLAIN_KEYS] : undefined;
}

function signOf(event: KeyboardEvent): PanelKey | undefined {
  // With AltGraph, some systems report Ctrl and Alt as well.
  const isTypedSign = event.getModifierState('AltGraph') || !event.ctrlKey;
  if (event.metaKey || event.isComposing || !isTypedSign) return undefined;
  const key = Object.hasOwn(SIGN_KEYS, event.key) ? event.key : pressedKey(event);
  return Object.hasOwn(SIGN_KEYS, key) ? SIGN_KEYS[key as keyof typeof SIGN_KEYS] : undefined;
}

function isTyped(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !WITHOUT_TEXT.has(target.type);
  return target.isContentEditable || target.matches('textarea, select, [role="textbox"]');
}

function isEmptyField(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return target instanceof HTMLTextAreaElement && target.value === '';
}

/**
 * Returns true on a button or checkbox among the fields of a question: a letter typed there is meant for a
 * field. Choices and send buttons have no text field next to them.
 */
function isBetweenFields(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return target instanceof Element && target.closest('.fields, .variant, .content-input') !== null;
}
