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

/** True for the key `n`, where nobody types it as a letter: it goes to the next open question. */
export function isNextQuestionKey(event: KeyboardEvent): boolean {
  if (event.key !== 'n' || event.defaultPrevented || event.isComposing || event.repeat) return false;
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const [target] = event.composedPath();
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return WITHOUT_TEXT.has(target.type);
  return !(target.isContentEditable || target.matches('textarea, select, [role="textbox"]'));
}
