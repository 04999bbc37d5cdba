/**
 * The defaults of the public CSS variables, as the styles of the elements write them: the second argument of
 * `var(--sessions-panel-…, default)`. Private tokens in a default are replaced by the first variable behind them: ours, or
 * that of VS Code.
 *
 * @param {string} styles
 * @returns {ReadonlyMap<string, string>}
 */
export function variableDefaults(styles) {
  const defaults = new Map();
  for (const { index, 0: start } of styles.matchAll(/var\(\s*(?=--sessions-panel-)/g)) {
    const [name = '', ...fallback] = argumentsFrom(styles, index + start.length);
    if (!defaults.has(name) && fallback.length > 0) defaults.set(name, fallback.join(', '));
  }
  const tokens = new Map(
    [
      ...styles.matchAll(
        /(--_[\w-]+):\s*(?:color-mix\([^;(]*)?var\(\s*(--(?:sessions-panel|vscode)-[\w-]+)/g,
      ),
    ].map(([, token, name]) => [token, name]),
  );
  const isPublic = (/** @type {string} */ token) => tokens.get(token) ?? token;
  return new Map([...defaults].map(([name, text]) => [name, text.replaceAll(/--_[\w-]+/g, isPublic)]));
}

/**
 * The arguments of a CSS function, with single spaces.
 *
 * @param {string} css
 * @param {number} start just after its parenthesis
 */
function argumentsFrom(css, start) {
  const parts = [''];
  for (let depth = 0, index = start; index < css.length; index += 1) {
    const letter = css[index] ?? '';
    if (letter === '(') depth += 1;
    if (letter === ')') depth -= 1;
    if (depth < 0) break;
    if (letter === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts.map((part) =>
    part
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/\( | \)/g, (edge) => edge.trim())
      .trim(),
  );
}
