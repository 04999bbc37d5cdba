/** What a key asks of the panel, wherever in it the focus is. */
export type PanelKey = 'next-question' | 'search' | 'shortcuts' | 'undo' | 'back';

/** Inputs that letters are not typed into. */
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

/** The keys without Ctrl, Alt and Command. */
const PLAIN_KEYS: Readonly<Record<string, PanelKey>> = {
  n: 'next-question',
  '/': 'search',
  '?': 'shortcuts',
};

/** What a key asks for; undefined where it is typed as a letter, or belongs to something else. */
export function panelKeyOf(event: KeyboardEvent): PanelKey | undefined {
  if (event.defaultPrevented || event.isComposing || event.altKey) return undefined;
  const { key } = event;
  if (key === 'Escape') return 'back';
  if (isTyped(event)) return undefined;
  if (event.ctrlKey || event.metaKey) return key === 'z' && !event.shiftKey ? 'undo' : undefined;
  if (event.repeat || isBetweenFields(event)) return undefined;
  return Object.hasOwn(PLAIN_KEYS, key) ? PLAIN_KEYS[key] : undefined;
}

function isTyped(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !WITHOUT_TEXT.has(target.type);
  return target.isContentEditable || target.matches('textarea, select, [role="textbox"]');
}

/**
 * True on a button or box among the fields of a question: a letter that is typed there is meant for a
 * field. What is chosen from, and the buttons that send, have nothing to type beside them.
 */
function isBetweenFields(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return target instanceof Element && target.closest('.fields, .variant, .content-input') !== null;
}
